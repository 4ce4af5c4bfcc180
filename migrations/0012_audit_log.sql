-- What was asked, by whom, and what became of it: one row a call, one row a security event. Both logs are partitioned by
-- month (UTC), so that what is too old goes as a whole; src/data/audit/partitions.ts makes and drops the partitions.
-- Within a partition the records form a chain: `sequence` counts from 1 without gaps and `mac` is the HMAC-SHA256 of the
-- record and of the mac before it, under a key that is not in this database (src/data/audit/chain.ts).
SET LOCAL ROLE aisle_owner;

CREATE TABLE audit.tool_calls (
  id               uuid NOT NULL,
  created_at       timestamptz NOT NULL,
  sequence         bigint NOT NULL,
  mac              bytea NOT NULL,
  key_id           text NOT NULL,
  kind             text NOT NULL CHECK (kind IN ('tool', 'resource', 'completion')),
  tool_name        text NOT NULL,
  arguments        jsonb,
  status           text NOT NULL CHECK (status IN ('begun', 'ok', 'error')),
  decision         text NOT NULL CHECK (decision IN ('allowed', 'denied')),
  error_code       text,
  error            text CHECK (char_length(error) <= 1000),
  subject_id       uuid,
  subject_name     text NOT NULL,
  client           text,
  auth_method      text NOT NULL,
  roles            text[] NOT NULL,
  store_id         uuid,
  sql_fingerprint  text,
  sql_text         text CHECK (char_length(sql_text) <= 2000),
  tables           text[],
  row_count        bigint,
  duration_ms      double precision NOT NULL,
  request_id       text NOT NULL,
  trace_id         text,
  claude_session_id text,
  ip_address       inet,
  user_agent       text,
  -- A batch that is sent again because nobody knows whether its commit arrived is refused by this key as a whole.
  PRIMARY KEY (created_at, id)
) PARTITION BY RANGE (created_at);
COMMENT ON TABLE audit.tool_calls IS 'Calls of tools, reads of resources, completions: who, what, the decision, the outcome.';
COMMENT ON COLUMN audit.tool_calls.status IS 'begun: a tool that writes is about to run; its outcome is another row of the same request_id.';
COMMENT ON COLUMN audit.tool_calls.store_id IS 'The one store that the caller confined itself to; NULL: all that its grants give.';
COMMENT ON COLUMN audit.tool_calls.sql_text IS 'Literals replaced by $1, $2 …, comments left out.';
-- (tool_name) alone and (created_at) alone are the beginnings of these and of the key.
CREATE INDEX idx_tool_calls_tool ON audit.tool_calls (tool_name, created_at);
CREATE INDEX idx_tool_calls_subject ON audit.tool_calls (subject_id, created_at);
CREATE INDEX idx_tool_calls_request ON audit.tool_calls (request_id);

CREATE TABLE audit.security_audit_log (
  id              uuid NOT NULL,
  created_at      timestamptz NOT NULL,
  sequence        bigint NOT NULL,
  mac             bytea NOT NULL,
  key_id          text NOT NULL,
  event_type      text NOT NULL,
  action          text NOT NULL,
  success         boolean NOT NULL,
  severity        text NOT NULL CHECK (severity IN ('DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL')),
  failure_reason  text,
  user_id         uuid,
  user_name       text,
  store_id        uuid,
  resource_type   text,
  resource_id     text,
  details         jsonb,
  request_id      text,
  session_id      text,
  trace_id        text,
  ip_address      inet,
  user_agent      text,
  PRIMARY KEY (created_at, id)
) PARTITION BY RANGE (created_at);
COMMENT ON TABLE audit.security_audit_log IS 'What security cares about and that is no call: logins refused, rights and keys changed, anomalies.';
CREATE INDEX idx_security_audit_log_event_type ON audit.security_audit_log (event_type);
CREATE INDEX idx_security_audit_log_user_name ON audit.security_audit_log (user_name);
CREATE INDEX idx_security_audit_log_store_id ON audit.security_audit_log (store_id);
CREATE INDEX idx_security_audit_log_created_at ON audit.security_audit_log (created_at);
CREATE INDEX idx_security_audit_log_success ON audit.security_audit_log (success);
CREATE INDEX idx_security_audit_log_severity ON audit.security_audit_log (severity);
CREATE INDEX idx_security_audit_log_details ON audit.security_audit_log USING gin (details);

-- Where each chain ends. Locked by whoever appends, so that several servers share one chain.
CREATE TABLE audit.chain_heads (
  partition   text PRIMARY KEY,
  log         text NOT NULL CHECK (log IN ('tool_calls', 'security_audit_log')),
  month       date NOT NULL,
  length      bigint NOT NULL DEFAULT 0,
  mac         bytea NOT NULL DEFAULT '\x0000000000000000000000000000000000000000000000000000000000000000' CHECK (length(mac) = 32),
  key_id      text,
  updated_at  timestamptz NOT NULL DEFAULT now(),
  UNIQUE (log, month)
);
COMMENT ON TABLE audit.chain_heads IS 'Length and last mac of each partition''s chain: tells when records at the end are gone.';

-- A belt to the braces of the grants: even the owner changes a record only by saying so first (DISABLE TRIGGER).
CREATE FUNCTION audit.refuse_change() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RAISE EXCEPTION 'audit records are never changed: % on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
-- Of a partitioned table: row triggers are cloned to each partition, statement triggers are not (the partitions get theirs
-- when they are made).
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON audit.tool_calls FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON audit.security_audit_log FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON audit.tool_calls EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON audit.security_audit_log EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON audit.chain_heads EXECUTE FUNCTION audit.refuse_change();

-- Refused logins of the last 24 hours, where there were three or more from one address or for one name.
CREATE VIEW audit.security_failed_auth WITH (security_invoker = true, security_barrier = true) AS
SELECT ip_address, user_name, count(*) AS failures, min(created_at) AS first_at, max(created_at) AS last_at,
  array_agg(DISTINCT failure_reason) AS reasons
FROM audit.security_audit_log
WHERE event_type = 'authentication_failed' AND created_at > now() - interval '24 hours'
GROUP BY ip_address, user_name
HAVING count(*) >= 3;

-- Who was seen within an hour at more than three addresses, or in more than two stores that they confined themselves to.
CREATE VIEW audit.security_suspicious_access WITH (security_invoker = true, security_barrier = true) AS
SELECT subject_id, max(subject_name) AS subject_name, count(*) AS calls,
  count(DISTINCT ip_address) AS addresses, count(DISTINCT store_id) AS stores, min(created_at) AS first_at, max(created_at) AS last_at
FROM audit.tool_calls
WHERE created_at > now() - interval '1 hour'
GROUP BY subject_id
HAVING count(DISTINCT ip_address) > 3 OR count(DISTINCT store_id) > 2;

CREATE VIEW audit.security_data_access_summary WITH (security_invoker = true, security_barrier = true) AS
SELECT date_trunc('hour', created_at) AS hour, subject_id, max(subject_name) AS subject_name, tool_name, count(*) AS calls,
  count(*) FILTER (WHERE decision = 'denied') AS denied, count(*) FILTER (WHERE status = 'error') AS failed,
  sum(row_count) AS rows, round(avg(duration_ms)::numeric, 3) AS mean_ms
FROM audit.tool_calls
WHERE created_at > now() - interval '24 hours' AND status <> 'begun'
GROUP BY 1, subject_id, tool_name;

GRANT USAGE ON SCHEMA audit TO aisle_auditor, aisle_audit_reader;
GRANT INSERT ON audit.tool_calls, audit.security_audit_log TO aisle_auditor;
GRANT SELECT, UPDATE ON audit.chain_heads TO aisle_auditor;
GRANT SELECT ON audit.tool_calls, audit.security_audit_log, audit.chain_heads, audit.security_failed_auth,
  audit.security_suspicious_access, audit.security_data_access_summary TO aisle_audit_reader;

RESET ROLE;
DO $$
BEGIN
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO aisle_auditor', current_database());
END
$$;
