import { hash } from 'node:crypto';
import type { Permission } from '../kernel/permission.ts';

/** All that an answer depends on besides what the tables hold. */
export interface AnswerIdentity {
  readonly tool: string;
  /** As they passed the tool's schema, defaults filled in. */
  readonly args: unknown;
  /** The stores that the caller sees, as the database told. */
  readonly scope: string;
  readonly permissions: ReadonlySet<Permission>;
  /** Database, its migrations, the version of the software. */
  readonly version: string;
}

/** A name that two answers share only when one may be given for the other: SHA-256, in base64url. */
export function answerKey({ tool, args, scope, permissions, version }: AnswerIdentity): string {
  const parts = [version, tool, canonical(args), scope, [...permissions].sort()];
  return hash('sha256', JSON.stringify(parts), 'base64url');
}

/** JSON with keys in order, and whatever is text as it was written. */
export function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  entries.sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
}
