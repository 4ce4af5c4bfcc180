import { stemmer } from 'stemmer';

/** Words that say nothing of a thing. */
const EMPTY_WORDS = `
  a about above after again against all also am an and any are as at be because been before being below between both but by
  cant could did do does doesnt doing dont down during each few for from further had has have having he her here hers him his
  how i if im in into is isnt it its itself just let me more most my myself no nor not of off on once only or other our out over
  own same she should so some such than that thats the their them then there these they this those through to too under until
  up us very was we were what when where which while who whom whose why with wont would you your yours yourself`;

/** Words that say little of a thing in a shop, as they are said of most. From general knowledge of English. */
const GENERAL_WORDS = `
  able add allow always amount another anything anywhere away back bad begin best better big bit break bring build buy call can
  carry change cheap check choose clean come common complete different difficult easily easy end enough even ever every everything
  expensive extra fast feel find fine fit fix follow full fully general get give go good great happen hard help high hold home house
  idea ideal include install job keep kind know large last later least leave less like little live long look lot low main make many
  match maybe mean might must near need never new next nice nothing often old open order part people perfect perfectly person place
  plain please possible product project properly provide purpose put quick quickly quite rather ready really regular replace right
  run safe safely sale save say see set several shop show simple simply single size small solution somebody someone something
  somewhere sort special standard start stay stop store strong stuff suit suitable supply support sure take tell thing think time
  today together toward try turn type use useful usual usually various want way well whatever will wish within without work world
  worth year yet`;

const EMPTY_WEIGHT = 0.005;
const GENERAL_WEIGHT = 0.2;

const WEIGHTS: ReadonlyMap<string, number> = new Map([
  ...stemsOf(GENERAL_WORDS).map((stem) => [stem, GENERAL_WEIGHT] as const),
  ...stemsOf(EMPTY_WORDS).map((stem) => [stem, EMPTY_WEIGHT] as const),
]);

/** What a word counts, 0 … 1, by its stem. Never 0: a text of empty words only is still told by them. */
export function wordWeight(stem: string): number {
  return WEIGHTS.get(stem) ?? 1;
}

/** What is left of an English word when its endings are taken off (Porter): `drills`, `drilling` -> `drill`. Others as they are. */
export function stemOf(word: string): string {
  // A "word" as long as this is none, and the stemmer's patterns take their time over it.
  return word.length <= 40 && /^[a-z]+$/.test(word) ? stemmer(word) : word;
}

function stemsOf(words: string): string[] {
  return words.trim().split(/\s+/).map(stemOf);
}
