import { randomUUID } from 'node:crypto';
import { BusyError, UnavailableError } from '../../kernel/errors.ts';
import { linkSignals } from '../../kernel/linked-signal.ts';
import { type LoaderDoor, loaderWork } from './loader-work.ts';

/** How long a worker that died is waited for. */
const LEASE_SECONDS = 60;

/** Nobody has it, it has run out, or it is one's own. By the database's clock, the same for all. */
const TAKE = `INSERT INTO retail.embedding_work (worker, leased_until)
  VALUES ($1, clock_timestamp() + $2 * interval '1 second')
  ON CONFLICT (only_one) DO UPDATE SET worker = excluded.worker, leased_until = excluded.leased_until
    WHERE embedding_work.worker = excluded.worker OR embedding_work.leased_until < clock_timestamp()
  RETURNING 1`;

const LEFT = `SELECT greatest(1, ceil(extract(epoch FROM leased_until - clock_timestamp())))::integer AS seconds
  FROM retail.embedding_work`;

export interface LeaseOptions {
  readonly signal: AbortSignal;
  /** Seconds that it lasts; it is renewed four times as often. Default 60. */
  readonly seconds?: number | undefined;
}

/**
 * Does `work` while nobody else on this database does. Its signal aborts with the caller's, and when the lease is lost: then
 * somebody else may be at work already. Throws `BusyError` when somebody is now.
 */
export async function underLease<Result>(
  database: LoaderDoor,
  { signal, seconds = LEASE_SECONDS }: LeaseOptions,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const worker = randomUUID();
  const take = () =>
    loaderWork(database, async (session) => (await session.query(TAKE, [worker, seconds])).length > 0);
  if (!(await take())) throw new BusyError(WORKED_ON, await secondsLeft(database));
  const link = linkSignals(signal);
  const renew = async () => {
    // A database that is away keeps everybody else from the lease too, and tells those who save that it is.
    const isHeld = await take().catch(() => true);
    if (!isHeld) link.abort(new UnavailableError('Another process has taken over the making of vectors.'));
  };
  let renewing = Promise.resolve();
  const timer = setInterval(() => {
    renewing = renewing.then(renew);
  }, seconds * 250);
  try {
    return await work(link.signal);
  } finally {
    clearInterval(timer);
    link.release();
    await renewing;
    // It runs out by itself.
    await giveBack(database, worker).catch(() => {});
  }
}

const WORKED_ON = 'another process is making the vectors of products, and one at a time does';

async function secondsLeft(database: LoaderDoor): Promise<number> {
  const [lease] = await loaderWork(database, (session) => session.query<{ seconds: number }>(LEFT));
  return lease?.seconds ?? 1;
}

function giveBack(database: LoaderDoor, worker: string): Promise<unknown> {
  return loaderWork(database, (session) =>
    session.query('DELETE FROM retail.embedding_work WHERE worker = $1', [worker]),
  );
}
