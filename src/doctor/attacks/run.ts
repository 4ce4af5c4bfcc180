import { UnavailableError } from '../../kernel/errors.ts';
import { type Attack, statementsOf } from './attack.ts';
import { type Canaries, decoy, type Guess, givenAway, type Secret, secretsOf } from './canaries.ts';
import { type Evidence, type Finding, judge, outcome } from './judge.ts';
import type { Answer, Manner, Wall } from './wall.ts';

export interface RunOptions {
  readonly wall: Wall;
  readonly attacks: readonly Attack[];
  readonly canaries: Canaries;
  readonly signal: AbortSignal;
  /** Called before each attack. */
  readonly onAttack: (attack: Attack) => void;
}

/** Well past the time limit of a statement, and of whatever ends one that does not heed it. */
const ANSWERED_WITHIN_MS = 10_000;
const HEALTHY_WITHIN_MS = 15_000;
/** Enough for an honest query, also on a busy machine. */
const BRIEF_MS = 1000;

const OWN_ROWS = 'SELECT last_name FROM retail.customers';

/** Sends each attack through one wall and judges what came of it, in the order of `attacks`. */
export async function runAttacks(options: RunOptions): Promise<readonly Finding[]> {
  const { attacks, canaries, signal, onAttack } = options;
  const secrets = secretsOf(canaries.other);
  const findings: Finding[] = [];
  await proveReading(options);
  for (const attack of attacks) {
    signal.throwIfAborted();
    onAttack(attack);
    findings.push(judge(attack, await gather(attack, options), secrets));
  }
  await proveReading(options);
  return findings;
}

/** What is stopped proves nothing where nothing gets through: the caller must be able to read its own row. */
async function proveReading(options: RunOptions): Promise<void> {
  const unhealthy = await healthProblem(options);
  if (unhealthy === undefined) return;
  throw new UnavailableError(
    `With the ${options.wall.name} the caller could not read its own canary row (${unhealthy}), so nothing is proved. See that the database is up and not overloaded, and try again.`,
  );
}

/** Undefined when the caller's own row can be read, now or soon: a database that was stopped takes its time to return. */
async function healthProblem({ wall, canaries }: RunOptions): Promise<string | undefined> {
  const own: readonly Secret[] = [{ what: 'lastName', text: canaries.own.lastName }];
  const patience = performance.now() + HEALTHY_WITHIN_MS;
  for (;;) {
    const [answer] = await wall.send('own', [OWN_ROWS]);
    if (answer !== undefined && givenAway(answer.bytes, '', own).length > 0) return undefined;
    if (performance.now() > patience) return answer?.failure?.code ?? 'it was not in the answer';
  }
}

async function gather(attack: Attack, options: RunOptions): Promise<Evidence> {
  const { wall, canaries } = options;
  const statements = statementsOf(attack.sql, canaries);
  const manner = {
    rollBack: attack.bare !== true && statements.length === 1,
    ...(attack.brief && { timeoutMs: BRIEF_MS }),
  };
  if (attack.before !== undefined)
    await wall.send('other', statementsOf(attack.before, canaries), { rollBack: false });
  const started = performance.now();
  const answers = await wall.send('own', statements, manner);
  const took = performance.now() - started;
  const evidence = { wall: wall.name, question: statements.join('\n'), answers };
  if (attack.sign === 'difference')
    return { ...evidence, differs: await differs(attack, answers, manner, options) };
  const lost = answers.at(-1)?.failure?.code === 'UNAVAILABLE';
  if (attack.sign !== 'stall' && !lost) return evidence;
  const stalled = await stallOf(took, options);
  return stalled === undefined ? evidence : { ...evidence, stalled };
}

/** Compared twice, since on a busy machine one of two may happen to run out of time. */
async function differs(
  attack: Attack,
  answers: readonly Answer[],
  manner: Manner,
  { wall, canaries }: RunOptions,
): Promise<boolean> {
  const send = (guess: Guess) => wall.send('own', statementsOf(attack.sql, { ...canaries, guess }), manner);
  if (outcome(answers) === outcome(await send(decoy()))) return false;
  return outcome(await send(canaries.guess)) !== outcome(await send(decoy()));
}

async function stallOf(took: number, options: RunOptions): Promise<string | undefined> {
  if (took > ANSWERED_WITHIN_MS) return `answered only after ${Math.round(took / 1000)} s`;
  const unhealthy = await healthProblem(options);
  return unhealthy === undefined ? undefined : `the server does not answer after it (${unhealthy})`;
}
