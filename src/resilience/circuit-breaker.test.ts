/** Closes: an outage that everybody waits for, a crowd that falls upon a part that has just come back, a caller whose mistakes shut others out. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testClock } from '../../test/harness/test-clock.ts';
import {
  CircuitBreaker,
  type CircuitBreakerOptions,
  type CircuitState,
  type Pass,
} from './circuit-breaker.ts';

function watched(options: Partial<CircuitBreakerOptions> = {}) {
  const { clock, pass } = testClock();
  const changes: CircuitState[] = [];
  const breaker = new CircuitBreaker({
    ...{ part: 'The part', clock, onChange: (state) => changes.push(state) },
    ...options,
  });
  const attempt = (end: 'succeeded' | 'failed' | 'abandoned') => {
    const entered = breaker.enter();
    if (entered !== undefined) breaker[end](entered);
    return entered !== undefined;
  };
  return { breaker, changes, attempt, wait: pass };
}

/** Opened by five failures a moment ago. */
function opened(options: Partial<CircuitBreakerOptions> = {}) {
  const all = watched(options);
  for (let n = 0; n < 5; n += 1) all.attempt('failed');
  return all;
}

describe('closed', () => {
  test('five failures in a row open it; a success between them begins the count anew', () => {
    const { breaker, attempt, changes } = watched();
    for (let n = 0; n < 4; n += 1) attempt('failed');
    attempt('succeeded');
    for (let n = 0; n < 4; n += 1) attempt('failed');
    expect(breaker.state).toBe('closed');
    attempt('failed');
    expect([breaker.state, changes]).toEqual(['open', ['open']]);
  });

  test('what says nothing of the part neither counts nor begins the count anew', () => {
    const { breaker, attempt } = watched();
    for (let n = 0; n < 4; n += 1) attempt('failed');
    for (let n = 0; n < 9; n += 1) attempt('abandoned');
    expect(breaker.state).toBe('closed');
    attempt('failed');
    expect(breaker.state).toBe('open');
  });
});

describe('open', () => {
  test('lets nobody through for 60 s, and says how much of them is left', () => {
    const { breaker, attempt, wait } = opened();
    wait(18_500);
    expect(attempt('succeeded')).toBe(false);
    expect(breaker.refusal()).toMatchObject({
      code: 'UNAVAILABLE',
      message: 'The part is out of reach, so nothing was tried. Try again in 42 s.',
      retryAfterSeconds: 42,
      data: { retry_after_seconds: 42 },
    });
    wait(41_499);
    expect(attempt('succeeded')).toBe(false);
    wait(1);
    expect(attempt('succeeded')).toBe(true);
    expect(breaker.state).toBe('half-open');
  });

  test('says of the part what it is told to say', () => {
    const breaker = new CircuitBreaker({ part: 'The part', plight: 'keeps failing', failures: 1 });
    breaker.failed(breaker.enter() ?? 0);
    expect(breaker.refusal().message).toBe(
      'The part keeps failing, so nothing was tried. Try again in 60 s.',
    );
  });

  test('the 60 s begin with the last failure, also of an attempt that was on its way', () => {
    const { breaker, attempt, wait } = watched();
    const late = breaker.enter() ?? 0;
    for (let n = 0; n < 5; n += 1) attempt('failed');
    wait(50_000);
    breaker.failed(late);
    wait(59_999);
    expect(attempt('succeeded')).toBe(false);
    wait(1);
    expect(attempt('succeeded')).toBe(true);
  });

  test('an attempt that was on its way and succeeds changes nothing', () => {
    const { breaker, attempt } = watched();
    const late = breaker.enter() ?? 0;
    for (let n = 0; n < 5; n += 1) attempt('failed');
    breaker.succeeded(late);
    expect([breaker.state, breaker.enter()]).toEqual(['open', undefined]);
  });
});

describe('half open', () => {
  test('one probe at a time; two that succeed close it', () => {
    const { breaker, attempt, changes, wait } = opened();
    wait(60_000);
    const first = breaker.enter() ?? 0;
    expect(breaker.enter()).toBeUndefined();
    expect(breaker.refusal().retryAfterSeconds).toBe(1);
    breaker.succeeded(first);
    expect(breaker.state).toBe('half-open');
    attempt('succeeded');
    expect(changes).toEqual(['open', 'half-open', 'closed']);
    expect([breaker.enter(), breaker.enter()]).not.toContain(undefined);
  });

  test('a probe that fails opens it for another 60 s, whatever succeeded before it', () => {
    const { breaker, attempt, changes, wait } = opened();
    wait(60_000);
    attempt('succeeded');
    attempt('failed');
    expect([breaker.state, changes]).toEqual(['open', ['open', 'half-open', 'open']]);
    wait(59_999);
    expect(breaker.enter()).toBeUndefined();
    wait(1);
    expect(breaker.enter()).toBeDefined();
  });

  test('a probe whose caller left makes room for another', () => {
    const { breaker, attempt, wait } = opened();
    wait(60_000);
    attempt('abandoned');
    expect(breaker.state).toBe('half-open');
    expect(attempt('succeeded')).toBe(true);
  });
});

test('a part that stays away is looked at ever more rarely, up to a bound, and as often as before once it was back', () => {
  const { breaker, attempt, wait } = opened({ resetMs: 250, longestResetMs: 1000 });
  for (const ms of [250, 500, 1000, 1000]) {
    wait(ms - 1);
    expect(breaker.enter()).toBeUndefined();
    wait(1);
    expect(attempt('failed')).toBe(true);
  }
  wait(1000);
  for (const _ of [1, 2]) attempt('succeeded');
  for (let n = 0; n < 5; n += 1) attempt('failed');
  wait(250);
  expect(attempt('succeeded')).toBe(true);
});

/** What the rules say, in plain words: a list of what has happened is all that it remembers. */
class Model {
  state: CircuitState = 'closed';
  failures = 0;
  successes = 0;
  lastFailure = 0;
  probe: number | undefined;
  /** Attempts that were begun in the present state. */
  current = new Set<number>();

  enter(attempt: number, now: number): boolean {
    if (this.state === 'open' && now - this.lastFailure >= 60_000) this.to('half-open');
    const isFree = this.state === 'closed' || (this.state === 'half-open' && this.probe === undefined);
    if (!isFree) return false;
    this.current.add(attempt);
    if (this.state === 'half-open') this.probe = attempt;
    return true;
  }

  end(attempt: number, how: 'succeeded' | 'failed' | 'abandoned', now: number): void {
    if (how === 'failed' && this.state === 'open') this.lastFailure = now;
    if (!this.current.has(attempt)) return;
    if (this.probe === attempt) this.probe = undefined;
    if (how === 'failed') {
      this.failures += 1;
      this.lastFailure = now;
      if (this.state === 'half-open' || this.failures === 5) this.to('open');
    } else if (how === 'succeeded') {
      this.failures = 0;
      this.successes += 1;
      if (this.state === 'half-open' && this.successes === 2) this.to('closed');
    }
  }

  private to(state: CircuitState): void {
    Object.assign(this, { state, failures: 0, successes: 0, probe: undefined, current: new Set<number>() });
  }
}

const step = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: 'enter' as const }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom('failed', 'failed', 'failed', 'succeeded', 'succeeded', 'abandoned'),
      which: fc.nat({ max: 2 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 59_999, 60_000) }),
  },
);

test('whatever happens in whatever order, it does what the rules say, and tells each change once', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 60, maxLength: 200 }), (steps) => {
      const { breaker, changes, wait } = watched();
      const model = new Model();
      const seen: CircuitState[] = [];
      const running: { readonly id: number; readonly pass: Pass }[] = [];
      let now = 0;
      for (const [id, next] of steps.entries()) {
        const before = model.state;
        if (next.kind === 'wait') {
          now += next.ms;
          wait(next.ms);
        } else if (next.kind === 'enter') {
          const pass = breaker.enter();
          expect(pass !== undefined).toBe(model.enter(id, now));
          if (pass !== undefined) running.push({ id, pass });
        } else {
          const [ended] = running.splice(next.which % Math.max(1, running.length), 1);
          if (ended === undefined) continue;
          breaker[next.kind](ended.pass);
          model.end(ended.id, next.kind, now);
        }
        if (model.state !== before) seen.push(model.state);
        expect(breaker.state).toBe(model.state);
        expect(changes).toEqual(seen);
      }
    }),
    { numRuns: 500 },
  );
});
