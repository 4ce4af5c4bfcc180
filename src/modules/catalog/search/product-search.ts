import { z } from 'zod';
import type { Database, Rows, TenantSession } from '../../../data/database.ts';
import { decodeRows } from '../../../data/decode-rows.ts';
import { type Embedders, vectorText } from '../../../kernel/embedding.ts';
import { AisleError, CancelledError, ConfigurationError, UnavailableError } from '../../../kernel/errors.ts';
import type { RequestContext } from '../../../kernel/request-context.ts';
import { productShape } from '../product.ts';
import type { Meaning } from './by-meaning.ts';
import type { Filters } from './filters.ts';
import { type Search, searchStatement } from './search-statement.ts';
import { SERVING_COLUMNS, type ServingSet, servingSetOf } from './serving-set.ts';

const foundShape = { ...productShape, similarity: z.number().nullable() };
type FoundProduct = z.output<z.ZodObject<typeof foundShape>>;

/** How products were found: `text` when nothing could be compared by meaning, and then `degraded` says why. */
export interface SearchAnswer {
  readonly mode: 'vector' | 'hybrid' | 'text';
  readonly degraded?: string;
  /** What it is degraded by may pass at any moment. */
  readonly isPassing?: boolean;
  readonly products: readonly FoundProduct[];
}

export interface SearchRequest {
  readonly words: string;
  /** By meaning alone, or by words as well. */
  readonly mode: 'vector' | 'hybrid';
  /** Cosine similarity that meaning must have at least. Default: that of the model, under which texts are unrelated. */
  readonly least?: number;
  readonly filters: Filters;
  readonly maxRows: number;
}

/** Where a search by a vector that is stored already begins: as pgvector writes it, and the products that it is made of. */
export interface Start {
  readonly vector: string;
  readonly without: readonly string[];
}

/** The products nearest to a start, or why there are none; `why` is undefined where there is nothing to begin with. */
type Near = { readonly products: readonly FoundProduct[] } | { readonly why: string | undefined };

/** A vector, or why there is none. */
type Meant = Meaning | { readonly why: string; readonly isPassing: boolean };

/** A set may stop serving while a search is made for it; more often than this it does not. */
const TRIES = 3;

/**
 * Searches products. The words are embedded by the model whose vectors serve, before a connection is taken; the statement
 * says which set that was, so that it never compares with another one's.
 */
export class ProductSearch {
  private readonly database: Pick<Database, 'withTenant'>;
  private readonly embedders: Embedders;
  /** The set that served when last told: every search tells it. */
  private serving: ServingSet | undefined;

  constructor(database: Pick<Database, 'withTenant'>, embedders: Embedders) {
    this.database = database;
    this.embedders = embedders;
  }

  /** Throws what `withTenant` throws. A provider that fails is no failure: words are looked for then. */
  async find(
    { words, mode, least, filters, maxRows }: SearchRequest,
    context: RequestContext,
  ): Promise<SearchAnswer> {
    return this.whileItServes(async (set) => {
      const meant = await this.meaningOf(words, set, least, context);
      const search: Search =
        'why' in meant
          ? { words, filters, maxRows }
          : { meaning: meant, filters, maxRows, ...(mode === 'hybrid' && { words }) };
      const answer =
        'why' in meant
          ? { mode: 'text' as const, degraded: meant.why, isPassing: meant.isPassing }
          : { mode };
      return this.run(search, answer, context);
    });
  }

  /** By words alone. */
  async byWords(words: string, maxRows: number, filters: Filters, context: RequestContext) {
    const { answer } = await this.run({ words, filters, maxRows }, { mode: 'text' }, context);
    return answer.products;
  }

  /** The products nearest to what `startOf` tells of the set that serves. */
  async near(
    startOf: (tenant: TenantSession, set: ServingSet) => Promise<Start | undefined>,
    maxRows: number,
    context: RequestContext,
  ): Promise<Near> {
    return this.whileItServes<Near>(async (set) => {
      const start = set && (await this.database.withTenant(context, (tenant) => startOf(tenant, set)));
      // Nothing to begin with there, or the set has stopped serving.
      if (set === undefined || start === undefined) {
        const why = set === undefined ? this.whyNoSet() : undefined;
        return { serving: await this.look(context), answer: { why } };
      }
      const meaning = { set, vector: start.vector, least: -1 };
      const search = { meaning, filters: { without: start.without }, maxRows };
      const { serving, answer } = await this.run(search, { mode: 'vector' }, context);
      return { serving, answer: { products: answer.products } };
    });
  }

  private async run(search: Search, how: Omit<SearchAnswer, 'products'>, context: RequestContext) {
    const rows = await this.database.withTenant(context, (tenant) => tenant.query(searchStatement(search)));
    const place = rows.columns.findIndex(({ name }) => name === 'place');
    const found = { ...rows, rows: rows.rows.filter((row) => row[place] !== null) };
    return { serving: servingIn(rows), answer: { ...how, products: decodeRows(found, foundShape) } };
  }

  /** Does `work` for the set that serves, again when it turns out that another one does. */
  private async whileItServes<Answer>(
    work: (set: ServingSet | undefined) => Promise<{ serving: ServingSet | undefined; answer: Answer }>,
  ): Promise<Answer> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const set = this.serving;
      const { serving, answer } = await work(set);
      this.serving = serving;
      if (serving?.setId === set?.setId) return answer;
    }
    throw new UnavailableError('The vectors of products are being replaced.', { retryAfterSeconds: 1 });
  }

  private async look(context: RequestContext): Promise<ServingSet | undefined> {
    const text = `SELECT ${SERVING_COLUMNS} FROM (SELECT) AS one LEFT JOIN retail.embedding_sets s ON s.serves`;
    return servingIn(
      await this.database.withTenant(context, (tenant) => tenant.query({ text, isTimeless: true })),
    );
  }

  private whyNoSet(): string {
    return this.embedders.target === undefined
      ? 'This server embeds nothing'
      : 'No set of vectors is complete yet';
  }

  private async meaningOf(
    words: string,
    set: ServingSet | undefined,
    least: number | undefined,
    { signal, deadline }: RequestContext,
  ): Promise<Meant> {
    const lasting = (why: string) => ({ why: `${why}, so only words were compared.`, isPassing: false });
    if (this.embedders.target === undefined || set === undefined) return lasting(this.whyNoSet());
    const embedder = this.embedders.of(set.model);
    if (embedder === undefined) {
      const { provider, model } = set.model;
      return lasting(`The vectors are of ${provider} ${model}, which this server is not configured for`);
    }
    try {
      return {
        set,
        least: least ?? embedder.unrelatedBelow,
        vector: vectorText(await embedder.embedQuery(words, { signal, deadline })),
      };
    } catch (error) {
      if (!(error instanceof AisleError) || error instanceof CancelledError) throw error;
      const why =
        error instanceof ConfigurationError
          ? 'The embedding provider refuses this server; its log says why.'
          : error.message;
      return { why: `${why} So only words were compared.`, isPassing: true };
    }
  }
}

function servingIn({ columns, rows }: Rows): ServingSet | undefined {
  const row = rows[0] ?? [];
  return servingSetOf(Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])));
}
