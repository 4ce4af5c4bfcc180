import { createHash } from 'node:crypto';
import { createRequestStateCodec, type ServerContext } from '@modelcontextprotocol/server';
import { ValidationError } from '../kernel/errors.ts';
import type { Principal } from '../kernel/principal.ts';

/** What a client gave in earlier rounds, by the keys it was asked under. */
export type Answers = Readonly<Record<string, unknown>>;

/**
 * What an unfinished call takes with it to the client and back, so that any replica can go on with it: the answers so
 * far. Signed, and bound to the caller, the method, and the call's name and arguments: it is good for nothing else.
 */
export interface RequestState {
  mint(answers: Answers, about: unknown, sdk: ServerContext): Promise<string>;
  /** For the SDK, which calls it before the handler. Rejects for what was changed, is too old or is another's. */
  verify(state: string, sdk: ServerContext): Promise<unknown>;
  /** Throws `ValidationError` for the state of another call. */
  answersOf(about: unknown, sdk: ServerContext): Answers;
}

interface Payload {
  readonly about: string;
  readonly answers: Answers;
}

/** Seconds in which a person may answer. */
const VALID_SECONDS = 600;

export function createRequestState(
  key: Uint8Array,
  principalOf: (sdk: ServerContext) => Principal,
): RequestState {
  const codec = createRequestStateCodec<Payload>({
    key,
    ttlSeconds: VALID_SECONDS,
    bind: (sdk) => {
      const { subject, client, store } = principalOf(sdk);
      return JSON.stringify([sdk.mcpReq.method, subject, client, store]);
    },
  });
  return {
    mint: (answers, about, sdk) => codec.mint({ about: digest(about), answers }, sdk),
    verify: (state, sdk) => codec.verify(state, sdk),
    answersOf(about, sdk) {
      const payload = sdk.mcpReq.requestState<Payload>();
      if (payload === undefined) return {};
      if (payload.about === digest(about)) return payload.answers;
      throw new ValidationError('This requestState belongs to another call. Call again without it.');
    },
  };
}

function digest(about: unknown): string {
  return createHash('sha256').update(JSON.stringify(about)).digest('base64url');
}
