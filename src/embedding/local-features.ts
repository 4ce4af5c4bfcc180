import { type Term, termsOf } from './local-terms.ts';

/** How much there is of what was found in a text, by its hash: 32 bits with a sign, which V8 keeps without an object for each. */
export type Features = ReadonlyMap<number, number>;

/** A product's first line is its name, which tells more than what is said about it. */
const FIRST_LINE_WEIGHT = 1.5;
/** All the pieces of a spelling together, beside the term itself. */
const SPELLING_WEIGHT = 1.5;
const TERM_SEED = 0x811c9dc5;
const PIECE_SEED = 0x2b9e4f17;
const EDGE = ' ';

/** Scripts that write words of one or two characters, with nothing between them. */
const IDEOGRAPHS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/**
 * What a text consists of: its terms, and the runs of three to five letters within its words, by which misspelt words and parts of
 * compounds meet.
 */
export function featuresOf(text: string): Features {
  const features = new Map<number, number>();
  const add = (feature: number, amount: number) =>
    features.set(feature, (features.get(feature) ?? 0) + amount);
  let lineWeight = FIRST_LINE_WEIGHT;
  for (const line of text.split('\n')) {
    for (const term of termsOf(line)) addTerm(add, term, lineWeight * term.weight);
    lineWeight = 1;
  }
  return features;
}

function addTerm(add: (feature: number, amount: number) => void, term: Term, weight: number): void {
  add(scrambled(hashed(TERM_SEED, term.name)), weight);
  if (term.spelling === undefined) return;
  const pieces = piecesOf(term.spelling);
  const each = (weight * SPELLING_WEIGHT) / Math.sqrt(pieces.length);
  for (const piece of pieces) add(piece, each);
}

/** Hashes of the runs of three to five letters, the word's ends counting as letters; of one and two ideographs. */
function piecesOf(word: string): number[] {
  const isIdeographs = IDEOGRAPHS.test(word);
  const shortest = isIdeographs ? 1 : 3;
  const longest = isIdeographs ? 2 : 5;
  const letters = isIdeographs ? word : EDGE + word + EDGE;
  const pieces: number[] = [];
  for (let start = 0; start + shortest <= letters.length; start += 1) {
    const last = Math.min(letters.length, start + longest) - 1;
    let hash = PIECE_SEED;
    for (let at = start; at <= last; at += 1) {
      hash = step(hash, letters.charCodeAt(at));
      if (at - start + 1 >= shortest) pieces.push(scrambled(hash));
    }
  }
  return pieces;
}

/** FNV-1a over UTF-16. */
function hashed(seed: number, text: string): number {
  let hash = seed;
  for (let index = 0; index < text.length; index += 1) hash = step(hash, text.charCodeAt(index));
  return hash;
}

function step(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x01000193);
}

/** All bits depending on all bits (the finisher of MurmurHash3), as place and sign are taken from different ones. */
function scrambled(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
