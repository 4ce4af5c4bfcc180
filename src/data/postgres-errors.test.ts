import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ValidationError } from '../kernel/errors.ts';
import { fromOwnStatement, fromPostgres } from './postgres-errors.ts';

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
      'a NUL, or bytes that are no text',
      serverError('22021', 'invalid byte sequence for encoding "UTF8": 0x00'),
      {
        code: 'DATABASE_ERROR',
        message: 'A text has a character in it that the database can not store, such as NUL. Take it out.',
        data: { sqlstate: '22021' },
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

describe('fromOwnStatement', () => {
  const unreachable = 'The database is out of reach at the moment. Try again shortly.';
  const unable = 'The database can not answer at the moment. Try again shortly.';
  const fault = 'Internal server error. The request id identifies it in the log.';
  const systemError = (code: string) => Object.assign(new TypeError(code), { code, syscall: 'connect' });

  it.each<[string, unknown, string, string]>([
    ['a refused connection', systemError('ECONNREFUSED'), 'UNAVAILABLE', unreachable],
    ['both addresses refused', new AggregateError([new Error('x')]), 'UNAVAILABLE', unreachable],
    ["pg's own words", new Error('Connection terminated unexpectedly'), 'UNAVAILABLE', unreachable],
    ['a shutdown', serverError('57P01', 'terminating'), 'UNAVAILABLE', unable],
    ['a statement out of time', serverError('57014', 'canceling'), 'UNAVAILABLE', unable],
    ['a database that is gone', serverError('3D000', 'no database'), 'UNAVAILABLE', unable],
    ['too many connections', serverError('53300', 'too many'), 'UNAVAILABLE', unable],
    ['a deadlock', serverError('40P01', 'deadlock'), 'UNAVAILABLE', unable],
    [
      'a lock',
      serverError('55P03', 'lock'),
      'BUSY',
      'Busy: a table is locked for the moment. Try again in 5 s.',
    ],
    [
      'what is there already',
      serverError('23505', 'key (slug)=(ann) already exists'),
      'VALIDATION_ERROR',
      'The database has that already.',
    ],
    [
      'what is not there',
      serverError('23503', 'key (x)=(ann)'),
      'VALIDATION_ERROR',
      'The database has nothing of that name to refer to.',
    ],
    [
      'a value that does not fit',
      serverError('22021', 'invalid byte sequence'),
      'VALIDATION_ERROR',
      'The database does not take one of these values. Check its characters, its length and its range.',
    ],
    ['a statement that is wrong', serverError('42703', 'column "x" does not exist'), 'INTERNAL_ERROR', fault],
    ['a fault in code', new TypeError('x is not a function'), 'INTERNAL_ERROR', fault],
    ['a row of another shape', z.string().safeParse(1).error, 'INTERNAL_ERROR', fault],
    ['no error at all', 'text', 'INTERNAL_ERROR', fault],
  ])('%s', (_, error, code, message) => {
    const told = fromOwnStatement(error);
    expect({ code: told.code, message: told.message }).toEqual({ code, message });
    expect(told.cause).toBe(error);
  });

  it('leaves what was judged before as it is', () => {
    const error = new ValidationError('There is no such thing.');
    expect(fromOwnStatement(error)).toBe(error);
  });
});
