import { z } from 'zod';
import type { Content } from '../kernel/content.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import { defineTool, READ_ONLY, type Tool } from '../kernel/tool.ts';

/** A tool of the suite's: what it says is content, and its arguments, if it has any, are texts. */
export function fixtureTool<Name extends string = never>(
  name: string,
  run: (args: Readonly<Record<Name, string>>, context: RequestContext) => Promise<readonly Content[]>,
  ...args: readonly Name[]
): Tool {
  return defineTool({
    ...{ name, title: name, description: 'A fixture of the conformance suite.' },
    input: z.object(Object.fromEntries(args.map((arg) => [arg, z.string().max(1000)]))),
    output: z.object({}),
    permission: 'read:analytics',
    annotations: READ_ONLY,
    talks: true,
    run: async (given, context) => {
      const content = await run(given as Readonly<Record<Name, string>>, context);
      return { structured: {}, text: '', content };
    },
  });
}

export function said(text: string): readonly Content[] {
  return [{ type: 'text', text }];
}
