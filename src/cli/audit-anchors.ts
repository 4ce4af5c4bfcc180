import { readFile } from 'node:fs/promises';
import { InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { type AuditAnchor, anchorText, parseAnchor } from '../app/audit-operations.ts';
import { ValidationError } from '../kernel/errors.ts';

/** On standard error, so that a file of them is one redirection away. */
export function tellAnchors(anchors: readonly AuditAnchor[], err: (text: string) => void): void {
  if (anchors.length === 0) return;
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

/** Throws `ValidationError` for a file that can't be read, and as `anchorsIn` does. */
export async function anchorsOf(file: string): Promise<readonly AuditAnchor[]> {
  const content = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ValidationError(`The file of anchors ${file} can not be read.`, { cause });
  });
  return anchorsIn(content, file);
}

/**
 * Of a list of anchors, one a line besides comments, or of a server's log, which is what has JSON in it: there only what the
 * server says as `audit_anchor` counts, since the rest, plain lines included, may quote anybody. Throws `ValidationError` for
 * an anchor that is none, and when there is not one.
 */
export function anchorsIn(content: string, file: string): readonly AuditAnchor[] {
  const lines = content.split('\n').map((line, index) => ({ text: line.trim(), number: index + 1 }));
  const logged = lines.map(({ text, number }) => ({ value: objectOf(text), number }));
  const isLog = logged.some(({ value }) => value !== undefined);
  const found = isLog
    ? logged
        .filter(({ value }) => SAID.safeParse(value).success)
        .map(({ value, number }) => ({ anchor: loggedAnchor(value), number }))
    : lines
        .filter(({ text }) => text !== '' && !text.startsWith('#'))
        .map(({ text, number }) => ({ anchor: parseAnchor(text), number }));
  const anchors = found.map(({ anchor, number }) => {
    if (anchor !== undefined) return anchor;
    throw new ValidationError(`Line ${number} of ${file} is no anchor: partition:length:mac.`);
  });
  if (anchors.length === 0) throw new ValidationError(`There is no anchor in ${file}.`);
  return anchors;
}

const SAID = z.object({ message: z.literal('audit_anchor') });
const LOGGED = z.object({ partition: z.string(), length: z.number(), mac: z.string() });

function loggedAnchor(value: unknown): AuditAnchor | undefined {
  const { data } = LOGGED.safeParse(value);
  return data && parseAnchor(anchorText(data));
}

/** A line of JSON; undefined for any other, one that was cut off included. */
function objectOf(line: string): unknown {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
