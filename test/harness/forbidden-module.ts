/** A tool that most may not use. */
import { z } from 'zod';
import type { Module } from '../../src/kernel/module.ts';
import { defineTool, READ_ONLY } from '../../src/kernel/tool.ts';

export const forbiddenModule: Module = {
  name: 'forbidden',
  resources: [],
  tools: [
    defineTool({
      ...{ name: 'forbidden', title: 'Forbidden', description: 'For auditors.' },
      ...{ input: z.object({}), output: z.object({}), permission: 'read:audit', annotations: READ_ONLY },
      run: async () => ({ structured: {}, text: '' }),
    }),
  ],
};
