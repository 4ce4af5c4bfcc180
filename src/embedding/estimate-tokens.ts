/** The demo catalogue has 3.8 in OpenAI's encoding `cl100k_base`: names, units and sizes are split finer than prose. */
const LATIN_CHARACTERS_PER_TOKEN = 3.5;

/**
 * About how many tokens a model will count, for an estimate of costs before anything is spent: Latin script by its length,
 * any other character as one token. For English product texts it is some 10 % too high, so that a bill surprises nobody; for
 * other languages in Latin script it may be a third too low.
 */
export function estimateTokens(text: string): number {
  let latin = 0;
  let other = 0;
  for (const character of text) {
    if ((character.codePointAt(0) ?? 0) < 0x250) latin += 1;
    else other += 1;
  }
  return Math.ceil(latin / LATIN_CHARACTERS_PER_TOKEN) + other;
}
