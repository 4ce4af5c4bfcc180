SELECT ctid FROM orders
