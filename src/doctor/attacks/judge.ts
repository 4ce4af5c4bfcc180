import type { Attack } from './attack.ts';
import { givenAway, type Secret } from './canaries.ts';
import type { Answer, WallName } from './wall.ts';

export type Verdict = 'stopped by guard' | 'stopped by database' | 'harmless' | 'LEAKED';

export interface Finding {
  readonly verdict: Verdict;
  /** The guard's code, PostgreSQL's SQLSTATE, or what was seen. */
  readonly detail: string;
}

/** What came of one attack. */
export interface Evidence {
  readonly wall: WallName;
  readonly question: string;
  /** The last answer is the one to the last statement that was sent. */
  readonly answers: readonly Answer[];
  /** Whether the same with values that nobody has is answered otherwise; for the sign `difference`. */
  readonly differs?: boolean;
  /** Why the server counts as stalled; for the sign `stall`. */
  readonly stalled?: string;
}

/** Pure: the same evidence is always judged alike. */
export function judge(attack: Attack, evidence: Evidence, secrets: readonly Secret[]): Finding {
  const leaked = leakOf(attack, evidence, secrets);
  if (leaked !== undefined) {
    const excused = attack.residue !== undefined && evidence.wall === 'guard off' && !leaked.shown;
    return excused
      ? { verdict: 'harmless', detail: `known limit: ${attack.residue}` }
      : { verdict: 'LEAKED', detail: leaked.what };
  }
  const last = evidence.answers.at(-1);
  if (last?.failure !== undefined) return stopped(last.failure);
  if (!holdsValue(last)) return { verdict: 'stopped by database', detail: 'no rows' };
  const known = attack.residue !== undefined && evidence.wall === 'guard off';
  return {
    verdict: 'harmless',
    detail: known ? `known limit: ${attack.residue}` : 'nothing of the other store',
  };
}

/** `shown`: rows of the other store themselves, for which there is no excuse. */
function leakOf(
  { sign }: Attack,
  { answers, question, differs, stalled }: Evidence,
  secrets: readonly Secret[],
): { readonly what: string; readonly shown: boolean } | undefined {
  const bytes = answers.map((answer) => answer.bytes).join('\n');
  const shown = givenAway(bytes, question, secrets);
  if (shown.length > 0) return { what: `shows of the other store: ${shown.join(', ')}`, shown: true };
  const last = answers.at(-1);
  const done = last !== undefined && last.failure === undefined;
  if (stalled !== undefined) return { what: stalled, shown: false };
  if (last?.failure?.code === 'INTERNAL_ERROR')
    return { what: 'Aisle itself failed (INTERNAL_ERROR): please report it', shown: false };
  if (sign === 'success' && done) return { what: 'it was done', shown: false };
  if (sign === 'value' && done && holdsValue(last))
    return { what: `it answered ${last.bytes.slice(0, 120)}`, shown: false };
  if (differs === true)
    return {
      what: 'it answers otherwise for a value of the other store than for one that nobody has',
      shown: false,
    };
  return undefined;
}

function stopped({ code, sqlstate }: NonNullable<Answer['failure']>): Finding {
  const byGuard = code.startsWith('SQL_') || code === 'VALIDATION_ERROR';
  return { verdict: byGuard ? 'stopped by guard' : 'stopped by database', detail: sqlstate ?? code };
}

function holdsValue(answer: Answer | undefined): boolean {
  return answer?.rows.some((row) => row.some((value) => !isNothing(value))) ?? false;
}

function isNothing(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === null || value === false || value === '' || Number(value) === 0;
}

const MADE_UP = /cny[0-9a-f]{10}x[0-9a-f]{12}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** What can be told of answers, without the values that the question put into them. */
export function outcome(answers: readonly Answer[]): string {
  const last = answers.at(-1);
  return last?.failure === undefined
    ? JSON.stringify(last?.rows).replace(MADE_UP, '?')
    : `${last.failure.code} ${last.failure.sqlstate ?? ''}`;
}
