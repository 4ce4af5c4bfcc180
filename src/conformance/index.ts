import type { Module } from '../kernel/module.ts';
import { askingTools } from './asking-tools.ts';
import { prompts } from './prompts.ts';
import { resources } from './resources.ts';
import { tellingTools } from './telling-tools.ts';

/** What the protocol's conformance suite calls by name. It touches no data, and is governed as everything else is. */
export const conformanceModule: Module = {
  name: 'conformance',
  tools: [...tellingTools, ...askingTools],
  resources,
  prompts,
};
