TABLE retail.stores
