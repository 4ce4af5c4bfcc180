/**
 * The most that judging a text can cost: hostile shapes as large as the bounds let in, and a search for worse ones. CPU of
 * this process for one check, each text judged anew. GUARD_SEARCH_SECONDS lengthens the search (20 by default).
 */
import { READABLE_TABLES } from '../src/data/tables.ts';
import { CEILINGS, checkText, DEFAULT_BOUNDS, type GuardBounds } from '../src/sql/bounds.ts';
import { createGuard, type Guard } from '../src/sql/guard.ts';
import { type Genes, grow, mutate, randomGenes, randomness } from './hostile-search.ts';
import { HOSTILE_SHAPES, type Shape } from './hostile-texts.ts';
import type { Figures } from './report.ts';

const RUNS = 11;
const SHOWN = 25;
const SEARCH_SECONDS = Number(process.env.GUARD_SEARCH_SECONDS ?? 20);
const ANCESTORS = 12;
/** A blank more makes the same text new to the cache. */
const ROOM_FOR_BLANKS = RUNS + 1;

interface Case {
  readonly name: string;
  readonly text: string;
  readonly ms: readonly number[];
  readonly verdict: string;
}

function fits(text: string, bounds: GuardBounds): boolean {
  try {
    checkText(text, { ...bounds, bytes: bounds.bytes - ROOM_FOR_BLANKS });
    return true;
  } catch {
    return false;
  }
}

/** The shape at the largest size that the bounds before the parser let in. */
function largest(shape: Shape, bounds: GuardBounds): string {
  let [least, most] = [0, bounds.bytes];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (fits(shape(middle), bounds)) least = middle;
    else most = middle - 1;
  }
  return shape(least);
}

/** Milliseconds of CPU for each of `runs` checks, sorted. */
function measure(guard: Guard, name: string, text: string, runs = RUNS): Case {
  let verdict = '';
  const ms = Array.from({ length: runs }, (_, run) => {
    const fresh = text + ' '.repeat(run);
    const began = process.cpuUsage();
    const answer = guard.check(fresh);
    const { user, system } = process.cpuUsage(began);
    verdict = answer.ok ? 'allowed' : answer.code;
    if (verdict === 'SQL_PARSER_UNAVAILABLE') throw new RangeError(`the parser broke on or before: ${name}`);
    return (user + system) / 1000;
  });
  return { name, text, ms: ms.sort((a, b) => a - b), verdict };
}

const fastest = ({ ms }: Case) => ms[0] ?? 0;
const median = ({ ms }: Case) => ms[ms.length >> 1] ?? 0;
const slowest = ({ ms }: Case) => ms.at(-1) ?? 0;
const round = (ms: number) => Math.round(ms * 100) / 100;

/**
 * Hill climbing from random texts by what they cost; the fastest of three runs, because neighbours make runs
 * slower. Answers with a text, since this guard knows it by now.
 */
function search(guard: Guard, bounds: GuardBounds): { readonly tried: number; readonly worst: string } {
  const random = randomness(Date.now());
  const climb = (genes: Genes) => ({
    genes,
    found: measure(
      guard,
      'found by search',
      largest((n) => grow(genes, n), bounds),
      3,
    ),
  });
  const ancestors = Array.from({ length: ANCESTORS }, () => climb(randomGenes(random)));
  let tried = ANCESTORS;
  for (const until = performance.now() + SEARCH_SECONDS * 1000; performance.now() < until; tried++) {
    const at = Math.floor(random() * ANCESTORS);
    const parent = ancestors[at];
    const child = climb(
      parent === undefined || random() < 0.1 ? randomGenes(random) : mutate(parent.genes, random),
    );
    const rival = parent === undefined || fastest(child.found) > fastest(parent.found) ? at : -1;
    if (rival >= 0) ancestors[rival] = child;
  }
  const [worst] = ancestors.sort((a, b) => fastest(b.found) - fastest(a.found));
  return { tried, worst: worst?.found.text ?? '' };
}

function figures(found: Case): Figures {
  return {
    bytes: Buffer.byteLength(found.text),
    'fastest ms': round(fastest(found)),
    'median ms': round(median(found)),
    'slowest ms': round(slowest(found)),
    verdict: found.verdict,
  };
}

async function within(bounds: GuardBounds): Promise<Readonly<Record<string, Figures>>> {
  const policy = { searchPath: ['retail'], bounds };
  const open = await createGuard({ ...policy, relations: 'any' });
  const strict = await createGuard({ ...policy, relations: new Set(READABLE_TABLES) });
  const searched = await createGuard({ ...policy, relations: 'any' });
  for (let n = 0; n < 3000; n++) open.check(`SELECT a, sum(b + ${n}) FROM t JOIN u USING (c) GROUP BY 1`); // warm-up
  const cases = Object.entries(HOSTILE_SHAPES).map(([name, shape]) => {
    const text = largest(shape, bounds);
    return measure(name === 'an unknown table' ? strict : open, name, text);
  });
  cases.sort((a, b) => median(b) - median(a));
  const { tried, worst } = search(searched, bounds);
  process.stdout.write(`\nworst found: ${JSON.stringify(worst.slice(0, 300))} …\n`);
  const rows = [...cases.slice(0, SHOWN), measure(open, `worst of ${tried} searched`, worst)];
  return Object.fromEntries(rows.map((each) => [each.name, figures(each)]));
}

export async function guardWorst(): Promise<Readonly<Record<string, Readonly<Record<string, Figures>>>>> {
  return {
    'guard, worst in bounds': await within(DEFAULT_BOUNDS),
    'guard, worst at the ceilings': await within({ ...DEFAULT_BOUNDS, ...CEILINGS }),
  };
}
