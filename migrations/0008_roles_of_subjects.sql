-- What a subject may do (src/policy/roles.ts says what each role may); which stores it may do it in are its grants.
SET LOCAL ROLE aisle_owner;

CREATE TABLE access.subject_roles (
  subject_id  uuid NOT NULL REFERENCES access.subjects ON DELETE CASCADE,
  role        text NOT NULL CHECK (role IN ('store_readonly', 'store_user', 'store_manager', 'store_admin',
    'regional_manager', 'super_admin', 'auditor')),
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (subject_id, role)
);
COMMENT ON TABLE access.subject_roles IS 'A subject may do what any of its roles allows; one without roles nothing.';
GRANT SELECT, INSERT, UPDATE, DELETE ON access.subject_roles TO aisle_loader;

-- Whoever was there before roles were goes on with what their stores suggest.
INSERT INTO access.subject_roles (subject_id, role)
SELECT DISTINCT g.subject_id,
  CASE g.scope WHEN 'all' THEN 'super_admin' WHEN 'region' THEN 'regional_manager' ELSE 'store_manager' END
FROM access.grants g;

RESET ROLE;
