import type { Value } from './database.ts';

/**
 * PostgreSQL's text output -> JSON values that lose nothing (docs/data-types.md).
 * Small integers and floats become numbers; `bigint` a number while JavaScript holds it exactly, else a string;
 * `numeric` always a string; dates and times ISO 8601 strings, timestamps with zone in UTC; json as itself; arrays nested.
 */
export interface TypeReader {
  readonly name: string;
  read(text: string): Value;
}

const asIs = (text: string): Value => text;

function readBigint(text: string): Value {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
}

/** NaN and the infinities have no JSON number: they stay the words that PostgreSQL prints. */
function readFloat(text: string): Value {
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}

/** `2024-05-01 12:30:00+00` -> `2024-05-01T12:30:00Z`; the session's time zone is UTC. */
function readTimestamptz(text: string): Value {
  return text.replace(' ', 'T').replace(/\+00$/, 'Z');
}

function readTimestamp(text: string): Value {
  return text.replace(' ', 'T');
}

/** JSON numbers that JavaScript can't hold exactly become strings, as everywhere else. */
function exactNumber(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' && context?.source !== undefined && String(value) !== context.source
    ? context.source
    : value;
}

/** Deeper than that, what reads and writes JSON by recursion runs out of stack, here or at the client's. */
const DEEPEST_JSON = 500;

function isTooDeep(json: string): boolean {
  if (json.length < DEEPEST_JSON * 2) return false;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < json.length; at += 1) {
    const char = json[at];
    if (inString && char === '\\') at += 1;
    else if (char === '"') inString = !inString;
    else if (inString) continue;
    else if (char === '[' || char === '{') depth += 1;
    else if (char === ']' || char === '}') depth -= 1;
    if (depth > DEEPEST_JSON) return true;
  }
  return false;
}

function readJson(text: string): Value {
  if (isTooDeep(text)) return text;
  return /\d{16}/.test(text) ? JSON.parse(text, exactNumber) : JSON.parse(text);
}

const SCALARS: readonly (readonly [
  oid: number,
  array: number,
  name: string,
  read: (text: string) => Value,
])[] = [
  [16, 1000, 'boolean', (text) => text === 't'],
  [17, 1001, 'bytea', asIs],
  [18, 1002, '"char"', asIs],
  [19, 1003, 'name', asIs],
  [20, 1016, 'bigint', readBigint],
  [21, 1005, 'smallint', Number],
  [23, 1007, 'integer', Number],
  [25, 1009, 'text', asIs],
  [114, 199, 'json', readJson],
  [700, 1021, 'real', readFloat],
  [701, 1022, 'double precision', readFloat],
  [790, 791, 'money', asIs],
  [1042, 1014, 'character', asIs],
  [1043, 1015, 'character varying', asIs],
  [1082, 1182, 'date', asIs],
  [1083, 1183, 'time', asIs],
  [1114, 1115, 'timestamp', readTimestamp],
  [1184, 1185, 'timestamptz', readTimestamptz],
  [1186, 1187, 'interval', asIs],
  [1266, 1270, 'timetz', asIs],
  [1700, 1231, 'numeric', asIs],
  [2950, 2951, 'uuid', asIs],
  [3802, 3807, 'jsonb', readJson],
  [3614, 3643, 'tsvector', asIs],
  [3615, 3645, 'tsquery', asIs],
  [3904, 3905, 'int4range', asIs],
  [3906, 3907, 'numrange', asIs],
  [3908, 3909, 'tsrange', asIs],
  [3910, 3911, 'tstzrange', asIs],
  [3912, 3913, 'daterange', asIs],
  [3926, 3927, 'int8range', asIs],
];

const READERS: ReadonlyMap<number, TypeReader> = new Map(
  SCALARS.flatMap(([oid, array, name, read]): [number, TypeReader][] => [
    [oid, { name, read }],
    [array, { name: `${name}[]`, read: (text) => readArray(text, read) }],
  ]),
);

/** Types without a reader (a record, an extension's type) go out as PostgreSQL prints them. */
export function typeReader(oid: number): TypeReader {
  return READERS.get(oid) ?? { name: 'text', read: asIs };
}

/** Parses the text form of an array, `{1,NULL,"a \"b\""}`, of any depth; explicit bounds (`[0:1]={…}`) are dropped. */
export function readArray(text: string, read: (element: string) => Value): Value[] {
  let at = text.startsWith('[') ? text.indexOf('{') : 0;

  function quoted(): string {
    let element = '';
    for (at += 1; text[at] !== '"'; at += 1) {
      if (text[at] === '\\') at += 1;
      element += text[at];
    }
    at += 1;
    return element;
  }

  function bare(): string {
    const start = at;
    while (text[at] !== ',' && text[at] !== '}') at += 1;
    return text.slice(start, at);
  }

  function list(): Value[] {
    const elements: Value[] = [];
    at += 1;
    while (text[at] !== '}') {
      if (text[at] === ',') at += 1;
      else if (text[at] === '{') elements.push(list());
      else if (text[at] === '"') elements.push(read(quoted()));
      else {
        const element = bare();
        elements.push(element === 'NULL' ? null : read(element));
      }
    }
    at += 1;
    return elements;
  }

  return list();
}
