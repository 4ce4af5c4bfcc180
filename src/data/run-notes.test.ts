import { expect, it } from 'vitest';
import { NORTH } from '../../test/harness/two-stores.ts';
import type { CallFacts, ReadNotes } from '../kernel/request-context.ts';
import { RunNotes } from './run-notes.ts';

const rowsOf = (count: number) => ({
  columns: [],
  rows: Array.from({ length: count }, () => [1]),
  truncated: false,
});

function called() {
  const facts: CallFacts = { queries: new Set() };
  const reads: ReadNotes = { queries: [], scopes: [], mostRows: 0 };
  const { signal } = new AbortController();
  return { facts, reads, context: { principal: NORTH.principal, signal, requestId: 'r', facts, reads } };
}

it('takes back what one run read, and nothing of what others of the same call did', () => {
  const { facts, reads, context } = called();
  const [lost, other] = [new RunNotes(context), new RunNotes(context)];
  for (const notes of [lost, other]) {
    notes.begun('SELECT 1');
    notes.answered('SELECT 1', 'north', rowsOf(2));
  }
  lost.begun('SELECT 2');
  expect([facts.rows, reads.queries]).toEqual([4, ['SELECT 1', 'SELECT 1', 'SELECT 2']]);
  lost.takeBack();
  expect(facts).toEqual({ queries: new Set(['SELECT 1']), rows: 2 });
  expect(reads).toEqual({ queries: ['SELECT 1'], scopes: ['north'], mostRows: 2 });
});

it('a run that read nothing leaves the database not asked', () => {
  const { facts, context } = called();
  new RunNotes(context).takeBack();
  expect(facts).toEqual({ queries: new Set() });
});

it('a query of a lost run that ends late is told to nobody', () => {
  const { facts, reads, context } = called();
  const lost = new RunNotes(context);
  lost.begun('SELECT 1');
  lost.takeBack();
  lost.answered('SELECT 1', 'north', rowsOf(2));
  expect(facts).toEqual({ queries: new Set() });
  expect(reads).toEqual({ queries: [], scopes: [], mostRows: 0 });
});
