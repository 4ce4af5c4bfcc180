import { readFile } from 'node:fs/promises';
import { InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { type AuditAnchor, anchorText, parseAnchor } from '../app/audit-operations.ts';
import { ValidationError } from '../kernel/errors.ts';

/** On standard error, so that a file of them is one redirection away. */
export function tellAnchors(anchors: readonly AuditAnchor[], err: (text: string) => void): void {
  err(
    '# Where the chains end. Kept elsewhere, "aisle audit verify --anchors FILE" finds what is cut off or rewritten later.',
  );
  for (const each of anchors) err(anchorText(each));
}

/** A parser of an option that may be repeated. Throws `InvalidArgumentError`. */
export function anchor(text: string, all: readonly AuditAnchor[] = []): readonly AuditAnchor[] {
  const parsed = parseAnchor(text);
  if (parsed !== undefined) return [...all, parsed];
  throw new InvalidArgumentError('It must be partition:length:mac, as "aisle audit verify" prints it.');
}

/** Throws `ValidationError` for a line that is neither an anchor, nor of a log, nor empty, nor a comment. */
export async function anchorsOf(file: string): Promise<readonly AuditAnchor[]> {
  const content = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ValidationError(`The file of anchors ${file} can not be read.`, { cause });
  });
  const anchors = content.split('\n').flatMap((line, index) => {
    const text = line.trim();
    if (text === '' || text.startsWith('#')) return [];
    const found = text.startsWith('{') ? loggedAnchor(text) : parseAnchor(text);
    if (found === undefined)
      throw new ValidationError(`Line ${index + 1} of ${file} is no anchor: partition:length:mac.`);
    return found === 'other' ? [] : [found];
  });
  if (anchors.length === 0) throw new ValidationError(`There is no anchor in ${file}.`);
  return anchors;
}

const LOGGED = z.object({
  message: z.literal('audit_anchor'),
  ...{ partition: z.string(), length: z.number(), mac: z.string() },
});

/** Of a line of a server's log; most say something else. */
function loggedAnchor(line: string): AuditAnchor | 'other' | undefined {
  if (!line.includes('"audit_anchor"')) return 'other';
  try {
    const parsed = LOGGED.safeParse(JSON.parse(line));
    return parsed.success ? parseAnchor(anchorText(parsed.data)) : undefined;
  } catch {
    return undefined;
  }
}
