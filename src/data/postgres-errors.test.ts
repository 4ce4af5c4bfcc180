import { describe, expect, it } from 'vitest';
import { fromPostgres } from './postgres-errors.ts';

function serverError(code: string, message: string, more: object = {}): Error {
  return Object.assign(new Error(message), { code, ...more });
}

describe('fromPostgres', () => {
  const query = 'SELECT oder_date FROM orders';

  it.each([
    [
      "a column that is not there, with PostgreSQL's hint",
      serverError('42703', 'column "oder_date" does not exist', {
        hint: 'Perhaps you meant to reference the column "orders.order_date".',
        position: '8',
      }),
      {
        code: 'DATABASE_ERROR',
        message:
          'column "oder_date" does not exist. Perhaps you meant to reference the column "orders.order_date".',
        data: { sqlstate: '42703', position: 7 },
      },
    ],
    [
      'a message that quotes what the query did not say',
      serverError('42704', 'type "ann@example.com" does not exist'),
      {
        code: 'DATABASE_ERROR',
        message: 'The database could not run the query (SQLSTATE 42704). Simplify it or try again.',
        data: { sqlstate: '42704' },
      },
    ],
    [
      'a value that could not be cast',
      serverError('22P02', 'invalid input syntax for type integer: "ann@example.com"'),
      {
        code: 'DATABASE_ERROR',
        message:
          'A text could not be read as the type it was cast to. Filter the rows with a pattern first, or compare as text.',
        data: { sqlstate: '22P02' },
      },
    ],
    [
      'another data exception',
      serverError('22026', 'string length mismatch "secret"'),
      {
        code: 'DATABASE_ERROR',
        message: 'A value did not fit the operation. Check casts, ranges and formats.',
        data: { sqlstate: '22026' },
      },
    ],
    [
      'a timeout',
      serverError('57014', 'canceling statement due to statement timeout'),
      {
        code: 'QUERY_TIMEOUT',
        message:
          'The query ran past 1.5 s and was stopped. Narrow it: filter on order_date, aggregate earlier, or join fewer tables.',
        data: { timeout_ms: 1500 },
      },
    ],
    [
      'a table that is locked',
      serverError('55P03', 'canceling statement due to lock timeout'),
      {
        code: 'BUSY',
        message: 'Busy: a table is locked for the moment. Try again in 5 s.',
        data: { retry_after_seconds: 5 },
      },
    ],
    [
      'a server that shuts down',
      serverError('57P01', 'terminating connection due to administrator command'),
      {
        code: 'UNAVAILABLE',
        message: 'The database can not take the query at the moment. Try again shortly.',
        data: {},
      },
    ],
    [
      'no answer at all',
      serverError('ECONNREFUSED', 'connect ECONNREFUSED 10.0.0.7:5432'),
      {
        code: 'UNAVAILABLE',
        message: 'The database is out of reach at the moment. Try again shortly.',
        data: {},
      },
    ],
  ])('%s', (_what, error, expected) => {
    const { code, message, data } = fromPostgres(error, query, 1500);
    expect({ code, message, data }).toEqual(expected);
  });

  it('keeps the cause for the log', () => {
    const cause = serverError('XX000', 'internal');
    expect(fromPostgres(cause, query, 1500).cause).toBe(cause);
  });
});
