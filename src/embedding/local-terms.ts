import { isBetweenSides, type Piece, type Quantity, quantityAt, unitNamed } from './local-quantities.ts';
import { stemOf, wordWeight } from './local-vocabulary.ts';

/** What a text is said to be about. */
export interface Term {
  /** The same for all that is to be equal: a word's stem, a unit's one name, a number in decimals. */
  readonly name: string;
  /** 0 … 1 */
  readonly weight: number;
  /** As it stands in the text, where other spellings of it are to be near. */
  readonly spelling?: string;
}

const PIECES = /\d+(?:[.,/]\d+)*|\.\d+|[\p{L}\p{M}\p{Nl}\p{No}]+|\p{Extended_Pictographic}|×|(?<=\d)["']/gu;

/** The terms of a line, in their order. Case, accents and the way in which a quantity is written make no difference. */
export function termsOf(line: string): Term[] {
  const pieces = piecesOf(line);
  const terms: Term[] = [];
  let side: Quantity | undefined;
  let at = 0;
  for (let piece = pieces[0]; piece !== undefined; piece = pieces[at]) {
    const quantity = quantityAt(pieces, at);
    if (quantity !== undefined) {
      terms.push(...quantityTerms(quantity, codeBefore(pieces, at)));
      if (side !== undefined && isBetweenSides(pieces[at - 1]))
        terms.push(exact(`${side.number}x${quantity.number}`));
      side = quantity;
    } else if (side === undefined || !isBetweenSides(piece)) {
      terms.push(wordTerm(piece.text));
      side = undefined;
    }
    at += quantity?.pieces ?? 1;
  }
  return terms;
}

function piecesOf(line: string): Piece[] {
  let end = -1;
  return Array.from(plain(line).matchAll(PIECES), ({ 0: text, index }) => {
    const glued = index === end;
    end = index + text.length;
    return { text, glued };
  });
}

/** Small letters without accents. */
function plain(line: string): string {
  return (
    line
      // What compatibility forms would run together: "1½" is no 11/2, "Foo™" no "footm", an inch not two feet.
      .replace(/(?<=\d)(?=[¼-¾⅐-⅞])/g, ' ')
      .replace(/[™℠®©]/g, ' ')
      .replace(/[“”″]/g, '"')
      .replace(/[‘’′]/g, "'")
      .normalize('NFKD')
      .replace(/[\u0300-\u036f]/g, '')
      .normalize('NFC')
      .toLowerCase()
      .replaceAll('⁄', '/')
      .replace(/(?<=\p{L})'(?=\p{L})/gu, '')
  );
}

function wordTerm(word: string): Term {
  const name = unitNamed(word) ?? stemOf(word);
  return { name, weight: wordWeight(name), spelling: word };
}

function quantityTerms({ number, unit }: Quantity, code: string | undefined): Term[] {
  if (unit !== undefined) return [exact(number), exact(unit), exact(number + unit)];
  return code === undefined ? [exact(number)] : [exact(number), exact(code + number)];
}

/** `A` of "A19", `gu` of "GU10": a number that touches letters is told by both. */
function codeBefore(pieces: readonly Piece[], at: number): string | undefined {
  const before = pieces[at - 1]?.text;
  return pieces[at]?.glued &&
    before !== undefined &&
    /^\p{L}{1,4}$/u.test(before) &&
    !isBetweenSides(pieces[at - 1])
    ? before
    : undefined;
}

function exact(name: string): Term {
  return { name, weight: 1 };
}
