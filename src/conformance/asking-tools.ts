import type { ClientLink, Question, Reply, SamplingRequest } from '../kernel/client-link.ts';
import { ClientAbilityError } from '../kernel/errors.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { Tool } from '../kernel/tool.ts';
import { fixtureTool, said } from './fixture-tool.ts';
import { askFor, CHOICES, CONFIRMATION, DEFAULTS, form } from './questions.ts';

const NAME = askFor('name', 'What is your name?');

function clientOf({ client }: RequestContext): ClientLink {
  if (client === undefined) throw new ClientAbilityError('elicitation');
  return client;
}

function promptFor(text: string, maxTokens = 100): SamplingRequest {
  return { messages: [{ role: 'user', content: { type: 'text', text } }], maxTokens };
}

function completed({ action, content }: Reply) {
  return said(`Elicitation completed: action=${action}, content=${JSON.stringify(content ?? {})}`);
}

/** Asks one thing and says what became of it. */
function asks(name: string, key: string, question: Question): Tool {
  return fixtureTool(name, async (_, context) => completed(await clientOf(context).elicit(key, question)));
}

/** Tools that ask the client before they say anything. */
export const askingTools: readonly Tool[] = [
  fixtureTool(
    'test_sampling',
    async ({ prompt }, context) =>
      said(`LLM response: ${(await clientOf(context).sample('answer', promptFor(prompt))).text}`),
    'prompt',
  ),
  fixtureTool(
    'test_elicitation',
    async ({ message }, context) => {
      const text = (description: string) => ({ type: 'string', description });
      const properties = { username: text("User's response"), email: text("User's email address") };
      return completed(await clientOf(context).elicit('user', form(message, properties)));
    },
    'message',
  ),
  asks('test_elicitation_sep1034_defaults', 'defaults', DEFAULTS),
  asks('test_elicitation_sep1330_enums', 'choices', CHOICES),
  asks('test_streaming_elicitation', 'confirm', CONFIRMATION),
  asks('test_input_required_result_elicitation', 'user_name', NAME),
  asks('test_input_required_result_tampered_state', 'confirm', CONFIRMATION),
  fixtureTool('test_missing_capability', async (_, context) =>
    said((await clientOf(context).sample('anything', promptFor('Say anything.'))).text),
  ),
  fixtureTool('test_input_required_result_sampling', async (_, context) => {
    const question = promptFor('What is the capital of France?');
    return said((await clientOf(context).sample('capital_question', question)).text);
  }),
  fixtureTool('test_input_required_result_list_roots', async (_, context) =>
    said((await clientOf(context).roots('client_roots')).map(({ uri }) => uri).join('\n')),
  ),
  fixtureTool('test_input_required_result_request_state', async (_, context) => {
    await clientOf(context).elicit('confirm', CONFIRMATION);
    return said('state-ok');
  }),
  fixtureTool('test_input_required_result_multiple_inputs', async (_, context) => {
    const client = clientOf(context);
    const [name, greeting, roots] = await Promise.all([
      client.elicit('user_name', NAME),
      client.sample('greeting', promptFor('Generate a greeting', 50)),
      client.roots('client_roots'),
    ]);
    return said(JSON.stringify([name, greeting, roots]));
  }),
  fixtureTool('test_input_required_result_multi_round', async (_, context) => {
    const client = clientOf(context);
    const name = await client.elicit('step1', askFor('name', 'Step 1: What is your name?'));
    const color = await client.elicit('step2', askFor('color', 'Step 2: What is your favorite color?'));
    return said(JSON.stringify([name.content, color.content]));
  }),
  fixtureTool('test_input_required_result_capabilities', async (_, context) => {
    const client = clientOf(context);
    if (client.can.has('elicitation')) return completed(await client.elicit('user_name', NAME));
    return said((await client.sample('greeting', promptFor('Generate a greeting'))).text);
  }),
];
