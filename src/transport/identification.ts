import type { FastifyRequest } from 'fastify';
import type { Authenticator } from '../auth/authenticator.ts';
import type { Narrow } from '../auth/narrow.ts';
import type { SecurityLog } from '../kernel/audit.ts';
import { AisleError, AuthenticationError, InternalError, UnavailableError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Principal } from '../kernel/principal.ts';
import { within } from '../kernel/within.ts';
import { recordFailure } from './authentication-failures.ts';

export interface IdentificationOptions {
  readonly authenticator: Authenticator;
  /** Confines a caller to the store that `x-rls-user-id` names. */
  readonly narrow: Narrow;
  /** Told of everybody who was not let in, before they are. */
  readonly securityLog: SecurityLog;
  readonly logger: Logger;
}

/** Who sends each request. */
export interface Identification {
  /** Throws `AuthenticationError`, `AuthorizationError`, `UnavailableError`, upon which nobody has sent the request. */
  identify(request: FastifyRequest): Promise<void>;
  /** Who has been found to have sent it. Throws `AuthenticationError` for nobody. */
  senderOf(request: FastifyRequest): Principal;
  /** Who the headers of an earlier request are now; throws as `identify` does. */
  readonly authenticate: Authenticator['authenticate'];
}

const IDENTIFY_MS = 10_000;
const UNKNOWN_YET = 'Who calls can not be looked up at the moment. Try again shortly.';

export function createIdentification(options: IdentificationOptions): Identification {
  const { authenticator, narrow, securityLog, logger } = options;
  const senders = new WeakMap<FastifyRequest, Principal>();
  return {
    async identify(request) {
      let who: Principal | undefined;
      try {
        who = await soon(authenticator.authenticate(withRepeats(request)));
        senders.set(request, await soon(narrow(who, request.headers)));
      } catch (error) {
        const claimed = authenticator.claimed?.(request.headers);
        await recordFailure(securityLog, request, error, { who, claimed });
        noteFault(logger, request.id, error);
        throw error;
      }
    },
    senderOf(request) {
      const sender = senders.get(request);
      if (sender === undefined) throw new AuthenticationError('The caller is not known.');
      return sender;
    },
    authenticate: async (headers) => soon(narrow(await soon(authenticator.authenticate(headers)), headers)),
  };
}

/** Node keeps the first of two Authorization headers, and makes one of two X-API-Keys: whoever judges them must see both. */
function withRepeats({ headers, raw }: FastifyRequest) {
  const { authorization, 'x-api-key': key } = raw.headersDistinct;
  return { ...headers, authorization: onlyOf(authorization), 'x-api-key': onlyOf(key) };
}

function onlyOf(values: readonly string[] | undefined): string | readonly string[] | undefined {
  return values?.length === 1 ? values[0] : values;
}

/** What looks somebody up may hang, and strangers must not be able to make requests that are never answered. */
function soon<Result>(looking: Promise<Result>): Promise<Result> {
  return within(looking, IDENTIFY_MS, () => new UnavailableError(UNKNOWN_YET));
}

/** That somebody could not be looked up is no refusal: why is in the log, and nowhere else. */
function noteFault(logger: Logger, requestId: string, error: unknown): void {
  const facts = { request_id: requestId, error };
  if (error instanceof UnavailableError) logger.warn('caller_not_looked_up', facts);
  else if (!(error instanceof AisleError) || error instanceof InternalError)
    logger.error('caller_not_looked_up', facts);
}
