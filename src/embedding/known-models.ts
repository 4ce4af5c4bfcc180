/** What is known of a model by its name. */
interface KnownModel {
  /** US dollars for a million tokens, at OpenAI's list price. */
  readonly pricePerMillionTokens: number;
  /** Numbers that it gives when it is not asked for fewer. */
  readonly dimensions: number;
}

/** Source: OpenAI's pages of models and prices. Whoever has other prices sees them on the provider's bill, not here. */
export const KNOWN_MODELS: ReadonlyMap<string, KnownModel> = new Map([
  ['text-embedding-3-small', { pricePerMillionTokens: 0.02, dimensions: 1536 }],
  ['text-embedding-3-large', { pricePerMillionTokens: 0.13, dimensions: 3072 }],
  ['text-embedding-ada-002', { pricePerMillionTokens: 0.1, dimensions: 1536 }],
]);
