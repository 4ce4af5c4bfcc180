import { type CallerRate, spend } from '../resilience/caller-rate.ts';
import type { Concern } from './call.ts';

/** Counts each call against its caller's rate: it takes what its tool costs. */
export function limitRate(rate: CallerRate): Concern {
  return (next) => async (call) => {
    const { kind, name, cost } = call.target;
    await spend(rate, call.context, { action: 'call', points: cost, resourceType: kind, resourceId: name });
    return next(call);
  };
}
