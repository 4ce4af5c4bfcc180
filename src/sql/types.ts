import { words } from './functions.ts';

/**
 * The allow-list of types to cast to. Left out: reg* and oid (look up the catalogue), xid, cid, tid, pg_* and the
 * pseudo-types (the server's own), xml, name, record, path and polygon (each point is compared with each), and every user
 * type (a row type or a domain can run functions).
 */
export const TYPES: ReadonlySet<string> = new Set(
  words(`
    bool int2 int4 int8 float4 float8 numeric money
    text varchar bpchar bytea uuid bit varbit
    date time timetz timestamp timestamptz interval
    json jsonb jsonpath tsvector tsquery
    int4range int8range numrange daterange tsrange tstzrange
    int4multirange int8multirange nummultirange datemultirange tsmultirange tstzmultirange
    inet cidr macaddr macaddr8 point line lseg box circle`),
);

/** From extensions: allowed unqualified, or in a schema of the search path. */
export const EXTENSION_TYPES: ReadonlySet<string> = new Set(words('vector halfvec sparsevec citext'));

/** `char(n)` and `bit(n)` pad every value to n: a cast that amplifies. */
export const PADDED_TYPES: ReadonlySet<string> = new Set(words('bpchar bit'));

export const SAMPLING_METHODS: ReadonlySet<string> = new Set(['bernoulli', 'system']);

/** Of the keywords that look like columns, those that tell the time and not the session. */
export const CLOCK_KEYWORDS: ReadonlySet<string> = new Set(
  words(`SVFOP_CURRENT_DATE SVFOP_CURRENT_TIME SVFOP_CURRENT_TIME_N SVFOP_CURRENT_TIMESTAMP
    SVFOP_CURRENT_TIMESTAMP_N SVFOP_LOCALTIME SVFOP_LOCALTIME_N SVFOP_LOCALTIMESTAMP SVFOP_LOCALTIMESTAMP_N`),
);

/** On every table without being its column: physical places and transaction ids, which tell of other rows. */
export const SYSTEM_COLUMNS: ReadonlySet<string> = new Set(words('ctid xmin xmax cmin cmax tableoid'));
