import type { Server } from '@modelcontextprotocol/server';
import { NotFoundError } from '../kernel/errors.ts';
import type { Principal } from '../kernel/principal.ts';
import type { Prompt } from '../kernel/prompt.ts';
import { didYouMean, quotable } from '../pipeline/nearest-name.ts';
import { converse } from './conversation.ts';
import { answer, findOrCount, type Instance } from './instance.ts';
import { pageOf } from './paging.ts';
import type { PromptEntry } from './prompt-directory.ts';
import { PAGE_SIZE } from './serving.ts';

/** `prompts/list` and `prompts/get`. */
export function servePrompts(server: Server, instance: Instance): void {
  server.setRequestHandler('prompts/list', async ({ params }, sdk) =>
    answer(instance, sdk, async ({ principal }) => {
      const visible = [...instance.prompts.values()].filter(({ prompt }) =>
        instance.serving.pipeline.shows(principal, prompt),
      );
      const { items, ...next } = pageOf(visible, nameOf, params?.cursor, PAGE_SIZE);
      const prompts = items.map(({ definition }) => ({
        ...definition,
        arguments: definition.arguments.map((argument) => ({ ...argument })),
      }));
      return { prompts, ...next };
    }),
  );
  server.setRequestHandler('prompts/get', async ({ params }, sdk) =>
    answer(instance, sdk, async (context) => {
      const prompt = await findOrCount(instance, context, () =>
        find(instance, params.name, context.principal),
      );
      return converse(instance, sdk, [params.name, params.arguments], context, async (asking) => {
        const messages = await instance.serving.pipeline.getPrompt(prompt, params.arguments, asking);
        return { description: prompt.description, messages: messages.map((message) => ({ ...message })) };
      });
    }),
  );
}

function find({ prompts, serving }: Instance, name: string, principal: Principal): Prompt {
  const entry = prompts.get(name);
  if (entry !== undefined) return entry.prompt;
  const known = [...prompts.values()].filter(({ prompt }) => serving.pipeline.shows(principal, prompt));
  const hint = didYouMean(name, known.map(nameOf));
  throw new NotFoundError('PROMPT_NOT_FOUND', `Unknown prompt: ${quotable(name)}.${hint}`);
}

function nameOf({ prompt }: PromptEntry): string {
  return prompt.name;
}
