/** A signal that aborts with the first of several others, or by itself. */
export interface LinkedSignal {
  readonly signal: AbortSignal;
  abort(reason: unknown): void;
  /** Stops listening to the others. To be called when nobody needs the signal any more. */
  release(): void;
}

/**
 * What `AbortSignal.any` does, for work that tells when it has ended. That one can't know, and leaves weak references at
 * sources that outlive it, as the one that stops the server, for the garbage collector to clear.
 */
export function linkSignals(...sources: readonly AbortSignal[]): LinkedSignal {
  const controller = new AbortController();
  const abort = (reason: unknown): void => {
    if (!controller.signal.aborted) controller.abort(reason);
  };
  const follow = (event: Event): void => abort((event.target as AbortSignal).reason);
  for (const source of sources) {
    if (source.aborted) abort(source.reason);
    else source.addEventListener('abort', follow);
  }
  return {
    signal: controller.signal,
    abort,
    release: () => {
      for (const source of sources) source.removeEventListener('abort', follow);
    },
  };
}
