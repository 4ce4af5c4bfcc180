import { z } from 'zod';
import { ConfigurationError } from '../kernel/errors.ts';
import type { Module } from '../kernel/module.ts';
import type { Prompt } from '../kernel/prompt.ts';
import { requirePermission } from './require-permission.ts';

/** A prompt as `prompts/list` shows it. */
interface PromptDefinition {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly arguments: readonly {
    readonly name: string;
    readonly description: string;
    readonly required: boolean;
  }[];
}

export interface PromptEntry {
  readonly prompt: Prompt;
  readonly definition: PromptDefinition;
}

export type PromptDirectory = ReadonlyMap<string, PromptEntry>;

/**
 * All prompts of all modules by name, in their order. Throws `ConfigurationError` for a name twice, no permission, or an
 * argument that is no text or not described.
 */
export function promptDirectory(modules: readonly Module[]): PromptDirectory {
  const entries = new Map<string, PromptEntry>();
  for (const prompt of modules.flatMap((module) => module.prompts ?? [])) {
    if (entries.has(prompt.name)) throw new ConfigurationError(`There is a prompt ${prompt.name} already.`);
    requirePermission(`The prompt ${prompt.name}`, prompt);
    entries.set(prompt.name, { prompt, definition: define(prompt) });
  }
  return entries;
}

function define({ name, title, description, input }: Prompt): PromptDefinition {
  const { properties = {}, required = [] } = z.toJSONSchema(input, { io: 'input' });
  const args = Object.entries(properties).map(([argument, schema]) => {
    if (typeof schema !== 'object' || schema.type !== 'string' || schema.description === undefined)
      throw new ConfigurationError(
        `Prompt ${name}: its argument ${argument} must be a text with a description.`,
      );
    return { name: argument, description: schema.description, required: required.includes(argument) };
  });
  return { name, title, description, arguments: args };
}
