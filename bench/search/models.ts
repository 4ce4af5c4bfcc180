import type { Disposal } from '../../src/app/disposal.ts';
import { openEmbedders } from '../../src/app/embedders.ts';
import { secretKeysFor } from '../../src/app/secret-keys.ts';
import { loadConfig } from '../../src/config.ts';
import { createLocalEmbedder } from '../../src/embedding/local-embedder.ts';
import { type Embedder, isSameModel } from '../../src/kernel/embedding.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';

/** The built-in one, and the one that the environment names (EMBEDDING_PROVIDER=openai …), as for a server. */
export async function models(disposal: Disposal): Promise<readonly Embedder[]> {
  const config = await loadConfig();
  const { target } = await openEmbedders(config, await secretKeysFor(config), silentLogger, disposal);
  const local = createLocalEmbedder();
  return target === undefined || isSameModel(target.model, local.model) ? [local] : [local, target];
}
