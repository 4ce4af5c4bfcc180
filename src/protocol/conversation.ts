import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  type CreateMessageRequestParams,
  type ElicitRequestFormParams,
  type InputRequest,
  type InputRequests,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { ClientAbility, ClientLink } from '../kernel/client-link.ts';
import { ClientAbilityError, InputRequiredError } from '../kernel/errors.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import { redact } from '../telemetry/redact.ts';
import { type Heartbeat, startHeartbeat } from './heartbeat.ts';
import type { Instance } from './instance.ts';
import type { Answers } from './request-state.ts';

/**
 * Answers a request whose work may ask the client. What it asks goes out as an input-required result; the SDK turns that
 * into requests of its own towards a client of 2025-11-25, and comes back here with the answers in both eras. `about` is
 * what the request is for, its name and arguments.
 */
export async function converse<Result>(
  instance: Instance,
  sdk: ServerContext,
  about: unknown,
  context: RequestContext,
  work: (context: RequestContext) => Promise<Result>,
): Promise<Result | InputRequiredResult> {
  const { requestState } = instance;
  const answers: Answers = { ...requestState.answersOf(about, sdk), ...sdk.mcpReq.inputResponses };
  const asked: InputRequests = {};
  const heart =
    sdk.mcpReq._meta?.progressToken === undefined
      ? undefined
      : startHeartbeat((seconds) => tellProgress(sdk, seconds, undefined, 'still running'));
  const client = createLink(instance, sdk, answers, asked, heart);
  try {
    return await work({ ...context, client });
  } catch (error) {
    if (!(error instanceof InputRequiredError)) throw error;
    return inputRequired({
      inputRequests: asked,
      requestState: await requestState.mint(answers, about, sdk),
    });
  } finally {
    heart?.stop();
  }
}

function createLink(
  instance: Instance,
  sdk: ServerContext,
  answers: Answers,
  asked: InputRequests,
  heart: Heartbeat | undefined,
): ClientLink {
  const { mcpReq } = sdk;
  const can = abilitiesOf(
    mcpReq.envelope === undefined
      ? instance.server.getClientCapabilities()
      : (mcpReq.envelope as { readonly [CLIENT_CAPABILITIES_META_KEY]?: ClientCapabilities })[
          CLIENT_CAPABILITIES_META_KEY
        ],
  );
  /** Not awaited before it is noted, so that several things can be asked at once. */
  const ask = (key: string, ability: ClientAbility, request: InputRequest): never => {
    if (!can.has(ability)) throw new ClientAbilityError(ability);
    asked[key] = request;
    throw new InputRequiredError(`The client is asked for ${key}.`);
  };
  const answerTo = (key: string) => inputResponse(Object.hasOwn(answers, key) ? answers : {}, key);
  return {
    can,
    async elicit(key, { message, schema }) {
      const answer = answerTo(key);
      if (answer.kind === 'elicit') return answer;
      const requestedSchema = schema as unknown as ElicitRequestFormParams['requestedSchema'];
      return ask(key, 'elicitation', inputRequired.elicit({ message, requestedSchema }));
    },
    async sample(key, request) {
      const answer = answerTo(key);
      if (answer.kind === 'sampling')
        return { model: answer.result.model, text: textOf(answer.result.content) };
      const params = request as CreateMessageRequestParams;
      return ask(key, 'sampling', inputRequired.createMessage(params));
    },
    async roots(key) {
      const answer = answerTo(key);
      return answer.kind === 'roots' ? answer.roots : ask(key, 'roots', inputRequired.listRoots());
    },
    progress(done, total, message) {
      // What it tells itself says more, and numbers of progress may only grow.
      heart?.stop();
      return tellProgress(sdk, done, total, message);
    },
    log: (level, data) => mcpReq.log(level, redact(data), 'aisle'),
  };
}

async function tellProgress(
  { mcpReq }: ServerContext,
  progress: number,
  total?: number,
  message?: string,
): Promise<void> {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return;
  await mcpReq.notify({
    method: 'notifications/progress',
    params: { progressToken, progress, total, message },
  });
}

function abilitiesOf(declared: ClientCapabilities | undefined): ReadonlySet<ClientAbility> {
  const { elicitation, sampling, roots } = declared ?? {};
  // Clients of before there were modes declare none, and mean forms.
  const hasForms =
    elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
  return new Set<ClientAbility>([
    ...(hasForms ? (['elicitation'] as const) : []),
    ...(sampling === undefined ? [] : (['sampling'] as const)),
    ...(roots === undefined ? [] : (['roots'] as const)),
  ]);
}

function textOf(content: unknown): string {
  return [content]
    .flat()
    .map((part) => (typeof part === 'object' && part !== null && 'text' in part ? String(part.text) : ''))
    .join('');
}
