import type { FairGate } from '../resilience/fair-gate.ts';
import type { Concern } from './call.ts';

/** Bounds the calls that run at once. A slot is held until the work has really ended, not until its caller gave up. */
export function limitConcurrency(gate: FairGate): Concern {
  return (next) => async (call) => {
    const leave = await gate.enter(call.context);
    try {
      return await next(call);
    } finally {
      leave();
    }
  };
}
