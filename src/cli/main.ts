#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// What was compiled (and stripped of its types) is kept for the next start: half of what a start costs. Beside the packages,
// as whoever may write there may change the code itself; where nobody may, nothing is kept. It begins with what is loaded next.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/aisle', import.meta.url)));
const { run } = await import('./program.ts');
await run();
