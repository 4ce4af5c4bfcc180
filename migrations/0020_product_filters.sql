-- Products of a type or of a price are few of all: without these a search reads every product to find out which pass.
SET LOCAL ROLE aisle_owner;
SET LOCAL search_path = retail;

CREATE INDEX idx_products_type ON products (type_id);
CREATE INDEX idx_products_price ON products (unit_price);

RESET ROLE;
