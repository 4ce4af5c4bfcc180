import { type Clock, systemClock } from '../kernel/clock.ts';
import { BusyError } from '../kernel/errors.ts';
import type { RequestContext } from '../kernel/request-context.ts';

export interface FairGateOptions {
  /** Slots in all. */
  readonly capacity: number;
  /** Part of them, at least one, that one principal may hold: the rest is there for others who come later. */
  readonly callerShare: number;
  /** Who waits in all; half of that, at least one, may be the same principal. */
  readonly maxQueued: number;
  readonly clock?: Clock;
}

/** Gives the slot back. To be called when the work has really ended, and once. */
export type Leave = () => void;

interface Waiter {
  admit(leave: Leave): void;
  refuse(why: string): void;
}

const MAX_RETRY_SECONDS = 60;
/** What the latest slot weighs in the mean time that slots are held. */
const LATEST = 0.1;

/**
 * Slots for work, shared fairly between principals: each holds a share at most, and those who wait are let in round robin
 * between principals, first come first served within one. Whoever can't wait, or has waited for half of the time that the
 * call has, gets a `BusyError`.
 */
export class FairGate {
  private readonly options: FairGateOptions;
  private readonly clock: Clock;
  private readonly share: number;
  private readonly queueShare: number;
  private readonly running = new Map<string, number>();
  /** Who waits, by principal; the order of the map is the order of turns. No line is empty. */
  private readonly lines = new Map<string, Set<Waiter>>();
  private free: number;
  private waiting = 0;
  private mostWaiting = 0;
  private meanHeldMs = 0;

  constructor(options: FairGateOptions) {
    this.options = options;
    this.clock = options.clock ?? systemClock;
    this.free = options.capacity;
    this.share = Math.max(1, Math.floor(options.capacity * options.callerShare));
    this.queueShare = Math.max(1, Math.floor(options.maxQueued / 2));
  }

  /** Resolves when there is a slot, which is held until `Leave` is called. Rejects with the signal's reason, or `BusyError`. */
  async enter(context: RequestContext, longestWaitMs = Number.POSITIVE_INFINITY): Promise<Leave> {
    const { signal, deadline = Number.POSITIVE_INFINITY } = context;
    const who = context.principal.subject;
    signal.throwIfAborted();
    if (this.mayRun(who)) return this.take(who);
    this.makeRoom(who);
    return this.wait(
      who,
      signal,
      Math.min(longestWaitMs, Math.max(0, deadline - this.clock.monotonic()) / 2),
    );
  }

  /** The most who waited at once since this was asked before. */
  takeMostWaiting(): number {
    const most = this.mostWaiting;
    this.mostWaiting = this.waiting;
    return most;
  }

  private mayRun(who: string): boolean {
    return this.free > 0 && (this.running.get(who) ?? 0) < this.share;
  }

  private take(who: string): Leave {
    const since = this.clock.monotonic();
    this.free -= 1;
    this.running.set(who, (this.running.get(who) ?? 0) + 1);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.meanHeldMs += LATEST * (this.clock.monotonic() - since - this.meanHeldMs);
      this.free += 1;
      const left = (this.running.get(who) ?? 1) - 1;
      if (left === 0) this.running.delete(who);
      else this.running.set(who, left);
      this.admitNext();
    };
  }

  /** One slot has come free: whoever may run and whose turn it is gets it, and the principal goes to the end of the round. */
  private admitNext(): void {
    for (const [who, line] of this.lines) {
      const [first] = line;
      if (first === undefined || !this.mayRun(who)) continue;
      this.remove(who, first);
      if (this.lines.delete(who)) this.lines.set(who, line);
      first.admit(this.take(who));
      return;
    }
  }

  /** A full queue takes from the longest line before it turns away somebody whose own is shorter. */
  private makeRoom(who: string): void {
    const own = this.lines.get(who)?.size ?? 0;
    if (own >= this.queueShare) throw this.busy(who, 'too many of your calls are waiting');
    if (this.waiting < this.options.maxQueued) return;
    const longest = [...this.lines.values()].reduce((a, b) => (b.size > a.size ? b : a), new Set<Waiter>());
    if (longest.size <= own + 1) throw this.busy(who, 'too many calls are waiting');
    [...longest].at(-1)?.refuse('too many calls are waiting');
  }

  private wait(who: string, signal: AbortSignal, waitMs: number): Promise<Leave> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
      };
      const giveUp = (reason: unknown): void => {
        settle();
        this.remove(who, waiter);
        reject(reason);
      };
      const abort = (): void => giveUp(signal.reason);
      const waiter: Waiter = {
        admit: (leave) => {
          settle();
          resolve(leave);
        },
        refuse: (why) => giveUp(this.busy(who, why)),
      };
      const timer = Number.isFinite(waitMs)
        ? setTimeout(() => waiter.refuse(`no turn came within ${Math.round(waitMs) / 1000} s`), waitMs)
        : undefined;
      signal.addEventListener('abort', abort, { once: true });
      this.lines.set(who, (this.lines.get(who) ?? new Set()).add(waiter));
      this.waiting += 1;
      this.mostWaiting = Math.max(this.mostWaiting, this.waiting);
    });
  }

  private remove(who: string, waiter: Waiter): void {
    const line = this.lines.get(who);
    if (line?.delete(waiter) !== true) return;
    this.waiting -= 1;
    if (line.size === 0) this.lines.delete(who);
  }

  /** The estimate is how long this principal's own line takes to come to an end. */
  private busy(who: string, why: string): BusyError {
    const ahead = (this.lines.get(who)?.size ?? 0) + 1;
    const seconds = Math.ceil((this.meanHeldMs * ahead) / this.share / 1000);
    return new BusyError(why, Math.min(Math.max(seconds, 1), MAX_RETRY_SECONDS));
  }
}
