/** A module without a database: a tool that echoes, one that fails in every way, one that waits, and two resources. */
import { z } from 'zod';
import * as errors from '../../src/kernel/errors.ts';
import type { Module } from '../../src/kernel/module.ts';
import type { RequestContext } from '../../src/kernel/request-context.ts';
import type { Resource } from '../../src/kernel/resource.ts';
import { defineTool, READ_ONLY } from '../../src/kernel/tool.ts';

export const SECRET = 'postgres://aisle:hunter2@db/retail';

/** Each way to fail, as the name of the `kind` argument. */
export const FAILURES = {
  validation: () =>
    new errors.ValidationError('limit must be below 10.', { data: { field: 'limit' }, cause: leak() }),
  refused: () =>
    new errors.QueryRefusedError('GUARD_FUNCTION', 'pg_sleep is not allowed.', { cause: leak() }),
  authorization: () => new errors.AuthorizationError('Not yours.', { cause: leak() }),
  notFound: () => new errors.NotFoundError('NOT_FOUND', 'There is no such store.', { cause: leak() }),
  database: () => new errors.DatabaseError('Unknown column.', { data: { sqlstate: '42703' }, cause: leak() }),
  queryTimeout: () => new errors.QueryTimeoutError('The query took too long.', { cause: leak() }),
  unavailable: () => new errors.UnavailableError('The database is out of reach.', { cause: leak() }),
  busy: () => new errors.BusyError('too many calls are waiting', 7, { cause: leak() }),
  scope: () => new errors.InsufficientScopeError('fail', 'read:analytics'),
  unforeseen: () => leak(),
  text: () => SECRET,
  nothing: () => undefined,
} satisfies Record<string, () => unknown>;

export type FailureKind = keyof typeof FAILURES;

function leak(): Error {
  return new TypeError(`cannot read ${SECRET}`);
}

/** What the tests see of a call to `wait`. */
interface Waiting {
  readonly context: RequestContext;
  finish(): void;
}

export interface FakeModule extends Module {
  /** The next call to `wait`, once it runs. */
  nextWaiting(): Promise<Waiting>;
  /** What the last call of `echo` got. */
  lastContext(): RequestContext | undefined;
}

export function fakeModule(): FakeModule {
  const arrived: Waiting[] = [];
  const expected: ((waiting: Waiting) => void)[] = [];
  let last: RequestContext | undefined;
  const echo = defineTool({
    name: 'echo',
    title: 'Echo',
    cache: { ttlSeconds: 60 },
    description: 'Says it back.',
    input: z.object({ message: z.string().max(1000), times: z.int().min(1).max(3).default(1) }),
    output: z.object({ message: z.string() }),
    permission: 'read:analytics',
    annotations: READ_ONLY,
    run: async ({ message, times }, context) => {
      last = context;
      const said = message.repeat(times);
      return { structured: { message: said }, text: said };
    },
  });
  const fail = defineTool({
    name: 'fail',
    title: 'Fail',
    description: 'Fails in the way asked for.',
    input: z.object({ kind: z.enum(Object.keys(FAILURES) as [FailureKind, ...FailureKind[]]) }),
    output: z.object({}),
    permission: 'read:analytics',
    annotations: READ_ONLY,
    run: async ({ kind }) => {
      throw FAILURES[kind]();
    },
  });
  const wait = defineTool({
    name: 'wait',
    title: 'Wait',
    description: 'Runs until told to finish; ignores its signal.',
    input: z.object({}),
    output: z.object({ finished: z.boolean() }),
    permission: 'read:analytics',
    annotations: READ_ONLY,
    timeoutMs: 20_000,
    run: async (_, context) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const waiting = { context, finish: resolve };
      const tell = expected.shift();
      if (tell) tell(waiting);
      else arrived.push(waiting);
      await promise;
      return { structured: { finished: true }, text: 'finished' };
    },
  });
  return {
    name: 'fake',
    tools: [echo, fail, wait],
    resources: [all, one],
    lastContext: () => last,
    nextWaiting: () => {
      const waiting = arrived.shift();
      if (waiting) return Promise.resolve(waiting);
      return new Promise((resolve) => expected.push(resolve));
    },
  };
}

const THINGS = ['apple', 'apricot', 'red & green'];
const described = { mimeType: 'text/plain', permission: 'read:analytics' } as const;

const all: Resource = {
  name: 'things',
  title: 'Things',
  description: 'All things.',
  uri: 'fake://things',
  ...described,
  read: async () => ({ mimeType: 'text/plain', text: THINGS.join('\n') }),
};

const one: Resource = {
  name: 'thing',
  title: 'Thing',
  description: 'One thing.',
  uri: 'fake://things/{name}',
  ...described,
  complete: { name: async (typed) => THINGS.filter((thing) => thing.startsWith(typed)) },
  read: async ({ name = '' }) => {
    if (name === 'broken') throw leak();
    if (!THINGS.includes(name))
      throw new errors.NotFoundError('RESOURCE_NOT_FOUND', 'There is no such thing.');
    return { mimeType: 'text/plain', text: `a thing: ${name}` };
  },
};
