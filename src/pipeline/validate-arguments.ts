import type { z } from 'zod';
import { ValidationError } from '../kernel/errors.ts';
import type { Concern } from './call.ts';
import { didYouMean, quotable } from './nearest-name.ts';

/** Messages past this are left out: the first few are enough to mend a call. */
const MAX_PROBLEMS = 5;

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** Lets only arguments pass that the schema knows, of the types it states; names what is wrong, never its value. */
export function validateArguments(): Concern {
  const strict = new WeakMap<z.ZodObject, z.ZodObject>();
  const strictly = (schema: z.ZodObject): z.ZodObject => {
    const known = strict.get(schema) ?? schema.strict();
    strict.set(schema, known);
    return known;
  };
  return (next) => async (call) => {
    const { input } = call.target;
    if (input === undefined) return next(call);
    return next({ ...call, args: parse(strictly(input), call.args ?? {}) });
  };
}

function parse(schema: z.ZodObject, args: unknown): unknown {
  const parsed = schema.safeParse(args);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.flatMap((issue) => describe(issue, args, schema));
  const shown = problems.slice(0, MAX_PROBLEMS).map((problem) => problem.message);
  if (problems.length > MAX_PROBLEMS) shown.push(`${problems.length - MAX_PROBLEMS} more problems`);
  const fields = [...new Set(problems.map((problem) => problem.field))].slice(0, MAX_PROBLEMS);
  throw new ValidationError(shown.join('; '), { data: { fields } });
}

interface Problem {
  readonly field: string;
  readonly message: string;
}

function describe(issue: Issue, args: unknown, schema: z.ZodObject): readonly Problem[] {
  const field = dotted(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const known = issue.path.length === 0 ? Object.keys(schema.shape) : [];
    return issue.keys.map((key) => unknownField(dotted([...issue.path, key]), key, known));
  }
  if (field === '')
    return [{ field, message: issue.code === 'custom' ? issue.message : 'Arguments must be an object' }];
  const given = valueAt(args, issue.path);
  if (given === undefined) return [{ field, message: `Missing required field: ${field}` }];
  return [{ field, message: describeValue(issue, field, given) }];
}

function unknownField(field: string, key: string, known: readonly string[]): Problem {
  const hint = didYouMean(key, known) || (known.length > 0 ? ` Known fields: ${known.join(', ')}.` : '');
  return { field, message: `Unknown field '${field}'.${hint}`.replace(/\.$/, '') };
}

function describeValue(issue: Issue, field: string, given: unknown): string {
  switch (issue.code) {
    case 'invalid_type': {
      const expected = issue.expected === 'int' ? 'integer' : issue.expected;
      return `Field '${field}' has wrong type: expected ${expected}, got ${typeName(given)}`;
    }
    case 'invalid_union': {
      const expected = issue.errors
        .flat()
        .map((error) => (error.code === 'invalid_type' ? error.expected : error.code));
      return `Field '${field}' has wrong type: expected ${[...new Set(expected)].join(' or ')}, got ${typeName(given)}`;
    }
    case 'invalid_value':
      return `Field '${field}' must be one of: ${issue.values.map(String).join(', ')}`;
    default:
      return `Field '${field}' is not valid: ${issue.message}`;
  }
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'number' && !Number.isInteger(value) ? 'fraction' : typeof value;
}

function valueAt(args: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    args,
  );
}

function dotted(path: Path): string {
  return quotable(path.map(String).join('.'));
}
