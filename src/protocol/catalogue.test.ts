import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Resource } from '../kernel/resource.ts';
import { defineTool, READ_ONLY, type Tool } from '../kernel/tool.ts';
import { catalogue } from './catalogue.ts';
import { resourceDirectory } from './resource-directory.ts';

const tool = (name: string, input: z.ZodObject = z.object({})): Tool =>
  defineTool({
    ...{
      name,
      title: 'T',
      description: 'D',
      input,
      output: z.object({}),
      permission: 'read:analytics' as const,
    },
    annotations: READ_ONLY,
    run: async () => ({ structured: {}, text: '' }),
  });
const resource = (uri: string): Resource => ({
  ...{ name: 'r', title: 'R', description: 'D', uri, mimeType: 'text/plain', permission: 'read:analytics' },
  read: async () => ({ mimeType: 'text/plain', text: '' }),
});
const withTools = (...tools: Tool[]) => [{ name: 'm', tools, resources: [] }];
const withResources = (...uris: string[]) => [{ name: 'm', tools: [], resources: uris.map(resource) }];

test('holds every tool of every module by name, in order', () => {
  const entries = catalogue([...withTools(tool('b')), ...withTools(tool('a'))]);
  expect([...entries.keys()]).toEqual(['b', 'a']);
  expect(entries.get('a')?.definition.inputSchema).toEqual({
    type: 'object',
    properties: {},
    additionalProperties: false,
  });
});

test.each([
  ['a name twice', withTools(tool('a'), tool('a')), 'Module m: there is a tool a already.'],
  ['a name that is none', withTools(tool('a b')), "Module m: 'a b' is not a tool name"],
  [
    'a cost that gives back',
    withTools({ ...tool('a'), cost: -1 }),
    'Tool a: its cost must be a whole number',
  ],
  ['half a cost', withTools({ ...tool('a'), cost: 0.5 }), 'Tool a: its cost must be a whole number'],
  [
    'a schema without JSON form',
    withTools(tool('a', z.object({ f: z.custom<() => void>(), d: z.date() }))),
    'Tool a: its input schema',
  ],
])('%s stops the start', (_, modules, message) => {
  expect(() => catalogue(modules)).toThrow(message);
});

test.each([
  ['a URI twice', withResources('a://b', 'a://b'), 'There is a resource a://b already.'],
  ['a template that cannot be read', withResources('a://{b}/{c'), 'cannot be read'],
])('%s stops the start', (_, modules, message) => {
  expect(() => resourceDirectory(modules)).toThrow(message);
});

test.each([
  ['a://b', 'a://b', {}],
  ['a://b/c', 'a://b/{name}', { name: 'c' }],
  ['a://b/c%20%26%2Fd', 'a://b/{name}', { name: 'c &/d' }],
  ['a://b/..', 'a://b/{name}', { name: '..' }],
])('%s is %s', (uri, found, variables) => {
  const directory = resourceDirectory(withResources('a://b', 'a://b/{name}'));
  expect(directory.match(uri)).toMatchObject({ resource: { uri: found }, variables });
});

test.each([
  'a://b/',
  'a://b/c/d',
  'A://b',
  'a://b/{name}/',
  'a://b/%E0%A4%A',
  '',
  `a://b/${'x'.repeat(1_000_000)}`,
])('%.20s is nothing', (uri) => {
  const directory = resourceDirectory(withResources('a://b', 'a://b/{name}'));
  expect(() => directory.match(uri)).toThrow('There is no such resource.');
});

test.each([undefined, '', 'read', 'read:everything', 'READ:ORDERS', 'constructor'])(
  'a tool or resource whose permission is %j does not start',
  (permission) => {
    const open = { permission } as unknown as Pick<Tool, 'permission'>;
    expect(() => catalogue(withTools({ ...tool('a'), ...open }))).toThrow(
      `Module m: the tool a declares no permission that there is (${permission}). Give it one of src/kernel/permission.ts.`,
    );
    expect(() =>
      resourceDirectory([{ name: 'm', tools: [], resources: [{ ...resource('a://b'), ...open }] }]),
    ).toThrow(
      `The resource a://b declares no permission that there is (${permission}). Give it one of src/kernel/permission.ts.`,
    );
  },
);
