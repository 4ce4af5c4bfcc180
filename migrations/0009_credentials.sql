-- What callers prove themselves with: identities of a provider's tokens, API keys, and tokens that count no more.
SET LOCAL ROLE aisle_owner;

CREATE TABLE access.identities (
  issuer            text NOT NULL CHECK (char_length(issuer) BETWEEN 1 AND 500),
  external_id       text NOT NULL CHECK (char_length(external_id) BETWEEN 1 AND 300),
  subject_id        uuid NOT NULL REFERENCES access.subjects ON DELETE CASCADE,
  claims_issued_at  bigint,
  created_at        timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (issuer, external_id)
);
CREATE INDEX identities_subject ON access.identities (subject_id);
COMMENT ON TABLE access.identities IS 'Which subject somebody is whom a provider knows: its issuer, and its id there.';
COMMENT ON COLUMN access.identities.claims_issued_at IS
  'Unix seconds at which the token was issued whose claims the grants were last taken from; NULL for an identity that an operator linked, whose grants no token changes.';

ALTER TABLE access.grants ADD COLUMN source text NOT NULL DEFAULT 'operator'
  CHECK (source IN ('operator', 'claims'));
COMMENT ON COLUMN access.grants.source IS 'Who gave it: an operator, or the claims of a token, which also take it away.';

CREATE TABLE access.api_keys (
  prefix        text PRIMARY KEY CHECK (prefix ~ '^[a-z0-9]{8}$'),
  name          text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
  subject_id    uuid NOT NULL REFERENCES access.subjects ON DELETE CASCADE,
  secret_hash   bytea NOT NULL CHECK (length(secret_hash) = 32),
  hash_key_id   text NOT NULL,
  scopes        text[],
  store_id      uuid REFERENCES retail.stores ON DELETE CASCADE,
  created_at    timestamptz NOT NULL DEFAULT now(),
  expires_at    timestamptz,
  last_used_at  timestamptz,
  revoked_at    timestamptz
);
CREATE INDEX api_keys_subject ON access.api_keys (subject_id);
CREATE INDEX api_keys_store ON access.api_keys (store_id);
COMMENT ON TABLE access.api_keys IS 'Keys of machines. The key itself is nowhere: only its HMAC-SHA256 under hash_key_id.';
COMMENT ON COLUMN access.api_keys.scopes IS 'Permissions that the key is confined to; NULL: all that the roles of the subject allow.';
COMMENT ON COLUMN access.api_keys.store_id IS 'The one store that the key is confined to; NULL: all of the subject''s.';

CREATE TABLE access.revocations (
  fingerprint  text PRIMARY KEY CHECK (fingerprint ~ '^[0-9a-f]{64}$'),
  expires_at   timestamptz NOT NULL,
  revoked_at   timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE access.revocations IS 'Tokens that count no more, by a hash of their jti or of what is signed; kept until they expire.';

GRANT SELECT, INSERT, UPDATE, DELETE ON access.identities TO aisle_loader;
GRANT SELECT, INSERT ON access.api_keys TO aisle_loader;

RESET ROLE;
