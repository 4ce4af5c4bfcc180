import { CATALOGUE_TABLES, TENANT_TABLES } from './tables.ts';

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
  /** The login that queries run as; none on the embedded database. */
  readonly readerLogin?: string;
}

const ALL_ROWS = 'DELETE,INSERT,SELECT,UPDATE';

const tables = (who: string, privileges: string, names: readonly string[]) =>
  names.map((name) => `${who} ${privileges} table ${name}`);
const schemas = (who: string, ...names: readonly string[]) =>
  names.map((name) => `${who} USAGE schema ${name}`);

const READS = [...TENANT_TABLES, ...CATALOGUE_TABLES];
/** Stores are made by operators only. */
const WRITTEN = TENANT_TABLES.filter((table) => table !== 'retail.stores');

/** The same wherever Aisle runs. */
const EVERYWHERE: readonly string[] = [
  ...schemas('aisle_reader', 'access', 'extensions', 'retail'),
  ...tables('aisle_reader', 'SELECT', READS),
  'aisle_reader EXECUTE function access.visible_stores()',

  ...schemas('aisle_writer', 'access', 'extensions', 'retail'),
  ...tables('aisle_writer', ALL_ROWS, WRITTEN),
  ...tables('aisle_writer', 'SELECT', [...CATALOGUE_TABLES, 'retail.stores']),
  'aisle_writer EXECUTE function access.visible_stores()',
  'aisle_writer EXECUTE function retail.uuid_v7()',

  ...schemas('aisle_verifier', 'access', 'retail'),
  ...tables('aisle_verifier', 'SELECT', ['access.context_keys', 'access.grants', 'access.subjects']),
  'aisle_verifier SELECT column retail.stores.region_id',
  'aisle_verifier SELECT column retail.stores.store_id',

  ...schemas('aisle_loader', 'access', 'audit', 'extensions', 'retail'),
  ...tables('aisle_loader', ALL_ROWS, [...READS, 'access.grants', 'access.subject_roles', 'access.subjects']),
  ...tables('aisle_loader', ALL_ROWS, ['access.identities']),
  ...tables('aisle_loader', 'INSERT,SELECT', ['access.api_keys', 'audit.imports', 'audit.seeds']),
  'aisle_loader EXECUTE function retail.restore_line_indexes()',
  'aisle_loader EXECUTE function retail.suspend_line_indexes()',
  'aisle_loader EXECUTE function retail.uuid_v7()',
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
function grantsOf({ database, kind, bySuperuser, readerLogin }: GrantsContext): readonly string[] {
  return [
    ...EVERYWHERE,
    `aisle_reader CONNECT database ${database}`,
    `aisle_writer CONNECT database ${database}`,
    `aisle_loader TEMPORARY database ${database}`,
    `aisle_owner CREATE database ${database}`,
    'PUBLIC USAGE language sql',
    'PUBLIC EXECUTE functions of extension vector',
    ...(bySuperuser ? BY_SUPERUSER : ['PUBLIC USAGE language plpgsql']),
    ...(bySuperuser && kind === 'postgres'
      ? [
          'aisle_reader EXECUTE function pg_catalog.set_config(text, text, boolean)',
          'aisle_writer EXECUTE function pg_catalog.set_config(text, text, boolean)',
        ]
      : []),
    ...(readerLogin === undefined
      ? []
      : [`${readerLogin} MEMBER role aisle_reader`, `${readerLogin} ATTRIBUTE LOGIN`]),
  ];
}
