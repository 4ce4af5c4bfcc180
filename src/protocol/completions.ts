import type { CompleteRequestParams, Server } from '@modelcontextprotocol/server';
import { NotFoundError } from '../kernel/errors.ts';
import type { Completable } from '../pipeline/index.ts';
import { answer, findOrCount, type Instance } from './instance.ts';

/** The most values a completion may hold, by the specification. */
const MAX_COMPLETIONS = 100;

/** `completion/complete`, of a resource's variables and a prompt's arguments. */
export function serveCompletions(server: Server, instance: Instance): void {
  server.setRequestHandler('completion/complete', async ({ params: { ref, argument } }, sdk) =>
    answer(instance, sdk, async (context) => {
      const of = await findOrCount(instance, context, () => find(instance, ref));
      const { pipeline } = instance.serving;
      const values = await pipeline.complete(of, argument.name, argument.value, context);
      const shown = values.slice(0, MAX_COMPLETIONS);
      return { completion: { values: shown, total: values.length, hasMore: values.length > shown.length } };
    }),
  );
}

function find({ resources, prompts }: Instance, ref: CompleteRequestParams['ref']): Completable {
  const found = ref.type === 'ref/resource' ? resources.find(ref.uri) : prompts.get(ref.name)?.prompt;
  if (found !== undefined) return found;
  throw new NotFoundError('NOT_FOUND', 'There is no such thing to complete.');
}
