-- The database wall: who may touch which table, and which rows of it. The list of what readers may read is also the
-- guard's list (src/data/tables.ts); a test compares the two.
SET LOCAL ROLE aisle_owner;
SET LOCAL search_path = retail;

GRANT SELECT ON regions, categories, product_types, products, product_description_embeddings
  TO aisle_reader, aisle_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON regions, categories, product_types, products, product_description_embeddings
  TO aisle_loader;

DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['stores', 'customers', 'orders', 'order_items', 'inventory', 'support_tickets', 'payments'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    -- The scalar sub-select makes it an InitPlan: verified once a statement, not once a row.
    EXECUTE format($policy$CREATE POLICY tenant_reads ON %I FOR SELECT TO aisle_reader, aisle_writer
      USING (store_id = ANY ((SELECT access.visible_stores())::uuid[]))$policy$, tenant_table);
    EXECUTE format('CREATE POLICY loader_loads ON %I FOR ALL TO aisle_loader USING (true) WITH CHECK (true)', tenant_table);
    EXECUTE format('GRANT SELECT ON %I TO aisle_reader, aisle_writer', tenant_table);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO aisle_loader', tenant_table);
  END LOOP;
  -- What the domain tools write. Stores are made by operators only.
  FOREACH tenant_table IN ARRAY ARRAY['customers', 'orders', 'order_items', 'inventory', 'support_tickets', 'payments'] LOOP
    EXECUTE format($policy$CREATE POLICY tenant_inserts ON %I FOR INSERT TO aisle_writer
      WITH CHECK (store_id = ANY ((SELECT access.visible_stores())::uuid[]))$policy$, tenant_table);
    EXECUTE format($policy$CREATE POLICY tenant_updates ON %I FOR UPDATE TO aisle_writer
      USING (store_id = ANY ((SELECT access.visible_stores())::uuid[]))
      WITH CHECK (store_id = ANY ((SELECT access.visible_stores())::uuid[]))$policy$, tenant_table);
    EXECUTE format($policy$CREATE POLICY tenant_deletes ON %I FOR DELETE TO aisle_writer
      USING (store_id = ANY ((SELECT access.visible_stores())::uuid[]))$policy$, tenant_table);
    EXECUTE format('GRANT INSERT, UPDATE, DELETE ON %I TO aisle_writer', tenant_table);
  END LOOP;
END
$$;

CREATE POLICY verifier_resolves ON stores FOR SELECT TO aisle_verifier USING (true);

RESET ROLE;
