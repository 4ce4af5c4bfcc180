export interface BatchOptions {
  /** Items at work at the same time. Default 10. */
  readonly concurrency?: number;
  /** Items between two pauses. Default 100. */
  readonly size?: number;
  /** Milliseconds of rest between two batches, for others who want the same part. Default 100. */
  readonly pauseMs?: number;
  /** Nothing is begun after it has aborted; what is left then fails with its reason. */
  readonly signal?: AbortSignal;
}

/**
 * Does `work` for every item, a few at a time. Results come in the order of the items, and a failure is one of them: no item
 * stops the others. Never rejects.
 */
export async function batchProcess<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  { concurrency = 10, size = 100, pauseMs = 100, signal }: BatchOptions = {},
): Promise<PromiseSettledResult<Result>[]> {
  const results: PromiseSettledResult<Result>[] = [];
  for (let start = 0; start < items.length; start += size) {
    if (start > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    results.push(...(await oneBatch(items.slice(start, start + size), work, concurrency, signal)));
  }
  return results;
}

async function oneBatch<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  concurrency: number,
  signal: AbortSignal | undefined,
): Promise<PromiseSettledResult<Result>[]> {
  const results: PromiseSettledResult<Result>[] = [];
  const left = items.entries();
  const workOn = async () => {
    for (const [index, item] of left) results[index] = await settled(item, work, signal);
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, workOn));
  return results;
}

async function settled<Item, Result>(
  item: Item,
  work: (item: Item) => Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<PromiseSettledResult<Result>> {
  try {
    signal?.throwIfAborted();
    return { status: 'fulfilled', value: await work(item) };
  } catch (reason) {
    return { status: 'rejected', reason };
  }
}
