import { expect, test } from 'vitest';
import { z } from 'zod';
import { definePrompt, type Prompt } from '../kernel/prompt.ts';
import { promptDirectory } from './prompt-directory.ts';

const prompt = (name: string, input: z.ZodObject = z.object({})): Prompt =>
  definePrompt({
    ...{ name, title: 'T', description: 'D', input, permission: 'read:analytics' as const },
    render: async () => [],
  });
const withPrompts = (...prompts: Prompt[]) => [{ name: 'm', tools: [], resources: [], prompts }];

test('lists the arguments with what they are for, and which are needed', () => {
  const input = z.object({
    store: z.string().describe('Which store.'),
    period: z.string().describe('Which time.').default('month'),
  });
  expect(promptDirectory(withPrompts(prompt('review', input))).get('review')?.definition).toEqual({
    ...{ name: 'review', title: 'T', description: 'D' },
    arguments: [
      { name: 'store', description: 'Which store.', required: true },
      { name: 'period', description: 'Which time.', required: false },
    ],
  });
});

test.each([
  ['a name twice', withPrompts(prompt('a'), prompt('a')), 'There is a prompt a already.'],
  [
    'an argument that is no text',
    withPrompts(prompt('a', z.object({ n: z.int().describe('N') }))),
    'argument n',
  ],
  ['an argument without description', withPrompts(prompt('a', z.object({ s: z.string() }))), 'argument s'],
  [
    'no permission',
    withPrompts({ ...prompt('a'), permission: 'all' as Prompt['permission'] }),
    'The prompt a declares no permission that there is (all)',
  ],
])('%s stops the start', (_, modules, message) => {
  expect(() => promptDirectory(modules)).toThrow(message);
});
