/**
 * What a database really grants, as lines of src/data/grants.ts: to Aisle's roles, to its logins (`$1`, an array) and to
 * PUBLIC, on whatever is not PostgreSQL's own, and what PostgreSQL's own objects grant to Aisle's roles. A row a line, in
 * the column `line`. An owner's rights on its own are left out.
 */
export const GRANTED = `
WITH whom AS (
  SELECT oid, rolname::text AS name FROM pg_roles
  WHERE rolname IN ('aisle_owner', 'aisle_loader', 'aisle_verifier', 'aisle_masker', 'aisle_reader', 'aisle_writer',
    'aisle_auditor', 'aisle_audit_reader') OR rolname = ANY ($1::text[])
  UNION ALL SELECT 0, 'PUBLIC'
), own AS (
  SELECT oid, nspname::text AS name FROM pg_namespace WHERE nspname <> 'information_schema' AND nspname !~ '^pg_'
), rights (kind, object, owner, acl, is_own) AS (
  SELECT 'schema', n.nspname::text, n.nspowner, n.nspacl, n.oid IN (SELECT oid FROM own) FROM pg_namespace n
  UNION ALL
  SELECT CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END, n.nspname || '.' || c.relname, c.relowner, c.relacl,
    n.oid IN (SELECT oid FROM own)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  UNION ALL
  SELECT 'column', n.nspname || '.' || c.relname || '.' || a.attname, c.relowner, a.attacl, n.oid IN (SELECT oid FROM own)
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  UNION ALL
  SELECT CASE WHEN e.extname IS NULL THEN 'function' ELSE 'functions' END,
    CASE WHEN e.extname IS NULL THEN n.nspname || '.' || p.proname || '(' || oidvectortypes(p.proargtypes) || ')'
      ELSE 'of extension ' || e.extname END,
    p.proowner, coalesce(p.proacl, acldefault('f', p.proowner)), p.pronamespace IN (SELECT oid FROM own)
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  LEFT JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
  LEFT JOIN pg_extension e ON e.oid = d.refobjid
  UNION ALL
  SELECT 'language', lanname::text, lanowner, coalesce(lanacl, acldefault('l', lanowner)), true FROM pg_language WHERE lanpltrusted
  UNION ALL
  SELECT 'database', datname::text, datdba, coalesce(datacl, acldefault('d', datdba)), true
  FROM pg_database WHERE datname = current_database()
  UNION ALL
  SELECT 'large object', oid::text, lomowner, coalesce(lomacl, acldefault('L', lomowner)), true FROM pg_largeobject_metadata
  UNION ALL
  SELECT 'parameter', parname, 10, paracl, true FROM pg_parameter_acl
  UNION ALL
  -- What Aisle's roles will make: nothing of it is PUBLIC's. Only functions are, unless somebody says otherwise.
  SELECT 'functions made by ' || whom.name, 'in any schema', whom.oid,
    coalesce((SELECT defaclacl FROM pg_default_acl WHERE defaclrole = whom.oid AND defaclnamespace = 0 AND defaclobjtype = 'f'),
      acldefault('f', whom.oid)), true
  FROM whom WHERE name IN ('aisle_owner', 'aisle_verifier')
  UNION ALL
  SELECT 'objects (' || d.defaclobjtype::text || ') made by ' || r.rolname, coalesce('in ' || n.nspname, 'in any schema'), r.oid,
    d.defaclacl, true
  FROM pg_default_acl d JOIN pg_roles r ON r.oid = d.defaclrole LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
  WHERE d.defaclobjtype <> 'f' OR d.defaclnamespace <> 0
)
SELECT whom.name || ' ' || string_agg(DISTINCT a.privilege_type, ',' ORDER BY a.privilege_type) || ' ' || kind || ' ' || object AS line
FROM rights, LATERAL aclexplode(acl) AS a JOIN whom ON whom.oid = a.grantee
WHERE a.grantee <> rights.owner AND (is_own OR a.grantee <> 0)
GROUP BY whom.name, kind, object
UNION ALL
SELECT member.name || ' MEMBER role ' || r.rolname FROM pg_auth_members m
JOIN whom AS member ON member.oid = m.member JOIN pg_roles r ON r.oid = m.roleid
UNION ALL
SELECT whom.name || ' ATTRIBUTE ' || attribute FROM whom JOIN pg_roles r ON r.oid = whom.oid,
  LATERAL (VALUES ('SUPERUSER', rolsuper), ('BYPASSRLS', rolbypassrls), ('CREATEROLE', rolcreaterole),
    ('CREATEDB', rolcreatedb), ('REPLICATION', rolreplication), ('LOGIN', rolcanlogin)) AS has (attribute, present)
WHERE present`;
