import { ValidationError } from '../../src/kernel/errors.ts';
import { type Grades, RELEVANT } from './measures.ts';

export interface JudgedQuery {
  /** What it tests: `typo`, `synonym` … */
  readonly kind: string;
  readonly query: string;
  readonly grades: Grades;
}

const HEADER = 'kind\tquery\tjudgements';
const LONGEST_QUERY = 500;

/**
 * Reads judgements (README.md has the format). `skus` are those of the products. Throws `ValidationError` that names the first
 * wrong line.
 */
export function parseJudgements(text: string, skus: ReadonlySet<string>): readonly JudgedQuery[] {
  const [header, ...lines] = text
    .replace(/^\ufeff/, '')
    .trimEnd()
    .split(/\r?\n/);
  if (header !== HEADER) {
    throw new ValidationError('Judgements must begin with the line "kind", "query", "judgements", by tabs.');
  }
  const seen = new Set<string>();
  const queries = lines.map((line, index) => {
    const refuse = (why: string) => new ValidationError(`Judgements, line ${index + 2}: ${why}`);
    const [kind = '', query = '', judgements = '', ...more] = line.split('\t');
    if (more.length > 0 || kind.trim() === '' || query.trim() === '' || judgements === '') {
      throw refuse('must have a kind, a query and judgements, by tabs.');
    }
    if (query.length > LONGEST_QUERY) throw refuse(`the query is longer than ${LONGEST_QUERY} characters.`);
    if (seen.has(query)) throw refuse(`"${query}" was judged before.`);
    seen.add(query);
    return { kind, query, grades: gradesOf(judgements, skus, refuse) };
  });
  if (queries.length === 0) throw new ValidationError('There are no judgements below their header.');
  return queries;
}

function gradesOf(
  judgements: string,
  skus: ReadonlySet<string>,
  refuse: (why: string) => ValidationError,
): Grades {
  const grades = new Map<string, number>();
  for (const judgement of judgements.trim().split(/ +/)) {
    const [, sku, grade] = /^(.+)=([1-3])$/.exec(judgement) ?? [];
    if (sku === undefined) throw refuse(`"${judgement}" is not SKU=grade with a grade of 1, 2 or 3.`);
    if (!skus.has(sku)) throw refuse(`no product has the SKU ${sku}.`);
    if (grades.has(sku)) throw refuse(`${sku} is graded twice.`);
    grades.set(sku, Number(grade));
  }
  if (Math.max(...grades.values()) < RELEVANT) {
    throw refuse(`one product at least must have a grade of ${RELEVANT} or 3, or nothing could be found.`);
  }
  return grades;
}
