import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** What there is to name, in a fixed order. */
export interface Names {
  readonly functions: readonly string[];
  /** Name and types of the arguments, with a blank between. */
  readonly signatures: readonly string[];
  readonly types: readonly string[];
  readonly operators: readonly string[];
  readonly relations: readonly string[];
  readonly columns: readonly string[];
}

/** How PostgreSQL took a statement. Only what it understood can be judged by what it uses. */
export interface Examination {
  readonly ended: 'ran' | 'failed' | 'not understood' | 'stopped';
  /** What it relies on, such as 'relation retail.orders', 'function pg_catalog.lower'. */
  readonly uses: readonly string[];
  /** Canaries shown, traces left. */
  readonly faults: readonly string[];
  readonly error?: string;
}

/** PGlite blocks its thread while it runs a query, so it has one of its own that can be ended. */
const LONGEST_QUERY_MS = 5_000;

export class Postgres {
  readonly #directory: string;
  #thread: Worker | undefined;
  names: Names = { functions: [], signatures: [], types: [], operators: [], relations: [], columns: [] };

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** `directory`: empty, or files of a migrated database, which will be changed. */
  static async start(directory: string): Promise<Postgres> {
    const postgres = new Postgres(directory);
    await postgres.#running();
    return postgres;
  }

  async examine(sql: string, longestMs = LONGEST_QUERY_MS): Promise<Examination> {
    const thread = await this.#running();
    thread.postMessage(sql);
    try {
      const [examination] = await once(thread, 'message', { signal: AbortSignal.timeout(longestMs) });
      return examination;
    } catch (error) {
      await this.close();
      return { ended: 'stopped', uses: [], faults: [], error: String(error) };
    }
  }

  async close(): Promise<void> {
    await this.#thread?.terminate();
    this.#thread = undefined;
  }

  async #running(): Promise<Worker> {
    if (this.#thread !== undefined) return this.#thread;
    const thread = new Worker(new URL('./postgres-thread.ts', import.meta.url), {
      workerData: this.#directory,
    });
    [this.names] = await once(thread, 'message');
    this.#thread = thread;
    return thread;
  }
}
