import type { RequestContext } from '../kernel/request-context.ts';
import type { Rows } from './database.ts';

/**
 * What one run of a tenant's work tells of itself: to the audit, and to whoever keeps the answer. It is told while it
 * happens, since a call may be answered before its work has ended; a run that is done again takes it back.
 */
export class RunNotes {
  private told: Pick<RequestContext, 'facts' | 'reads'>;
  private rows = 0;
  private readonly queries: string[] = [];
  private readonly scopes: string[] = [];

  constructor({ facts, reads }: RequestContext) {
    this.told = { facts, reads };
  }

  begun(text: string): void {
    this.queries.push(text);
    this.told.reads?.queries.push(text);
  }

  /** `scope` is the stores that the query saw, where that is asked. */
  answered(text: string, scope: string, { rows }: Rows): void {
    const { facts, reads } = this.told;
    this.rows += rows.length;
    this.scopes.push(scope);
    if (facts !== undefined) {
      facts.rows = (facts.rows ?? 0) + rows.length;
      if (text !== facts.sql?.text) facts.queries.add(text);
    }
    if (reads !== undefined) {
      reads.scopes.push(scope);
      reads.mostRows = Math.max(reads.mostRows, rows.length);
    }
  }

  /** Leaves what is no count: the audit's texts, and the longest answer. Whatever of it ends later is told to nobody. */
  takeBack(): void {
    const { facts, reads } = this.told;
    this.told = {};
    if (facts?.rows !== undefined) facts.rows -= this.rows;
    if (reads === undefined) return;
    for (const query of this.queries) removeOne(reads.queries, query);
    for (const scope of this.scopes) removeOne(reads.scopes, scope);
  }
}

function removeOne(from: string[], value: string): void {
  const index = from.indexOf(value);
  if (index !== -1) from.splice(index, 1);
}
