import { setTimeout as pause } from 'node:timers/promises';
import { ValidationError } from '../kernel/errors.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { Tool } from '../kernel/tool.ts';
import { fixtureTool, said } from './fixture-tool.ts';
import { embedded, PIXEL, SILENCE } from './media.ts';

/** The pause between two things that a tool tells while it runs, as the suite asks for it. */
const PAUSE_MS = 50;

async function tellThrice(
  { signal }: RequestContext,
  tell: (step: 0 | 1 | 2) => Promise<void> | undefined,
): Promise<void> {
  await tell(0);
  await pause(PAUSE_MS, undefined, { signal });
  await tell(1);
  await pause(PAUSE_MS, undefined, { signal });
  await tell(2);
}

const STEPS = ['Tool execution started', 'Tool processing data', 'Tool execution completed'] as const;

async function logs(context: RequestContext) {
  await tellThrice(context, (step) => context.client?.log('info', STEPS[step]));
  return said('Logged.');
}

/** Tools that say something, in one piece or while they run. */
export const tellingTools: readonly Tool[] = [
  fixtureTool('test_simple_text', async () => said('This is a simple text response for testing.')),
  fixtureTool('test_image_content', async () => [PIXEL]),
  fixtureTool('test_audio_content', async () => [SILENCE]),
  fixtureTool('test_embedded_resource', async () => [
    embedded('test://embedded-resource', 'This is an embedded resource content.'),
  ]),
  fixtureTool('test_multiple_content_types', async () => [
    ...said('Multiple content types test:'),
    PIXEL,
    embedded('test://mixed-content-resource', '{"test":"data","value":123}', 'application/json'),
  ]),
  fixtureTool('test_error_handling', async () => {
    throw new ValidationError('This tool intentionally returns an error for testing.');
  }),
  fixtureTool('test_tool_with_logging', (_, context) => logs(context)),
  fixtureTool('test_logging_tool', (_, context) => logs(context)),
  fixtureTool('test_tool_with_progress', async (_, context) => {
    await tellThrice(context, (step) => context.client?.progress(step * 50, 100));
    return said('Progressed.');
  }),
];
