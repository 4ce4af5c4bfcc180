/** The WebAssembly module inside libpg-query; see `parser.ts` for why it is used without the package's wrapper. */
declare module 'libpg-query/wasm/libpg-query.js' {
  export interface ParserModule {
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    _wasm_parse_query_raw(sql: number): number;
    _wasm_free_parse_result(result: number): void;
    _wasm_fingerprint(sql: number): number;
    _wasm_free_string(text: number): void;
    /** The memory, as bytes and as words. */
    readonly HEAPU8: Uint8Array;
    readonly HEAPU32: Uint32Array;
  }
  export default function createParserModule(): Promise<ParserModule>;
}
