import { READABLE_TABLES, SEARCH_PATH } from '../src/data/tables.ts';
import type { Random } from '../src/demo/random.ts';
import { createGuard, type Guard, REFUSAL_CODES } from '../src/sql/guard.ts';
import { respaced } from './tokens.ts';

type Verdict = ReturnType<Guard['check']>;

export interface Judgement {
  readonly verdict: Verdict;
  /** What is wrong with how the guard judged, whatever it judged. */
  readonly faults: readonly string[];
  /** CPU of one check, or of the fastest of a few when the first was slow. */
  readonly ms: number;
}

const SLOW_MS = 20;
/** A guard of the same policy made later, so that nothing which the first one has seen matters. */
const CHECKS_PER_GUARD = 2_000;

/** Asks the guard, and asks it whether it means it. */
export class Judge {
  readonly #random: Random;
  #guard: Guard;
  #fresh: Guard;
  #checks = 0;

  private constructor(random: Random, guard: Guard, fresh: Guard) {
    this.#random = random;
    this.#guard = guard;
    this.#fresh = fresh;
  }

  static async create(random: Random): Promise<Judge> {
    return new Judge(random, await newGuard(), await newGuard());
  }

  async judge(sql: string): Promise<Judgement> {
    if (++this.#checks % CHECKS_PER_GUARD === 0) this.#fresh = await newGuard();
    let [verdict, ms] = timed(this.#guard, sql);
    // A text that was too much for the parser: it starts again, and until then refuses everything.
    if (!verdict.ok && verdict.code === 'SQL_PARSER_UNAVAILABLE') {
      [this.#guard, this.#fresh] = [await newGuard(), await newGuard()];
      [verdict, ms] = timed(this.#guard, sql);
    }
    for (let again = 0; ms > SLOW_MS && again < 3; again++)
      ms = Math.min(ms, timed(await newGuard(), sql)[1]);
    const faults = [...faultsOf(verdict, sql), ...(ms > SLOW_MS ? ['takes too long'] : [])];
    const others = [this.#guard.check(sql), this.#fresh.check(sql)];
    if (others.some((other) => JSON.stringify(other) !== JSON.stringify(verdict)))
      faults.push('is judged in two ways');
    const spaced = respaced(sql, this.#random);
    if (spaced !== undefined && !alike(verdict, this.#fresh.check(spaced)))
      faults.push('is judged by its blanks');
    return { verdict, faults, ms };
  }
}

function newGuard(): Promise<Guard> {
  return createGuard({ relations: new Set(READABLE_TABLES), searchPath: SEARCH_PATH });
}

function timed(guard: Guard, sql: string): [Verdict, number] {
  const before = process.cpuUsage();
  const verdict = guard.check(sql);
  const { user, system } = process.cpuUsage(before);
  return [verdict, (user + system) / 1_000];
}

function faultsOf(verdict: Verdict, sql: string): string[] {
  if (verdict.ok) return [];
  const { code, message, position } = verdict;
  const faults: string[] = [];
  if (!(REFUSAL_CODES as readonly string[]).includes(code))
    faults.push(`is refused with an unknown code ${code}`);
  if (message === '') faults.push('is refused without a message');
  if (position !== undefined && !(Number.isInteger(position) && position >= 0 && position <= sql.length)) {
    faults.push(`is refused at ${position}, outside of the text`);
  }
  return faults;
}

/** Blanks and comments count towards the bounds and move positions; nothing else may differ. */
function alike(one: Verdict, other: Verdict): boolean {
  const essence = (verdict: Verdict) => (verdict.ok ? verdict.relations : [verdict.code]);
  const isBound = [one, other].some((verdict) => !verdict.ok && verdict.code.startsWith('SQL_TOO_'));
  return isBound || essence(one).join(' ') === essence(other).join(' ');
}
