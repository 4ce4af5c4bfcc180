import { GRANTED_TABLES, MASKED_TABLES, SHARED_TABLES, storedTable, TENANT_TABLES } from './tables.ts';

/**
 * Everything that Aisle's roles and PUBLIC may do in a database of Aisle's, besides what an owner may do with its own.
 * One line a right, as src/data/granted.ts reads them out of the catalogues: `who PRIVILEGES kind object`. The migrations
 * grant these; a test and `aisle doctor` find what is missing and what is more.
 */

/** Who migrated decides: only a superuser can take from PUBLIC what PostgreSQL itself gives. */
export interface GrantsContext {
  readonly database: string;
  readonly kind: 'embedded' | 'postgres';
  readonly bySuperuser: boolean;
  /** The logins that queries run as and that append to the audit logs; none on the embedded database. */
  readonly logins?: { readonly aisle_reader: string; readonly aisle_auditor: string };
}

const ALL_ROWS = 'DELETE,INSERT,SELECT,UPDATE';

const tables = (who: string, privileges: string, names: readonly string[]) =>
  names.map((name) => `${who} ${privileges} table ${name}`);
const schemas = (who: string, ...names: readonly string[]) =>
  names.map((name) => `${who} USAGE schema ${name}`);

const MASKED = Object.keys(MASKED_TABLES);
const BEHIND_MASKS = Object.values(MASKED_TABLES);
const AUDIT_LOG_TABLES = ['audit.tool_calls', 'audit.security_audit_log'];
/** What appending to a chain changes of its head. */
const MOVED_OF_HEADS = [
  'after_length',
  'after_mac',
  'after_partition',
  'key_id',
  'length',
  'mac',
  'updated_at',
];
/** Stores are made by operators only. */
const WRITTEN = TENANT_TABLES.filter((table) => table !== 'retail.stores').map(storedTable);

const MASKS = ['mask_email(text)', 'mask_name(text)', 'mask_phone(text)', 'sees_customer_pii()'];
const functions = (who: string, names: readonly string[]) =>
  names.map((name) => `${who} EXECUTE function access.${name}`);

/** The same wherever Aisle runs. */
const EVERYWHERE: readonly string[] = [
  ...schemas('aisle_reader', 'access', 'extensions', 'retail'),
  ...tables('aisle_reader', 'SELECT', GRANTED_TABLES),
  ...functions('aisle_reader', ['visible_stores()', ...MASKS]),

  ...schemas('aisle_writer', 'access', 'extensions', 'private', 'retail'),
  ...tables('aisle_writer', ALL_ROWS, WRITTEN),
  ...tables('aisle_writer', 'SELECT', [...SHARED_TABLES, ...MASKED, 'retail.stores']),
  ...functions('aisle_writer', ['visible_stores()', ...MASKS]),
  'aisle_writer EXECUTE function retail.uuid_v7()',

  ...schemas('aisle_verifier', 'access', 'retail'),
  ...tables('aisle_verifier', 'SELECT', ['access.context_keys', 'access.grants', 'access.subjects']),
  'aisle_verifier SELECT column retail.stores.region_id',
  'aisle_verifier SELECT column retail.stores.store_id',

  // It looks through the view on behalf of readers, whose functions it calls in their name.
  ...tables('aisle_masker', 'SELECT', BEHIND_MASKS),

  ...schemas('aisle_loader', 'access', 'audit', 'extensions', 'private', 'retail'),
  ...tables('aisle_loader', ALL_ROWS, [
    ...GRANTED_TABLES.map(storedTable),
    'access.grants',
    'access.identities',
    'access.subject_roles',
    'access.subjects',
    'retail.embedding_work',
  ]),
  'aisle_loader SELECT table retail.product_texts',
  ...tables('aisle_loader', 'INSERT,SELECT', ['access.api_keys', 'audit.imports', 'audit.seeds']),
  'aisle_loader EXECUTE function retail.refresh_product_search(uuid[])',
  'aisle_loader EXECUTE function retail.restore_line_indexes()',
  'aisle_loader EXECUTE function retail.suspend_line_indexes()',
  'aisle_loader EXECUTE function retail.uuid_v7()',

  ...schemas('aisle_auditor', 'audit'),
  ...tables('aisle_auditor', 'INSERT', AUDIT_LOG_TABLES),
  'aisle_auditor SELECT table audit.chain_heads',
  ...MOVED_OF_HEADS.map((column) => `aisle_auditor UPDATE column audit.chain_heads.${column}`),

  ...schemas('aisle_audit_reader', 'audit'),
  ...tables('aisle_audit_reader', 'SELECT', [
    ...[...AUDIT_LOG_TABLES, 'audit.chain_heads', 'audit.security_data_access_summary'],
    ...['audit.security_failed_auth', 'audit.security_suspicious_access'],
  ]),
];

/** What only a superuser could arrange. */
const BY_SUPERUSER: readonly string[] = [
  'aisle_loader SET parameter session_replication_role',
  'aisle_loader USAGE language plpgsql',
  'aisle_owner USAGE language plpgsql',
  'aisle_verifier USAGE language plpgsql',
];

/** What may be there where no superuser migrated, by what the service's administrator did, or another database's superuser. */
const WITHOUT_SUPERUSER: ReadonlySet<string> = new Set([
  'aisle_loader SET parameter session_replication_role', // parameters belong to the whole cluster
  'aisle_owner USAGE schema extensions', // where the administrator owns it
]);

/** What a database lacks, and what it grants beyond the list. `granted` is what src/data/granted.ts finds. */
export function compareGrants(
  granted: readonly string[],
  context: GrantsContext,
): { readonly missing: readonly string[]; readonly beyond: readonly string[] } {
  const listed = new Set(grantsOf(context));
  const found = new Set(granted);
  return {
    missing: [...listed].filter((line) => !found.has(line)),
    beyond: granted.filter(
      (line) => !listed.has(line) && (context.bySuperuser || !WITHOUT_SUPERUSER.has(line)),
    ),
  };
}

/** The rights that there must be. */
function grantsOf({ database, kind, bySuperuser, logins }: GrantsContext): readonly string[] {
  return [
    ...EVERYWHERE,
    `aisle_reader CONNECT database ${database}`,
    `aisle_writer CONNECT database ${database}`,
    `aisle_auditor CONNECT database ${database}`,
    `aisle_loader TEMPORARY database ${database}`,
    `aisle_owner CREATE database ${database}`,
    'PUBLIC USAGE language sql',
    'PUBLIC EXECUTE functions of extension pg_trgm',
    'PUBLIC EXECUTE functions of extension unaccent',
    'PUBLIC EXECUTE functions of extension vector',
    ...(bySuperuser ? BY_SUPERUSER : ['PUBLIC USAGE language plpgsql']),
    ...(bySuperuser && kind === 'postgres'
      ? [
          'aisle_reader EXECUTE function pg_catalog.set_config(text, text, boolean)',
          'aisle_writer EXECUTE function pg_catalog.set_config(text, text, boolean)',
        ]
      : []),
    ...Object.entries(logins ?? {}).flatMap(([group, login]) => [
      `${login} MEMBER role ${group}`,
      `${login} ATTRIBUTE LOGIN`,
    ]),
  ];
}
