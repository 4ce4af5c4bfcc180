import { AisleError } from '../kernel/errors.ts';
import type { Phase, Readiness, ReadinessState } from '../kernel/readiness.ts';

export interface ReadinessOptions {
  /** Resolves when the database answers; throws otherwise. */
  readonly ping: (signal: AbortSignal) => Promise<void>;
  /** Milliseconds the database may take to answer. Default 2000. */
  readonly pingTimeoutMs?: number;
}

/** What the composition root holds: the others see `Readiness`. */
export interface ReadinessControl extends Readiness {
  /** Says what the start is busy with: `migrating`, `seeding 40 %`. */
  starting(activity: string): void;
  serving(): void;
}

/** Begins as `starting`. Probes that come at once share one ping. */
export function createReadiness(options: ReadinessOptions): ReadinessControl {
  let phase: Phase = 'starting';
  let activity = 'starting';
  let pinging: Promise<ReadinessState> | undefined;

  const ping = async (): Promise<ReadinessState> => {
    try {
      await withinTime(options.ping, options.pingTimeoutMs ?? 2000);
      return { ready: true };
    } catch (error) {
      return {
        ready: false,
        reason: error instanceof AisleError ? error.message : 'The database does not answer.',
      };
    } finally {
      pinging = undefined;
    }
  };
  const enter = (next: Phase, doing: string): void => {
    if (phase === 'draining') return;
    phase = next;
    activity = doing;
  };

  return {
    get phase() {
      return phase;
    },
    get activity() {
      return activity;
    },
    starting: (doing) => enter('starting', doing),
    serving: () => enter('serving', 'serving'),
    drain: () => enter('draining', 'shutting down'),
    async check() {
      if (phase !== 'serving') return { ready: false, reason: activity };
      pinging ??= ping();
      const state = await pinging;
      return phase === 'serving' ? state : { ready: false, reason: activity };
    },
  };
}

/** A ping that ignores its signal must not hold up the probe. */
async function withinTime(ping: ReadinessOptions['ping'], timeoutMs: number): Promise<void> {
  const controller = new AbortController();
  const { promise: expired, reject } = Promise.withResolvers<never>();
  controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true });
  const timer = setTimeout(() => controller.abort(), timeoutMs);
  try {
    await Promise.race([ping(controller.signal), expired]);
  } finally {
    clearTimeout(timer);
  }
}
