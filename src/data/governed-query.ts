import type { Socket } from 'node:net';
import type { Connection, DatabaseError as PgError, Submittable } from 'pg';
import { serialize } from 'pg-protocol';
import { UnavailableError } from '../kernel/errors.ts';
import { limitBytes } from './byte-limit.ts';
import type { Column, Rows, Value } from './database.ts';
import type { NamedStatement, StatementNames } from './statement-names.ts';
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

/** What a query asks and tells of its session when its turn comes: until then others run in it. */
export interface SessionTurn {
  /** The texts that are kept parsed and planned; undefined where none may be kept or looked for. Asked as the query is sent. */
  names(): StatementNames | undefined;
  /** The query has ended; told before the connection's next one is sent. */
  ended(leftNothing: boolean): void;
}

export interface GovernedQueryOptions {
  readonly entry: Statement;
  readonly query: Statement;
  /** What leaves the session as it was; in the same transaction: when that fails, the session is cleaned as a whole. */
  readonly cleanUp: readonly Statement[];
  readonly limits: ResultLimits;
  /** Absent where nothing is kept and nobody cleans. */
  readonly turn?: SessionTurn;
  /** Whether the text of the query may be kept. */
  readonly isTimeless?: boolean | undefined;
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

/** What nobody reads. */
const NO_SHAPE: ResultShape = { columns: [], readers: [] };

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
  private named: NamedStatement | undefined;
  private shape = NO_SHAPE;
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

  /** The last column of the entry statement, once there is a result. */
  get entryAnswer(): string {
    return this.bound ?? '';
  }

  submit(connection: Connection): void {
    const { entry, query, cleanUp, limits, turn, isTimeless, rollBack } = this.options;
    const { stream } = connection as WireConnection;
    this.stopCounting = limitBytes(stream, limits.maxBytes, limits.onTooLarge);
    const names = turn?.names();
    const sent = (statement: Statement, named: NamedStatement | undefined, sending?: Sending) => {
      const messages = messagesOf(statement, named, sending);
      // If this fails nobody asks for the name again: the session is dirty from then on.
      if (named !== undefined) named.shape ??= NO_SHAPE;
      return messages;
    };
    const own = (statement: Statement) => sent(statement, names?.ownStatement(statement.text));
    this.named = isTimeless === true ? names?.statement(query.text) : undefined;
    this.shape = this.named?.shape ?? NO_SHAPE;
    const describe = this.named?.shape === undefined;
    const last = rollBack === true ? [ROLLBACK] : cleanUp;
    // One buffer: the driver would write the dozen messages one by one.
    const messages = [
      ...(names?.takeDropped() ?? []).map((name) => serialize.close({ type: 'S', name })),
      ...own(entry),
      ...sent(query, this.named, { describe, rows: limits.maxRows + 1 }),
      ...last.flatMap(own),
      serialize.sync(),
    ];
    stream.write(Buffer.concat(messages));
  }

  handleRowDescription(message: { fields: readonly Field[] }): void {
    const readers = message.fields.map((field) => typeReader(field.dataTypeID));
    const columns = message.fields.map(({ name }, index) => ({ name, type: readers[index]?.name ?? 'text' }));
    this.shape = { columns, readers };
    if (this.named !== undefined) this.named.shape = this.shape;
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
    this.failure = 'code' in error && error.code === CONTEXT_REFUSED ? new ContextRefusedError(error) : error;
    this.end();
    this.reject(this.failure);
  }

  handleReadyForQuery(): void {
    this.end();
    if (this.failure !== undefined) {
      this.reject(this.failure);
      return;
    }
    const { maxRows } = this.options.limits;
    const truncated = this.rows.length > maxRows;
    if (truncated) this.rows.length = maxRows;
    this.resolve({ columns: this.shape.columns, rows: this.rows, truncated });
  }

  /**
   * Only a SELECT that succeeded has left nothing in the session: its settings are reset; cursors, listeners and prepared
   * statements take other statements, and what a failed one did need not all be rolled back.
   */
  private end(): void {
    this.stopCounting();
    const { turn, rollBack } = this.options;
    turn?.ended(this.wasSelect && this.failure === undefined && rollBack !== true);
  }
}

interface Sending {
  readonly describe?: boolean;
  readonly rows?: number;
}

function messagesOf(
  { text, values }: Statement,
  named: NamedStatement | undefined,
  { describe = false, rows = 0 }: Sending = {},
): readonly Buffer[] {
  const name = named?.name ?? '';
  return [
    ...(named?.shape === undefined ? [serialize.parse({ name, text })] : []),
    serialize.bind({ statement: name, values: [...values] }),
    ...(describe ? [serialize.describe({ type: 'P' })] : []),
    serialize.execute({ rows }),
  ];
}
