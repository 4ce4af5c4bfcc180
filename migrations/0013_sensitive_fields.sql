-- What is too delicate to lie open in tables, backups and the answers to model SQL is stored encrypted, each value bound to
-- its row (src/data/sensitive-fields.ts). The checks keep plain text out, whoever writes.
SET LOCAL ROLE aisle_owner;

ALTER TABLE retail.payments
  ADD COLUMN reference text,
  ADD CONSTRAINT payments_reference_encrypted
    CHECK (reference LIKE 'enc:v1:%' AND octet_length(reference) <= 1200);
COMMENT ON COLUMN retail.payments.reference IS 'The payment provider''s own number of the payment; NULL when there is none. Encrypted: it can''t be read, searched or compared by a query.';

ALTER TABLE retail.support_tickets
  DROP CONSTRAINT support_tickets_body_check,
  ADD CONSTRAINT support_tickets_body_encrypted
    CHECK (body = '' OR (body LIKE 'enc:v1:%' AND octet_length(body) <= 60000)) NOT VALID;
COMMENT ON COLUMN retail.support_tickets.body IS 'The customer''s letter. Encrypted: it can''t be read, searched or compared by a query; subject can.';

-- Letters of before are in plain text until "aisle secrets rotate" has encrypted them, which SQL can't.
DO $$
BEGIN
  ALTER TABLE retail.support_tickets VALIDATE CONSTRAINT support_tickets_body_encrypted;
EXCEPTION WHEN check_violation THEN
  RAISE NOTICE 'support tickets are in plain text until "aisle secrets rotate" has run';
END
$$;

RESET ROLE;
