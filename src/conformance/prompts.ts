import { z } from 'zod';
import type { ClientLink } from '../kernel/client-link.ts';
import type { Content } from '../kernel/content.ts';
import { definePrompt, type Prompt } from '../kernel/prompt.ts';
import { embedded, PIXEL } from './media.ts';
import { askFor } from './questions.ts';

type Args = Readonly<Record<string, string>>;

function fixture(
  name: string,
  args: readonly string[],
  say: (args: Args, client: ClientLink | undefined) => Promise<readonly Content[]>,
): Prompt {
  const text = (argument: string) => z.string().max(1000).describe(`The argument ${argument}.`);
  return definePrompt({
    ...{ name, title: name, description: 'A fixture of the conformance suite.' },
    input: z.object(Object.fromEntries(args.map((argument) => [argument, text(argument)]))),
    permission: 'read:analytics',
    complete: Object.fromEntries(args.map((argument) => [argument, async (typed) => [`${typed}Value`]])),
    render: async (given, { client }) => {
      const contents = await say(given as Args, client);
      return contents.map((content) => ({ role: 'user', content }));
    },
  });
}

const text = (words: string): Content => ({ type: 'text', text: words });

export const prompts: readonly Prompt[] = [
  fixture('test_simple_prompt', [], async () => [text('This is a simple prompt for testing.')]),
  fixture('test_prompt_with_arguments', ['arg1', 'arg2'], async ({ arg1, arg2 }) => [
    text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`),
  ]),
  fixture('test_prompt_with_embedded_resource', ['resourceUri'], async ({ resourceUri = '' }) => [
    embedded(resourceUri, 'Embedded resource content for testing.'),
    text('Please process the embedded resource above.'),
  ]),
  fixture('test_prompt_with_image', [], async () => [PIXEL, text('Please analyze the image above.')]),
  fixture('test_input_required_result_prompt', [], async (_, client) => {
    const question = askFor('context', 'What context should the prompt use?');
    return [
      text(`In the context of ${JSON.stringify((await client?.elicit('user_context', question))?.content)}`),
    ];
  }),
];
