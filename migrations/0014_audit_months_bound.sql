-- A chain says where the one of the month before stood when it began (src/data/audit/chain.ts): a month that is cut off
-- together with its head is found by the next. Chains that have begun already stay as they are. And of a head whoever
-- appends may move only what moves, and only forward.
SET LOCAL ROLE aisle_owner;

ALTER TABLE audit.chain_heads
  ADD COLUMN after_partition text,
  ADD COLUMN after_length bigint,
  ADD COLUMN after_mac bytea,
  ADD CONSTRAINT chain_heads_after CHECK (num_nonnulls(after_partition, after_length, after_mac) IN (0, 3));
COMMENT ON COLUMN audit.chain_heads.after_partition IS 'The month before in the same log, with length and mac that it had when this one began. NULL: there was none, or it began unbound.';

REVOKE UPDATE ON audit.chain_heads FROM aisle_auditor;
GRANT UPDATE (length, mac, key_id, updated_at, after_partition, after_length, after_mac) ON audit.chain_heads TO aisle_auditor;

CREATE FUNCTION audit.refuse_rewind() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF NEW.length < OLD.length
    OR (NEW.length = OLD.length AND NEW.mac <> OLD.mac)
    OR (NEW.partition, NEW.log, NEW.month) IS DISTINCT FROM (OLD.partition, OLD.log, OLD.month)
    OR (OLD.length > 0 AND (NEW.after_partition, NEW.after_length, NEW.after_mac)
      IS DISTINCT FROM (OLD.after_partition, OLD.after_length, OLD.after_mac))
  THEN
    RAISE EXCEPTION 'the head of an audit chain moves forward only: %', OLD.partition USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER refuse_rewind BEFORE UPDATE ON audit.chain_heads FOR EACH ROW EXECUTE FUNCTION audit.refuse_rewind();

RESET ROLE;
