import { distance } from 'fastest-levenshtein';
import { ValidationError } from '../../kernel/errors.ts';

const REQUIRED_FIELDS = ['order_number', 'order_date', 'sku', 'quantity', 'unit_price'] as const;
const OPTIONAL_FIELDS = ['description', 'customer_number', 'store'] as const;
type SalesField = (typeof REQUIRED_FIELDS)[number] | (typeof OPTIONAL_FIELDS)[number];

/** Which column of the file holds which field. */
export type FieldMap = Readonly<Partial<Record<SalesField, string>>>;
/** Index of each field's column; -1 when the file has none. */
export type FieldIndexes = Readonly<Record<SalesField, number>>;

const ALL_FIELDS: readonly SalesField[] = [...REQUIRED_FIELDS, ...OPTIONAL_FIELDS];

/** Reads `field=Column` as the command line gives it. Throws `ValidationError`. */
export function parseFieldMap(pairs: readonly string[]): FieldMap {
  const map: Partial<Record<SalesField, string>> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const field = ALL_FIELDS.find((name) => name === pair.slice(0, at));
    if (field === undefined || at === pair.length - 1) {
      throw new ValidationError(
        `--map ${pair}: write field=Column, where field is one of ${ALL_FIELDS.join(', ')}.`,
      );
    }
    map[field] = pair.slice(at + 1);
  }
  return map;
}

/** Finds the mapped columns in the header. Throws `ValidationError` that names what is missing and what is near. */
export function locateFields(header: readonly string[], map: FieldMap): FieldIndexes {
  const columns = header.map((name) => name.trim());
  const problems: string[] = [];
  const locate = (field: SalesField): number => {
    const wanted = map[field];
    if (wanted === undefined) {
      const needed = REQUIRED_FIELDS.some((name) => name === field);
      if (needed) problems.push(`no column is mapped to ${field} (--map ${field}=Column)`);
      return -1;
    }
    const at = columns.indexOf(wanted);
    if (at < 0) problems.push(`no column "${wanted}" for ${field}${nearest(wanted, columns)}`);
    else if (columns.lastIndexOf(wanted) !== at)
      problems.push(`column "${wanted}" for ${field} is there more than once`);
    return at;
  };
  const indexes = Object.fromEntries(ALL_FIELDS.map((field) => [field, locate(field)])) as Record<
    SalesField,
    number
  >;
  if (problems.length === 0) return indexes;
  throw new ValidationError(
    `The header does not fit: ${problems.join('; ')}. Its columns are: ${columns.slice(0, 50).join(', ')}.`,
    {
      data: { columns: columns.slice(0, 50) },
    },
  );
}

function nearest(wanted: string, columns: readonly string[]): string {
  const simple = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');
  const ranked = columns
    .map((name) => ({ name, far: distance(simple(name), simple(wanted)) }))
    .filter(({ far }) => far <= Math.max(2, wanted.length / 2))
    .sort((a, b) => a.far - b.far)
    .slice(0, 2);
  return ranked.length === 0 ? '' : ` (nearest: ${ranked.map(({ name }) => `"${name}"`).join(', ')})`;
}
