import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { linkSignals } from '../kernel/linked-signal.ts';
import type { Caller } from '../protocol/caller.ts';
import { createDirectAnswers, type DirectRequest } from '../protocol/direct-answers.ts';
import type { Serving } from '../protocol/serving.ts';
import { eventStream } from './event-stream.ts';
import type { Verdict } from './refusals.ts';

/** Answers ordinary requests without the SDK's server, web streams, and whatever else would be made anew for each. */
export interface HotPath {
  takes(request: DirectRequest): boolean;
  /** Any of `ends` stops the call. */
  answer(
    request: DirectRequest,
    caller: Omit<Caller, 'signal'>,
    ends: readonly AbortSignal[],
  ): Promise<HotAnswer>;
}

export interface HotAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Readable;
}

const HEADERS = {
  modern: { 'content-type': 'application/json' },
  // A client of the older protocol asks for a stream, which then holds one message.
  legacy: { 'content-type': 'text/event-stream', connection: 'keep-alive', 'x-accel-buffering': 'no' },
} as const;

export function createHotPath(serving: Serving): HotPath {
  const answers = createDirectAnswers(serving);
  return {
    takes: answers.takes,
    async answer(request, caller, ends) {
      const { signal, release } = linkSignals(...ends);
      const message = answers.answer(request, { ...caller, signal }).finally(release);
      const body = await (request.era === 'modern' ? message : eventStream(message));
      return { headers: HEADERS[request.era], body };
    },
  };
}

/** Puts an answer on the reply, as the verdict has it, and tells what is left to be sent. */
export function onReply(
  reply: FastifyReply,
  answer: HotAnswer,
  { instead, headers }: Verdict,
): string | Readable {
  reply.headers(instead === undefined ? answer.headers : HEADERS.modern).headers(headers);
  // A text goes out in one write with its headers; Fastify would name the charset of one that it takes for unserialised.
  reply.serializer((text) => text as string);
  if (instead === undefined) return answer.body;
  reply.code(instead.status);
  return JSON.stringify(instead.body);
}
