import type { CacheHint, Implementation } from '@modelcontextprotocol/server';
import { ICON } from './icon.ts';

/** Who answers, as every answer of 2026-07-28 says. */
export function serverInfo(version: string): Implementation {
  return { name: 'aisle', title: 'Aisle', version, icons: [ICON] };
}

/** What is listed depends on the caller's permissions, and not on time. */
export const LIST_HINT = { ttlMs: 60_000, cacheScope: 'private' } as const satisfies CacheHint;
