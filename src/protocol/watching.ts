import type { Hearing } from '../kernel/hearing.ts';
import type { Principal } from '../kernel/principal.ts';
import type { ReadNotes, RequestContext } from '../kernel/request-context.ts';
import type { ResourceWatches } from '../kernel/resource-watches.ts';
import type { ResourceDirectory } from './resource-directory.ts';
import type { Serving } from './serving.ts';

/** Milliseconds that looking again may take. */
const LOOK_MS = 5000;

/** The resources that one connection, session or stream watches, each once. */
export interface Watching {
  /**
   * Resolves once changes of it are told. `context` is the request's that asks for it; `now` says who the caller is later on.
   * Throws `NotFoundError`, `AuthorizationError`, `ValidationError`, and what reading it throws.
   */
  add(uri: string, context: RequestContext, now: () => Principal): Promise<void>;
  remove(uri: string): void;
  end(): void;
}

export interface WatchingOptions {
  readonly serving: Pick<Serving, 'pipeline'>;
  readonly resources: ResourceDirectory;
  readonly watches: ResourceWatches;
  /** Whether `tell` reaches anybody. */
  readonly hearing: Hearing;
  readonly tell: (uri: string) => void;
}

export function createWatching(options: WatchingOptions): Watching {
  const { serving, resources, watches, hearing, tell } = options;
  const { pipeline } = serving;
  const begun = new Map<string, Promise<() => void>>();
  let isEnded = false;

  const begin = (uri: string, context: RequestContext, now: () => Principal): Promise<() => void> => {
    const { resource, variables } = resources.match(uri);
    pipeline.authorize(context.principal, resource);
    const { requestId } = context;
    const watcher = {
      subject: context.principal.subject,
      isHeard: () => hearing.isHeard,
      tell: () => tell(uri),
      // Nobody is shown what it reads, so it is no call: nothing of it is recorded or counted.
      read: async (reads: ReadNotes) => {
        const principal = now();
        pipeline.authorize(principal, resource);
        const signal = AbortSignal.timeout(LOOK_MS);
        return JSON.stringify(await resource.read(variables, { principal, requestId, signal, reads }));
      },
    };
    return watches.watch(watcher, async (reads) =>
      JSON.stringify(await pipeline.readResource(resource, variables, { ...context, reads })),
    );
  };

  const remove = (uri: string): void => {
    const stopping = begun.get(uri);
    begun.delete(uri);
    void stopping?.then(
      (stop) => stop(),
      () => {}, // it was told to whoever asked for it
    );
  };

  return {
    async add(uri, context, now) {
      const known = begun.get(uri);
      const beginning = known ?? begin(uri, context, now);
      begun.set(uri, beginning);
      try {
        await beginning;
      } catch (error) {
        if (begun.get(uri) === beginning) begun.delete(uri);
        throw error;
      }
      if (isEnded) remove(uri);
    },
    remove,
    end() {
      isEnded = true;
      for (const uri of begun.keys()) remove(uri);
    },
  };
}
