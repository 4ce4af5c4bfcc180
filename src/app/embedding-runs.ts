import type { Config } from '../config.ts';
import { ConfigurationError } from '../kernel/errors.ts';
import { type MakingReport, makeEmbeddings } from '../ops/embedding/make-embeddings.ts';
import { type EmbeddingPlan, planEmbeddings } from '../ops/embedding/plan.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { asOperator } from './as-operator.ts';
import { Disposal } from './disposal.ts';
import { openEmbedders } from './embedders.ts';

export type { EmbeddingPlan, MakingReport };

export interface EmbedRequest {
  /** All vectors, and not only those that are missing or out of date. */
  readonly isWhole: boolean;
  /** Asked before anything is made or paid, and only when there is something to do; unless it agrees nothing is. */
  readonly agrees: (plan: EmbeddingPlan) => Promise<boolean>;
  readonly onProgress: (done: number, total: number) => void;
  /** Stops it; what was saved stays. */
  readonly signal: AbortSignal;
}

export interface EmbedResult {
  readonly plan: EmbeddingPlan;
  /** Undefined where nothing was made. */
  readonly report: MakingReport | undefined;
}

/** Makes vectors with what the settings name, as an operator asks for it. */
export function embedAsOperator(config: Config, request: EmbedRequest): Promise<EmbedResult> {
  const { isWhole, agrees, onProgress, signal } = request;
  return asOperator(config, async ({ database, change }) => {
    const disposal = new Disposal(silentLogger);
    try {
      const { target } = await openEmbedders(config, database.secretKeys, silentLogger, disposal);
      if (target === undefined)
        throw new ConfigurationError(
          'EMBEDDING_PROVIDER is "none", so there are no vectors to make. Name a provider there, or with --provider.',
        );
      const plan = await planEmbeddings(database, target, isWhole);
      if (plan.isDone || !(await agrees(plan))) return { plan, report: undefined };
      const { model, set, products, tokens, cost } = plan;
      const report = await change(
        { type: 'embeddings_made', action: 'embed', details: { ...model, set, products, tokens, cost } },
        () => makeEmbeddings({ database, embedder: target, isWhole, signal, onProgress }),
        ({ made, refused, serves, isStopped }) => ({ details: { made, refused, serves, isStopped } }),
      );
      return { plan, report };
    } finally {
      await disposal.dispose();
    }
  });
}
