import type { Content } from './content.ts';

/** What a client says that it can be asked: its user, its model, the folders it works in. */
export type ClientAbility = 'elicitation' | 'sampling' | 'roots';

/** A form for the client's user: a JSON Schema of one flat object. */
export interface Question {
  readonly message: string;
  readonly schema: {
    readonly type: 'object';
    readonly properties: Readonly<Record<string, object>>;
    readonly required?: readonly string[];
  };
}

/** What the user made of it. `content` is there when it was accepted, and is as untrusted as any argument. */
export interface Reply {
  readonly action: 'accept' | 'decline' | 'cancel';
  readonly content?: Readonly<Record<string, unknown>>;
}

export interface SamplingRequest {
  readonly messages: readonly { readonly role: 'user' | 'assistant'; readonly content: Content }[];
  readonly maxTokens: number;
  readonly systemPrompt?: string;
}

/** `text` is what the client's model wrote: as untrusted as any argument. */
interface Sample {
  readonly model: string;
  readonly text: string;
}

interface ClientRoot {
  readonly uri: string;
  readonly name?: string | undefined;
}

type ClientLogLevel = 'debug' | 'info' | 'notice' | 'warning' | 'error';

/**
 * What a call may say to its client, and ask it. A question that has no answer yet ends the call with
 * `InputRequiredError`; it runs again from its beginning once the answer is there, so that nothing is held while a person
 * thinks. Ask before anything is changed, under keys that stay the same, and several things at once with `Promise.all`.
 */
export interface ClientLink {
  readonly can: ReadonlySet<ClientAbility>;
  /** Each throws `ClientAbilityError` when the client can't be asked, `InputRequiredError` until it has answered. */
  elicit(key: string, question: Question): Promise<Reply>;
  sample(key: string, request: SamplingRequest): Promise<Sample>;
  roots(key: string): Promise<readonly ClientRoot[]>;
  /** How far the call is; `done` only grows. Nothing is sent to a client that did not ask for it. */
  progress(done: number, total?: number, message?: string): Promise<void>;
  /** A line for the client's log; what the client did not ask to see is not sent. */
  log(level: ClientLogLevel, data: unknown): Promise<void>;
}
