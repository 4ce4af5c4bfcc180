import { AisleError, InternalError } from '../kernel/errors.ts';
import type { Concern } from './call.ts';

/** Whatever is not an AisleError was not foreseen: its text must not travel, so it becomes the cause of one that may. */
export function containFailures(): Concern {
  return (next) => async (call) => {
    try {
      return await next(call);
    } catch (error) {
      if (error instanceof AisleError) throw error;
      throw new InternalError('Internal server error. The request id identifies it in the log.', {
        cause: error,
      });
    }
  };
}
