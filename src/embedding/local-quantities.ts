/** Units by the ways in which they are written. */
const UNITS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    in: ['in', 'inch', 'inches', '"'],
    ft: ['ft', 'foot', 'feet', "'"],
    yd: ['yd', 'yds', 'yard', 'yards'],
    mm: ['mm', 'millimeter', 'millimeters', 'millimetre', 'millimetres'],
    cm: ['cm', 'centimeter', 'centimeters', 'centimetre', 'centimetres'],
    m: ['m', 'meter', 'meters', 'metre', 'metres'],
    gal: ['gal', 'gals', 'gallon', 'gallons'],
    qt: ['qt', 'qts', 'quart', 'quarts'],
    pt: ['pt', 'pts', 'pint', 'pints'],
    l: ['l', 'liter', 'liters', 'litre', 'litres'],
    ml: ['ml', 'milliliter', 'milliliters', 'millilitre', 'millilitres'],
    oz: ['oz', 'ounce', 'ounces'],
    lb: ['lb', 'lbs', 'pound', 'pounds'],
    g: ['g', 'gram', 'grams'],
    kg: ['kg', 'kilo', 'kilos', 'kilogram', 'kilograms'],
    v: ['v', 'volt', 'volts'],
    w: ['w', 'watt', 'watts'],
    a: ['a', 'amp', 'amps', 'ampere', 'amperes'],
    ah: ['ah'],
    hp: ['hp', 'horsepower'],
    ga: ['ga', 'gauge'],
    mil: ['mil', 'mils'],
    lm: ['lm', 'lumen', 'lumens'],
    pk: ['pk', 'pack', 'packs'],
    pc: ['pc', 'pcs', 'piece', 'pieces'],
  }).flatMap(([unit, spellings]) => spellings.map((spelling) => [spelling, unit] as const)),
);

const COUNTS = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];
const NUMBER_WORDS: ReadonlyMap<string, number> = new Map(COUNTS.map((word, value) => [word, value]));
const PARTS: ReadonlyMap<string, number> = new Map([
  ['half', 1 / 2],
  ['third', 1 / 3],
  ['thirds', 1 / 3],
  ['quarter', 1 / 4],
  ['quarters', 1 / 4],
  ['eighth', 1 / 8],
  ['eighths', 1 / 8],
]);

/** What a rule or a drill is marked in; `24/7` is no fraction. */
const FRACTION = /^(\d{1,3})\/(2|3|4|8|16|32|64)$/;
const PLAIN_NUMBER = /^(?:\d{1,3}(?:,\d{3}){1,3}|\d{1,12})?(?:\.\d{1,6})?$/;
const BETWEEN_SIDES: ReadonlySet<string> = new Set(['x', '×', 'by']);

/** A piece of a text: letters, a number, or a sign after a number. */
export interface Piece {
  readonly text: string;
  /** Nothing stands between it and the piece before. */
  readonly glued: boolean;
}

export interface Quantity {
  /** In decimals, without needless zeros. */
  readonly number: string;
  /** `UNITS` has its spellings. */
  readonly unit: string | undefined;
  /** How many pieces it takes. */
  readonly pieces: number;
}

/** The one name of a unit, however it is written; undefined: no unit. */
export function unitNamed(word: string): string | undefined {
  return UNITS.get(word);
}

/**
 * The quantity that begins at a piece: `1/2"`, `0.5 in.` and `half an inch` are the same one. Numbers in words count only before a
 * unit or between sides (`two by four`), since "one of the three" is no measure.
 */
export function quantityAt(pieces: readonly Piece[], at: number): Quantity | undefined {
  const written = writtenNumberAt(pieces, at);
  const found = written ?? spelledNumberAt(pieces, at);
  if (found === undefined) return undefined;
  const unit = unitAt(pieces, at + found.pieces);
  if (written === undefined && unit === undefined && !isBesideSides(pieces, at, found.pieces))
    return undefined;
  return { number: found.number, unit, pieces: found.pieces + (unit === undefined ? 0 : 1) };
}

/** Whether a piece stands between the sides of something: `4 x 8`, `4 ft by 8 ft`. */
export function isBetweenSides(piece: Piece | undefined): boolean {
  return piece !== undefined && BETWEEN_SIDES.has(piece.text);
}

type Found = Omit<Quantity, 'unit'>;

function writtenNumberAt(pieces: readonly Piece[], at: number): Found | undefined {
  const text = pieces[at]?.text ?? '';
  if (!/^\.?\d/.test(text)) return undefined;
  const alone = fractionOf(text) ?? numberOf(text);
  // Of no meaning that is known here ("3/4/26", "1.2.3"): itself.
  if (alone === undefined) return { number: text, pieces: 1 };
  const part = /^\d+$/.test(text) ? fractionOf(pieces[at + 1]?.text ?? '') : undefined;
  return part === undefined || part >= 1
    ? { number: decimals(alone), pieces: 1 }
    : { number: decimals(alone + part), pieces: 2 };
}

function spelledNumberAt(pieces: readonly Piece[], at: number): Found | undefined {
  const count = NUMBER_WORDS.get(pieces[at]?.text ?? '');
  const partAt = at + (count === undefined ? 0 : 1);
  const part = PARTS.get(pieces[partAt]?.text ?? '');
  if (part === undefined) return count === undefined ? undefined : { number: decimals(count), pieces: 1 };
  let end = partAt + 1;
  while (/^(?:of|an?)$/.test(pieces[end]?.text ?? '')) end += 1;
  return { number: decimals((count ?? 1) * part), pieces: end - at };
}

function unitAt(pieces: readonly Piece[], at: number): string | undefined {
  const piece = pieces[at];
  if (piece === undefined) return undefined;
  // "2 a day", "2 in 1"
  if (piece.text === 'a' && !piece.glued) return undefined;
  if (piece.text === 'in' && /^\d/.test(pieces[at + 1]?.text ?? '')) return undefined;
  return unitNamed(piece.text);
}

function isBesideSides(pieces: readonly Piece[], at: number, length: number): boolean {
  return isBetweenSides(pieces[at - 1]) || isBetweenSides(pieces[at + length]);
}

function fractionOf(text: string): number | undefined {
  const [, over, under] = FRACTION.exec(text) ?? [];
  return over === undefined ? undefined : Number(over) / Number(under);
}

function numberOf(text: string): number | undefined {
  return PLAIN_NUMBER.test(text) ? Number(text.replaceAll(',', '')) : undefined;
}

function decimals(value: number): string {
  return String(Math.round(value * 1e6) / 1e6);
}
