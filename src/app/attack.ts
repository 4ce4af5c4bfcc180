import type { Config } from '../config.ts';
import type { DatabaseAsIs } from '../data/as-is.ts';
import type { Database, LoaderSession } from '../data/database.ts';
import { type Attack, GROUPS } from '../doctor/attacks/attack.ts';
import { type Canaries, type CanaryStore, newCanaryStores } from '../doctor/attacks/canaries.ts';
import { discover } from '../doctor/attacks/discover.ts';
import type { Finding, Verdict } from '../doctor/attacks/judge.ts';
import { plant, refuseUnsafe, removeCanaries } from '../doctor/attacks/plant.ts';
import { runAttacks } from '../doctor/attacks/run.ts';
import { changed, snapshot } from '../doctor/attacks/snapshot.ts';
import { SUITE } from '../doctor/attacks/suite/index.ts';
import { uselessTokens } from '../doctor/attacks/tokens.ts';
import { unguardedWall } from '../doctor/attacks/unguarded-wall.ts';
import type { Wall, WallName } from '../doctor/attacks/wall.ts';
import { CancelledError, UnavailableError } from '../kernel/errors.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { openDatabaseAsIs } from './engine.ts';
import { guardedWall } from './guarded-wall.ts';

export type { Finding, Verdict, WallName };

/** One attack and what came of it through each wall. */
export interface AttackLine {
  readonly group: string;
  readonly name: string;
  readonly findings: Readonly<Record<WallName, Finding>>;
  /** How to close the hole, where there is one. */
  readonly mend: string | null;
}

export interface AttackReport {
  readonly lines: readonly AttackLine[];
  /** Findings LEAKED, of both walls together. */
  readonly leaked: number;
  readonly seconds: number;
  /** Canary stores of earlier runs that were killed, found and removed. */
  readonly leftoversRemoved: number;
}

export interface AttackProgress {
  readonly wall: WallName;
  readonly attack: string;
  readonly done: number;
  readonly total: number;
}

/** What is stopped for want of time proves little, so all but the exhaustion attacks are given this. */
const STATEMENT_SECONDS = 5;

const UNCHANGED: Omit<Attack, 'sql'> = {
  name: 'the database stands as it stood',
  group: 'changing something',
  mend: 'Something changed while this wall was attacked: an attack got through, or somebody else was at work on the schema. Run it again when nobody is.',
};

/**
 * Attacks the database of these settings through both walls, with canary rows that it adds and removes, whatever happens.
 * Throws `ConfigurationError` where that can't be done safely, `CancelledError` when `signal` aborts, `UnavailableError`.
 */
export async function attackDatabase(
  config: Config,
  onProgress: (progress: AttackProgress) => void,
  signal: AbortSignal,
): Promise<AttackReport> {
  const started = performance.now();
  // One connection: what one request leaves in its session is met by the next for certain.
  const settings = {
    ...config,
    DB_STATEMENT_TIMEOUT_SECONDS: STATEMENT_SECONDS,
    DB_POOL_MAX: 1,
    DB_POOL_MIN: 0,
  };
  const opened = await openDatabaseAsIs(settings, silentLogger);
  try {
    const attacked = await attackOpened(settings, opened, onProgress, signal);
    return { ...attacked, seconds: Math.round((performance.now() - started) / 100) / 10 };
  } catch (error) {
    if (error !== signal.reason) throw error;
    throw new CancelledError('Cancelled; the canary rows were removed.', { cause: error });
  } finally {
    await opened.database.close();
  }
}

async function attackOpened(
  config: Config,
  { database, mint }: DatabaseAsIs,
  onProgress: (progress: AttackProgress) => void,
  signal: AbortSignal,
): Promise<Omit<AttackReport, 'seconds'>> {
  const stores = newCanaryStores();
  const unguarded = unguardedWall(database, stores, signal);
  const { reader, pid } = await sessionOf(unguarded);
  return withCanaries(database, [stores.own, stores.other], async (leftoversRemoved) => {
    const tokens = uselessTokens(mint, stores, pid);
    const canaries: Canaries = { ...stores, guess: stores.other, tokens };
    const attacks = inOrder([...SUITE, ...(await discover(unguarded, canaries))]);
    const guarded = await guardedWall(config, database, stores);
    const look = () => operate(database, (session) => snapshot(session, [stores.own, stores.other], reader));
    const findings = new Map<WallName, readonly Finding[]>();
    try {
      let before = await look();
      let done = 0;
      for (const wall of [guarded, unguarded]) {
        const onAttack = ({ name }: Attack) => {
          onProgress({ wall: wall.name, attack: name, done, total: attacks.length * 2 });
          done += 1;
        };
        const found = await runAttacks({ wall, attacks, canaries, signal, onAttack });
        const after = await look();
        findings.set(wall.name, [...found, unchanged(changed(before, after))]);
        before = after;
      }
    } finally {
      await guarded.close();
    }
    return { ...report([...attacks, UNCHANGED], findings), leftoversRemoved };
  });
}

/** Aborting a run must not abort the removal of what it added, so nothing here heeds a signal. */
function operate<Result>(
  database: Database,
  work: (session: LoaderSession) => Promise<Result>,
): Promise<Result> {
  return database.asLoader(new AbortController().signal, work);
}

/** `work` with the two stores in the database; `leftoversRemoved` are those of earlier runs. */
async function withCanaries<Result>(
  database: Database,
  stores: readonly CanaryStore[],
  work: (leftoversRemoved: number) => Promise<Result>,
): Promise<Result> {
  const leftoversRemoved = await operate(database, async (session) => {
    await refuseUnsafe(session);
    const removed = await removeCanaries(session);
    for (const store of stores) await plant(session, store);
    return removed;
  });
  try {
    return await work(leftoversRemoved);
  } finally {
    await operate(database, removeCanaries).catch((cause: unknown) => {
      throw new UnavailableError(
        'The canary rows could not be removed. Run this again when the database is in reach: it removes what is left.',
        { cause },
      );
    });
  }
}

/** Who model SQL runs as, and in which backend: there is one connection. */
async function sessionOf(unguarded: Wall): Promise<{ readonly reader: string; readonly pid: number }> {
  const [answer] = await unguarded.send('own', ['SELECT current_user::text, pg_backend_pid()']);
  const [reader, pid] = answer?.rows[0] ?? [];
  if (answer === undefined || answer.failure !== undefined)
    throw new UnavailableError(`The reader could not ask who it is: ${answer?.bytes ?? 'no answer'}`);
  return { reader: String(reader), pid: Number(pid) };
}

function inOrder(attacks: readonly Attack[]): readonly Attack[] {
  return GROUPS.flatMap((group) => attacks.filter((attack) => attack.group === group));
}

function unchanged(parts: readonly string[]): Finding {
  return parts.length === 0
    ? { verdict: 'harmless', detail: 'canary rows, objects, roles, grants, settings' }
    : { verdict: 'LEAKED', detail: `changed: ${parts.join(', ')}` };
}

function report(
  attacks: readonly Pick<Attack, 'name' | 'group' | 'mend'>[],
  findings: ReadonlyMap<WallName, readonly Finding[]>,
): Pick<AttackReport, 'lines' | 'leaked'> {
  const of = (wall: WallName, index: number): Finding =>
    findings.get(wall)?.[index] ?? { verdict: 'LEAKED', detail: 'it was not sent' };
  const lines = attacks.map(({ group, name, mend }, index) => {
    const both = { 'guard on': of('guard on', index), 'guard off': of('guard off', index) };
    const leaks = Object.values(both).some(isLeak);
    return { group, name, findings: both, mend: leaks ? mend : null };
  });
  const leaked = lines.flatMap((line) => Object.values(line.findings)).filter(isLeak).length;
  return { lines, leaked };
}

function isLeak({ verdict }: Finding): boolean {
  return verdict === 'LEAKED';
}
