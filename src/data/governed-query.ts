import type { Socket } from 'node:net';
import type { Connection, DatabaseError as PgError, Submittable } from 'pg';
import { UnavailableError } from '../kernel/errors.ts';
import { limitBytes } from './byte-limit.ts';
import type { Column, Rows, Value } from './database.ts';
import { type TypeReader, typeReader } from './values.ts';

/** A statement for the extended protocol, values already in PostgreSQL's text form. */
export interface Statement {
  readonly text: string;
  readonly values: readonly (string | null)[];
}

/** How much of a result is taken in. */
export interface ResultLimits {
  readonly maxRows: number;
  /** Of all that the database sends for the query; past them the connection is closed. */
  readonly maxBytes: number;
  readonly onTooLarge: () => void;
}

/** The database did not believe the context. What the query answered is then no row of anybody, and not an answer. */
export class ContextRefusedError extends UnavailableError {
  constructor() {
    super(
      'The database does not accept what this server signs: its key was taken away, or a clock was set. Try again shortly.',
    );
  }
}

/** Ends the implicit transaction within the same trip; PostgreSQL warns that nobody began one, and rolls back. */
const ROLLBACK: Statement = { text: 'ROLLBACK', values: [] };

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
 * role, tenant and limits locally, then Parse/Bind/Describe/Execute of the query, and a single Sync. When the entry fails,
 * PostgreSQL skips everything up to the Sync, so the query can't run without its walls. The last column of the entry tells
 * whether the context holds; otherwise the result is a `ContextRefusedError`.
 *
 * Only the extended protocol is used: one statement, whatever its text says. Execute asks for one row more than `maxRows`,
 * so that "there was more" is known without rewriting any SQL.
 */
export class GovernedQuery implements Submittable {
  readonly result: Promise<Rows>;
  private readonly entry: Statement;
  private readonly query: Statement;
  private readonly limits: ResultLimits;
  private readonly rollBack: boolean;
  private stopCounting = () => {};
  private entryDone = false;
  private contextHolds = false;
  private columns: Column[] = [];
  private readers: TypeReader[] = [];
  private readonly rows: Value[][] = [];
  private failure: unknown;
  private resolve: (rows: Rows) => void = () => {};
  private reject: (reason: unknown) => void = () => {};

  constructor(entry: Statement, query: Statement, limits: ResultLimits, rollBack = false) {
    this.entry = entry;
    this.query = query;
    this.limits = limits;
    this.rollBack = rollBack;
    this.result = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  submit(connection: Connection): void {
    const wire = connection as WireConnection;
    this.stopCounting = limitBytes(wire.stream, this.limits.maxBytes, this.limits.onTooLarge);
    wire.stream.cork();
    try {
      this.send(wire, this.entry, false, 0);
      this.send(wire, this.query, true, this.limits.maxRows + 1);
      if (this.rollBack) this.send(wire, ROLLBACK, false, 0);
      wire.sync();
    } finally {
      wire.stream.uncork();
    }
  }

  private send(wire: WireConnection, statement: Statement, describe: boolean, rows: number): void {
    wire.parse({ name: '', text: statement.text, types: [] }, true);
    wire.bind({ portal: '', statement: '', values: [...statement.values] } as never, true);
    if (describe) wire.describe({ type: 'P', name: '' }, true);
    wire.execute({ portal: '', rows: rows as unknown as string }, true);
  }

  handleRowDescription(message: { fields: readonly Field[] }): void {
    this.readers = message.fields.map((field) => typeReader(field.dataTypeID));
    this.columns = message.fields.map((field, index) => ({
      name: field.name,
      type: this.readers[index]?.name ?? 'text',
    }));
  }

  handleDataRow(message: { fields: readonly (string | null)[] }): void {
    if (!this.entryDone) {
      this.contextHolds = message.fields.at(-1) === 't';
      return;
    }
    if (this.failure !== undefined) return;
    try {
      this.rows.push(
        message.fields.map((text, index) =>
          text === null ? null : (this.readers[index]?.read(text) ?? text),
        ),
      );
    } catch (error) {
      this.failure = error;
    }
  }

  handleCommandComplete(): void {
    this.entryDone = true;
  }

  /** More rows than `maxRows`: the extra one is dropped, Sync closes the portal. */
  handlePortalSuspended(): void {}

  handleEmptyQuery(): void {}

  handleCopyInResponse(connection: WireConnection): void {
    connection.sendCopyFail('COPY is not available');
  }

  handleCopyData(): void {}

  handleError(error: PgError | Error): void {
    this.stopCounting();
    this.reject(error);
  }

  handleReadyForQuery(): void {
    this.stopCounting();
    if (!this.contextHolds) this.failure = new ContextRefusedError();
    if (this.failure !== undefined) {
      this.reject(this.failure);
      return;
    }
    const { maxRows } = this.limits;
    const truncated = this.rows.length > maxRows;
    if (truncated) this.rows.length = maxRows;
    this.resolve({ columns: this.columns, rows: this.rows, truncated });
  }
}
