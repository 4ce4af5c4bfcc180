import { z } from 'zod';
import { ConfigurationError } from '../kernel/errors.ts';
import type { Module } from '../kernel/module.ts';
import type { Tool, ToolAnnotations } from '../kernel/tool.ts';
import { requirePermission } from './require-permission.ts';

/** A JSON Schema (2020-12) of an object. */
interface ObjectSchema {
  readonly type: 'object';
  readonly [keyword: string]: unknown;
}

/** A tool as `tools/list` and `aisle tools` show it. */
export interface ToolDefinition {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: ObjectSchema;
  readonly outputSchema: ObjectSchema;
  readonly annotations: ToolAnnotations;
}

export interface CatalogueEntry {
  readonly tool: Tool;
  readonly definition: ToolDefinition;
}

const NAME = /^[A-Za-z0-9_.-]{1,128}$/;

/** All tools of all modules by name, in their order. Throws `ConfigurationError` for a name twice, no permission, or a schema that has no JSON form. */
export function catalogue(modules: readonly Module[]): ReadonlyMap<string, CatalogueEntry> {
  const entries = new Map<string, CatalogueEntry>();
  for (const { name: module, tools } of modules) {
    for (const tool of tools) {
      if (!NAME.test(tool.name))
        throw new ConfigurationError(`Module ${module}: '${tool.name}' is not a tool name (${NAME.source}).`);
      if (!Number.isSafeInteger(tool.cost ?? 1) || (tool.cost ?? 1) < 1)
        throw new ConfigurationError(`Tool ${tool.name}: its cost must be a whole number of at least 1.`);
      if (entries.has(tool.name))
        throw new ConfigurationError(`Module ${module}: there is a tool ${tool.name} already.`);
      requirePermission(`Module ${module}: the tool ${tool.name}`, tool);
      entries.set(tool.name, { tool, definition: define(tool) });
    }
  }
  return entries;
}

function define(tool: Tool): ToolDefinition {
  const { name, title, description, annotations } = tool;
  return {
    ...{ name, title, description },
    inputSchema: jsonSchema(tool, tool.input.strict(), 'input'),
    outputSchema: jsonSchema(tool, tool.output, 'output'),
    annotations,
  };
}

function jsonSchema(tool: Tool, schema: z.ZodObject, io: 'input' | 'output'): ObjectSchema {
  try {
    // Without $schema the dialect is 2020-12 by the specification; saying so costs every client tokens.
    const { $schema: _, ...rest } = z.toJSONSchema(schema, { io });
    return { ...rest, type: 'object' };
  } catch (cause) {
    throw new ConfigurationError(`Tool ${tool.name}: its ${io} schema has no JSON Schema form.`, { cause });
  }
}
