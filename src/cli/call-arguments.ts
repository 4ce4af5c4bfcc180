import { ValidationError } from '../kernel/errors.ts';

/** As much of a tool's input schema as is needed to read words of a command line. */
export interface InputSchema {
  readonly [keyword: string]: unknown;
}

/**
 * Turns words into arguments: `name=value` for a parameter of that name; a bare word is the next required parameter that
 * has no value yet. Numbers, booleans and lists (`a,b` or JSON) follow the parameter's type; the tool checks the rest.
 */
export function argumentsFrom(schema: InputSchema, words: readonly string[]): Record<string, unknown> {
  const properties = (schema.properties ?? {}) as Record<string, { readonly type?: unknown }>;
  const waiting = Array.isArray(schema.required) ? [...(schema.required as string[])] : [];
  const given = new Map<string, unknown>();
  const bare: string[] = [];
  for (const word of words) {
    const name = /^([a-z_]+)=/.exec(word)?.[1];
    if (name === undefined || !Object.hasOwn(properties, name)) bare.push(word);
    else given.set(name, typed(properties[name]?.type, word.slice(name.length + 1)));
  }
  for (const word of bare) {
    const name = waiting.find((candidate) => !given.has(candidate));
    if (name === undefined) {
      throw new ValidationError(
        `No parameter is left for "${word}". Write name=value; there are: ${Object.keys(properties).join(', ')}.`,
      );
    }
    given.set(name, typed(properties[name]?.type, word));
  }
  return Object.fromEntries(given);
}

function typed(type: unknown, text: string): unknown {
  if (type === 'array') return text.startsWith('[') ? json(text) : text.split(',').map((item) => item.trim());
  if ((type === 'integer' || type === 'number') && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  if (type === 'object') return json(text);
  return text;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ValidationError(`Not JSON: ${text.slice(0, 80)}`);
  }
}
