import type { CachePolicy } from '../../../kernel/tool.ts';

/** What a search finds changes with the catalogue and the stock, which tell of it, and with nothing else. */
export const SEARCH_CACHE: CachePolicy = { ttlSeconds: 3600, staleSeconds: 3600 };
