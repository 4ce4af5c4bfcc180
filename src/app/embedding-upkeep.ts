import type { Database } from '../data/database.ts';
import type { Embedders } from '../kernel/embedding.ts';
import type { Logger } from '../kernel/logger.ts';
import { startEmbeddingUpkeep } from '../ops/embedding-upkeep.ts';
import type { Disposal } from './disposal.ts';

/** From now on this server makes the vectors that are missing, until it closes; the start does not wait for them. */
export function openEmbeddingUpkeep(
  database: Database,
  embedders: Embedders,
  logger: Logger,
  disposal: Disposal,
): void {
  if (embedders.target === undefined) return;
  const upkeep = startEmbeddingUpkeep({ database, embedders, logger });
  disposal.add('upkeep of vectors', () => upkeep.stop());
}
