import { decide } from '../policy/decide.ts';
import type { Concern } from './call.ts';

/** Refuses what the policy does not allow, before anything else is looked at. */
export function authorize(): Concern {
  return (next) => async (call) => {
    const decision = decide(call.context.principal, call.target);
    if (!decision.allowed) throw decision.refusal;
    return next(call);
  };
}
