import type { Socket } from 'node:net';
import type { Connection, DatabaseError as PgError, Submittable } from 'pg';
import { UnavailableError } from '../kernel/errors.ts';
import { limitBytes } from './byte-limit.ts';
import type { Column, Rows, Value } from './database.ts';
import type { NamedStatement } from './statement-names.ts';
import { type TypeReader, typeReader } from './values.ts';

/** A statement for the extended protocol, values already in PostgreSQL's text form. */
export interface Statement {
  readonly text: string;
  readonly values: readonly (string | null)[];
}

/** How much of a result is taken in. */
interface ResultLimits {
  readonly maxRows: number;
  /** Of all that the database sends for the query; past them the connection is closed. */
  readonly maxBytes: number;
  readonly onTooLarge: () => void;
}

/** What each row of a result looks like. */
export interface ResultShape {
  readonly columns: readonly Column[];
  readonly readers: readonly TypeReader[];
}

export interface GovernedQueryOptions {
  readonly entry: Statement;
  readonly query: Statement;
  readonly limits: ResultLimits;
  /** The name under which the query's text is kept; absent: it is not. */
  readonly named?: NamedStatement | undefined;
  /** Names to forget. */
  readonly dropped?: readonly string[] | undefined;
  /** Ends the transaction by ROLLBACK in place of COMMIT. */
  readonly rollBack?: boolean | undefined;
}

/** The database did not believe the context: there is no answer. */
export class ContextRefusedError extends UnavailableError {
  constructor(cause: unknown) {
    super(
      'The database does not accept what this server signs: its key was taken away, or a clock was set. Try again shortly.',
      { cause },
    );
  }
}

/** What `access.visible_stores()` raises of a context that does not verify. */
const CONTEXT_REFUSED = 'AISLE';

/** Ends the implicit transaction within the same trip; PostgreSQL warns that nobody began one, and rolls back. */
const ROLLBACK: Statement = { text: 'ROLLBACK', values: [] };
/**
 * Back to what the login begins a session with, and no lock held. It is part of the transaction: when that fails, the session
 * is cleaned as a whole.
 */
const CLEAN_UP: readonly Statement[] = ['RESET ALL', 'SELECT pg_catalog.pg_advisory_unlock_all()'].map(
  (text) => ({
    text,
    values: [],
  }),
);

interface Field {
  readonly name: string;
  readonly dataTypeID: number;
}

/** What pg calls on an active query, and what a connection takes; wider than @types/pg tells. */
interface WireConnection extends Connection {
  stream: Socket;
  sendCopyFail(message: string): void;
}

/**
 * A tenant's query in one round trip and one implicit transaction: Parse/Bind/Execute of the entry statement, which binds
 * role, tenant and limits locally, Parse/Bind/Describe/Execute of the query, what cleans up, and a single Sync. When the entry
 * fails, PostgreSQL skips everything up to the Sync, so the query can't run without its walls.
 *
 * Only the extended protocol is used: one statement, whatever its text says. Execute asks for one row more than `maxRows`,
 * so that "there was more" is known without rewriting any SQL. A text that has a name is parsed and planned the first time.
 */
export class GovernedQuery implements Submittable {
  readonly result: Promise<Rows>;
  private readonly options: GovernedQueryOptions;
  private stopCounting = () => {};
  private statementsDone = 0;
  private bound: string | null = null;
  private shape: ResultShape = { columns: [], readers: [] };
  private readonly rows: Value[][] = [];
  private failure: unknown;
  private wasSelect = false;
  private resolve: (rows: Rows) => void = () => {};
  private reject: (reason: unknown) => void = () => {};

  constructor(options: GovernedQueryOptions) {
    this.options = options;
    this.result = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  /**
   * Whether it has left nothing in the session. Only a SELECT that succeeded has not: its settings are reset; cursors,
   * listeners and prepared statements take other statements, and what a failed one did need not all be rolled back.
   */
  get leftNothing(): boolean {
    return this.wasSelect && this.failure === undefined && this.options.rollBack !== true;
  }

  /** The last column of the entry statement, once there is a result. */
  get entryAnswer(): string {
    return this.bound ?? '';
  }

  submit(connection: Connection): void {
    const { entry, query, limits, named, dropped = [], rollBack } = this.options;
    const wire = connection as WireConnection;
    this.stopCounting = limitBytes(wire.stream, limits.maxBytes, limits.onTooLarge);
    wire.stream.cork();
    try {
      for (const name of dropped) wire.close({ type: 'S', name }, true);
      send(wire, entry);
      if (named?.shape === undefined)
        send(wire, query, { name: named?.name, describe: true, rows: limits.maxRows + 1 });
      else {
        this.shape = named.shape;
        run(wire, query, { name: named.name, rows: limits.maxRows + 1 });
      }
      for (const last of rollBack === true ? [ROLLBACK] : CLEAN_UP) send(wire, last);
      wire.sync();
    } finally {
      wire.stream.uncork();
    }
  }

  handleRowDescription(message: { fields: readonly Field[] }): void {
    const readers = message.fields.map((field) => typeReader(field.dataTypeID));
    const columns = message.fields.map(({ name }, index) => ({ name, type: readers[index]?.name ?? 'text' }));
    this.shape = { columns, readers };
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    if (this.statementsDone === 0) {
      this.bound = fields.at(-1) ?? null;
      return;
    }
    if (this.statementsDone > 1 || this.failure !== undefined) return;
    const { readers } = this.shape;
    try {
      this.rows.push(
        fields.map((text, index) => (text === null ? null : (readers[index]?.read(text) ?? text))),
      );
    } catch (error) {
      this.failure = error;
    }
  }

  handleCommandComplete({ text }: { text: string }): void {
    this.statementsDone += 1;
    if (this.statementsDone === 2) this.wasSelect = text.startsWith('SELECT');
  }

  /** More rows than `maxRows`: the extra one is dropped, and the portal closed by what follows. Only rows of a query suspend. */
  handlePortalSuspended(): void {
    this.statementsDone += 1;
    this.wasSelect = true;
  }

  handleEmptyQuery(): void {
    this.statementsDone += 1;
  }

  handleCopyInResponse(connection: WireConnection): void {
    connection.sendCopyFail('COPY is not available');
  }

  handleCopyData(): void {}

  handleError(error: PgError | Error): void {
    this.stopCounting();
    this.failure = 'code' in error && error.code === CONTEXT_REFUSED ? new ContextRefusedError(error) : error;
    this.reject(this.failure);
  }

  handleReadyForQuery(): void {
    this.stopCounting();
    if (this.failure !== undefined) {
      this.reject(this.failure);
      return;
    }
    const { limits, named } = this.options;
    if (named !== undefined && named.name !== '') named.shape = this.shape;
    const truncated = this.rows.length > limits.maxRows;
    if (truncated) this.rows.length = limits.maxRows;
    this.resolve({ columns: this.shape.columns, rows: this.rows, truncated });
  }
}

interface Sending {
  readonly name?: string | undefined;
  readonly describe?: boolean;
  readonly rows?: number;
}

function send(wire: WireConnection, statement: Statement, sending: Sending = {}): void {
  wire.parse({ name: sending.name ?? '', text: statement.text, types: [] }, true);
  run(wire, statement, sending);
}

function run(
  wire: WireConnection,
  { values }: Statement,
  { name = '', describe = false, rows = 0 }: Sending,
): void {
  wire.bind({ portal: '', statement: name, values: [...values] } as never, true);
  if (describe) wire.describe({ type: 'P', name: '' }, true);
  wire.execute({ portal: '', rows: rows as unknown as string }, true);
}
