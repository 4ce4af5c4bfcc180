-- A prompt that is got reads what it shows, and is recorded as what it is.
SET LOCAL ROLE aisle_owner;

ALTER TABLE audit.tool_calls DROP CONSTRAINT tool_calls_kind_check,
  ADD CONSTRAINT tool_calls_kind_check CHECK (kind IN ('tool', 'resource', 'prompt', 'completion'));

RESET ROLE;
