import createParserModule, { type ParserModule } from 'libpg-query/wasm/libpg-query.js';
import type { AstNode } from './ast.ts';
import { Refusal } from './refusal.ts';

/**
 * PostgreSQL's own parser in WebAssembly. The package's wrapper holds one instance for the life of the process, and
 * that instance can break: after some fifty stack overflows (each a trap that leaves PostgreSQL's error handling and
 * its stack pointer where they were) it answers "memory access out of bounds" to statements it parsed before. A guard
 * must not judge by a parser in an unknown state, so here a trap discards the instance and another one is made.
 */
export interface Parser {
  /** The parse tree of a syntactically correct text. Throws `Refusal`. */
  parse(sql: string): AstNode;
  /** What all texts share that differ in literals, spacing and comments only: 16 hex digits. Throws `Refusal`. */
  fingerprint(sql: string): string;
  /** Resolves when the parser can be used: at once, unless an instance has just been discarded. */
  ready(): Promise<void>;
}

/** An error's cursor counts code points from 1; 0 means that the error has no place. */
function positionOf(sql: string, cursor: number): number | undefined {
  if (cursor <= 0) return undefined;
  let units = 0;
  let left = cursor - 1;
  for (const char of sql) {
    if (left-- === 0) break;
    units += char.length;
  }
  return units;
}

/*
 * The module's own stringToUTF8 and UTF8ToString go through memory byte by byte in JavaScript; Node's natives don't.
 * HEAPU8 is another array after each growth of the memory, so it is asked for anew each time.
 */
const encoder = new TextEncoder();

function withText<T>(module: ParserModule, sql: string, use: (pointer: number) => T): T {
  const bytes = Buffer.byteLength(sql);
  const pointer = module._malloc(bytes + 1);
  encoder.encodeInto(sql, module.HEAPU8.subarray(pointer, pointer + bytes));
  module.HEAPU8[pointer + bytes] = 0;
  const result = use(pointer);
  module._free(pointer);
  return result;
}

function textAt(module: ParserModule, pointer: number): string {
  const memory = Buffer.from(module.HEAPU8.buffer);
  return memory.toString('utf8', pointer, memory.indexOf(0, pointer));
}

function pointerAt(module: ParserModule, pointer: number): number {
  return module.HEAPU32[pointer >> 2] ?? 0;
}

/** PgQueryParseResult: the tree as JSON, what went to stderr, the error (pointers). */
function parseWith(module: ParserModule, sql: string): string | Refusal {
  return withText(module, sql, (pointer) => {
    const result = module._wasm_parse_query_raw(pointer);
    const [tree, error] = [pointerAt(module, result), pointerAt(module, result + 8)];
    const answer = error === 0 ? textAt(module, tree) : syntaxRefusal(module, sql, error);
    module._wasm_free_parse_result(result);
    return answer;
  });
}

/** PgQueryError: message, function, file (pointers), line, cursor (numbers). */
function syntaxRefusal(module: ParserModule, sql: string, error: number): Refusal {
  const message = textAt(module, pointerAt(module, error));
  return new Refusal('SQL_SYNTAX', `${message}.`, positionOf(sql, pointerAt(module, error + 16)));
}

function fingerprintWith(module: ParserModule, sql: string): string {
  return withText(module, sql, (pointer) => {
    const text = module._wasm_fingerprint(pointer);
    const fingerprint = textAt(module, text);
    module._wasm_free_string(text);
    return fingerprint;
  });
}

export async function createParser(): Promise<Parser> {
  let instance: ParserModule | undefined = await createParserModule();
  let starting: Promise<void> = Promise.resolve();

  function run<T>(use: (module: ParserModule) => T): T {
    if (instance === undefined) {
      throw new Refusal('SQL_PARSER_UNAVAILABLE', 'The SQL parser is starting again; try in a moment.');
    }
    try {
      return use(instance);
    } catch {
      instance = undefined;
      starting = createParserModule().then((fresh) => {
        instance = fresh;
      });
      throw new Refusal(
        'SQL_TOO_COMPLEX',
        'The statement is more than the SQL parser can take; simplify it.',
      );
    }
  }

  return {
    parse(sql) {
      const answer = run((module) => parseWith(module, sql));
      if (answer instanceof Refusal) throw answer;
      return JSON.parse(answer);
    },
    fingerprint(sql) {
      const answer = run((module) => fingerprintWith(module, sql));
      if (!/^[0-9a-f]{16}$/.test(answer))
        throw new Refusal('SQL_SYNTAX', 'The statement has no fingerprint.');
      return answer;
    },
    ready: () => starting,
  };
}
