import { z } from 'zod';
import { demand } from '../../../kernel/demand.ts';
import { defineTool, READ_ONLY, type Tool } from '../../../kernel/tool.ts';
import { listOutput, listResult } from '../answer.ts';
import { isOneKey, keyArguments } from '../product-key.ts';
import { crossSell } from '../recommendations/cross-sell.ts';
import { customerBased } from '../recommendations/customer-based.ts';
import {
  MOST_DAYS,
  type Recommendation,
  type RecommendationDeps,
} from '../recommendations/recommendation.ts';
import { similarProducts } from '../recommendations/similar-products.ts';
import { trending } from '../recommendations/trending.ts';

const KINDS = ['similar_products', 'customer_based', 'trending', 'cross_sell'] as const;
const RECOMMENDATIONS: Readonly<Record<(typeof KINDS)[number], Recommendation>> = {
  similar_products: similarProducts,
  customer_based: customerBased,
  cross_sell: crossSell,
  trending,
};

/** What sells better now shows in a month; what is bought together, and by one customer, takes as long as there is. */
const TRENDING_DAYS = 30;

const input = z
  .strictObject({
    kind: z.enum(KINDS).describe('customer_based of a customer, trending of none'),
    ...keyArguments,
    customer: z.string().trim().min(1).max(40).optional().describe('customer_id or customer_number'),
    days: z
      .int()
      .min(1)
      .max(MOST_DAYS)
      .optional()
      .describe(`Of sales that count; default ${TRENDING_DAYS} for trending, else ${MOST_DAYS}`),
    max_rows: z.int().min(1).max(100).default(10).describe('At most'),
  })
  .superRefine(({ kind, customer, ...key }, { addIssue }) => {
    const { needs } = RECOMMENDATIONS[kind];
    const hasKey = key.sku !== undefined || key.product_id !== undefined;
    if (needs.includes('product') ? !isOneKey(key) : hasKey) {
      addIssue(
        needs.includes('product')
          ? `${kind} needs sku or product_id, one of them`
          : `${kind} is of no product`,
      );
    }
    if (needs.includes('customer') !== (customer !== undefined)) {
      addIssue(needs.includes('customer') ? `${kind} needs customer` : `${kind} is of no customer`);
    }
  });

export function getProductRecommendations(deps: RecommendationDeps): Tool {
  return defineTool({
    name: 'get_product_recommendations',
    title: 'Recommend products',
    description:
      'Products to recommend: like one, for a customer by what they bought, selling more than before, or bought with one, in your stores.',
    input,
    output: listOutput,
    permission: 'read:products',
    annotations: READ_ONLY,
    cost: 2,
    cache: { ttlSeconds: 14_400, staleSeconds: 3600 },
    async run({ kind, days = kind === 'trending' ? TRENDING_DAYS : MOST_DAYS, ...asked }, context) {
      const recommendation = RECOMMENDATIONS[kind];
      demand(context.principal, ...recommendation.permissions);
      return listResult(await recommendation.run({ ...asked, days }, deps, context));
    },
  });
}
