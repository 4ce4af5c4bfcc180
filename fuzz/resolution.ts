import { READABLE_TABLES } from '../src/data/tables.ts';
import { CORE_FUNCTIONS, EXTENSION_FUNCTIONS } from '../src/sql/functions.ts';
import { EXTENSION_OPERATORS, OPERATORS } from '../src/sql/operators.ts';
import { EXTENSION_TYPES, TYPES } from '../src/sql/types.ts';

/** What PostgreSQL's numbers mean: 'schema.name' by oid. */
export interface Catalogue {
  readonly relations: ReadonlyMap<number, string>;
  readonly functions: ReadonlyMap<number, string>;
  readonly operators: ReadonlyMap<number, string>;
  readonly types: ReadonlyMap<number, string>;
  /** Functions that implement a cast. */
  readonly casts: ReadonlySet<number>;
}

const NODE = /\{([A-Z_]+)/g;
const RELATION = /:(?:relid|resorigtbl) (\d+)/g;
const CALL = /:funcid (\d+) :funcresulttype \d+ :funcretset \w+ :funcvariadic \w+ :funcformat (\d)/g;
const AGGREGATE = /:(?:aggfnoid|winfnoid) (\d+)/g;
const OPERATOR = /:(?:opno|opnos|eqop|sortop) (\d+|\(o[ \d]*\))/g;
/** What stands behind operators, frames and samples: not named in the text. */
const SUPPORT = /:(?:opfuncid|startInRangeFunc|endInRangeFunc|tsmhandler) (\d+)/g;
const TYPE = /:\w*typ(?:e|id|es) (\d+|\(o[ \d]*\))/g;
const SYSTEM_COLUMN = /\{VAR :varno \d+ :varattno (-\d+)/g;
const SESSION_KEYWORD = /\{SQLVALUEFUNCTION :op (9|\d\d)/g;
const OTHER_COMMAND =
  /:commandType [^1]|:hasModifyingCTE true|:hasForUpdate true|\{TABLEFUNC :functype 0|\{PARAM :paramkind [^2]/g;
/** A node's kind of call, coerce_ca…: 1 and 2 are casts, 0 and 3 calls in their own or in SQL's notation. */
const CASTS: ReadonlySet<string> = new Set(['1', '2']);
/** Smaller numbers after a name in …type are enumerations. */
const FIRST_TYPE = 16;

function numbers(text: string): number[] {
  return [...text.matchAll(/\d+/g)].map(Number).filter((oid) => oid !== 0);
}

/** Everything that an analysed statement (PostgreSQL's node tree as text) relies on, such as 'relation retail.orders'. */
export function usesOf(tree: string, catalogue: Catalogue): string[] {
  const uses = new Set<string>();
  const add = (kind: string, names: ReadonlyMap<number, string>, oids: readonly number[]) => {
    for (const oid of oids) uses.add(`${kind} ${names.get(oid) ?? `number ${oid}`}`);
  };
  const { relations, functions, operators, types, casts } = catalogue;
  for (const [, name] of tree.matchAll(NODE)) uses.add(`node ${name}`);
  for (const [, oid = ''] of tree.matchAll(RELATION)) add('relation', relations, numbers(oid));
  for (const [, oid = '', format = ''] of tree.matchAll(CALL)) {
    const isCast = CASTS.has(format) && casts.has(Number(oid));
    add(isCast ? 'cast' : 'function', functions, numbers(oid));
  }
  for (const [, oid = ''] of tree.matchAll(AGGREGATE)) add('function', functions, numbers(oid));
  for (const [, oids = ''] of tree.matchAll(OPERATOR)) add('operator', operators, numbers(oids));
  for (const [, oid = ''] of tree.matchAll(SUPPORT)) add('support', functions, numbers(oid));
  for (const [, oids = ''] of tree.matchAll(TYPE)) {
    const named = numbers(oids).filter((oid) => oid >= FIRST_TYPE);
    add('type', types, named);
  }
  for (const [, number] of tree.matchAll(SYSTEM_COLUMN)) uses.add(`system column ${number}`);
  for (const [, number] of tree.matchAll(SESSION_KEYWORD)) uses.add(`session keyword ${number}`);
  for (const [text] of tree.matchAll(OTHER_COMMAND)) uses.add(`command ${text}`);
  return [...uses];
}

const words = (text: string) => text.trim().split(/\s+/);

/** Of an analysed SELECT. Not here: XMLEXPR, NEXTVALUEEXPR, CURRENTOFEXPR, SETTODEFAULT, MERGESUPPORTFUNC, ROWMARKCLAUSE … */
const NODES =
  words(`QUERY RANGETBLENTRY ALIAS RTEPERMISSIONINFO FROMEXPR TARGETENTRY RANGETBLREF VAR CONST OPEXPR FUNCEXPR
  AGGREF WINDOWFUNC WINDOWCLAUSE GROUPINGFUNC GROUPINGSET SORTGROUPCLAUSE JOINEXPR SETOPERATIONSTMT COMMONTABLEEXPR
  CTESEARCHCLAUSE CTECYCLECLAUSE SUBLINK PARAM TABLESAMPLECLAUSE RANGETBLFUNCTION TABLEFUNC BOOLEXPR NULLTEST BOOLEANTEST
  CASEEXPR CASEWHEN CASETESTEXPR COALESCEEXPR NULLIFEXPR MINMAXEXPR DISTINCTEXPR COLLATEEXPR ROWEXPR ROWCOMPAREEXPR
  ARRAYEXPR SCALARARRAYOPEXPR SUBSCRIPTINGREF FIELDSELECT NAMEDARGEXPR COERCEVIAIO ARRAYCOERCEEXPR RELABELTYPE
  CONVERTROWTYPEEXPR SQLVALUEFUNCTION JSONEXPR JSONFORMAT JSONRETURNING JSONBEHAVIOR JSONTABLEPATH JSONTABLEPATHSCAN
  JSONTABLESIBLINGJOIN JSONCONSTRUCTOREXPR JSONVALUEEXPR JSONISPREDICATE`);

/** What literals become in text search: setweight(…, 'A'), to_tsvector('english', …), unaccent('unaccent', …). */
const TEXT_SEARCH_TYPES = words('char regconfig regdictionary');
const BUILT_IN_TYPES = [...TYPES, ...TEXT_SEARCH_TYPES, 'record', 'unknown'];
const plainTypes = BUILT_IN_TYPES.flatMap((name) => [`pg_catalog.${name}`, `pg_catalog._${name}`]);
const extensionTypes = [...EXTENSION_TYPES].flatMap((name) => [`extensions.${name}`, `extensions._${name}`]);

const named = (kind: string, names: Iterable<string>) => [...names].map((name) => `${kind} ${name}`);
const within = (schema: string, names: Iterable<string>) => [...names].map((name) => `${schema}.${name}`);

const ALLOWED: ReadonlySet<string> = new Set([
  ...named('node', NODES),
  ...named('relation', READABLE_TABLES),
  // The types of a row of it and of an array of rows.
  ...named('type', [...READABLE_TABLES, ...READABLE_TABLES.map((name) => name.replace('.', '._'))]),
  // JSON(bytea) and RETURNING bytea, which name an encoding.
  ...named('function', ['pg_catalog.convert_from', 'pg_catalog.convert_to']),
  'type pg_catalog.name',
  ...named('type', [...plainTypes, ...extensionTypes]),
  ...named('function', within('pg_catalog', CORE_FUNCTIONS)),
  // citext brings its own min, replace and others, which PostgreSQL prefers on its type.
  ...named('function', within('extensions', [...CORE_FUNCTIONS, ...EXTENSION_FUNCTIONS])),
  ...named('operator', [
    ...within('pg_catalog', OPERATORS),
    ...within('extensions', [...OPERATORS, ...EXTENSION_OPERATORS]),
  ]),
]);
/** Made by the server's administrator, called by PostgreSQL itself on behalf of what is allowed. */
const OF_THE_SERVER = /^(cast|support) (pg_catalog|extensions)\./;

export function isAllowed(use: string): boolean {
  return ALLOWED.has(use) || OF_THE_SERVER.test(use);
}
