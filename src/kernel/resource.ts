import type { Permission } from './permission.ts';
import type { Completions } from './prompt.ts';
import type { RequestContext } from './request-context.ts';

/** `blob` is base64. */
export type ResourceContent =
  | { readonly mimeType: string; readonly text: string; readonly blob?: never }
  | { readonly mimeType: string; readonly blob: string; readonly text?: never };

/** Something to read, by URI or by URI template (RFC 6570, e.g. `database://schema/{table}`). */
export interface Resource {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly uri: string;
  readonly mimeType: string;
  readonly permission: Permission;
  /** For each template variable: the values that begin with what was typed. */
  readonly complete?: Completions;
  /** Throws `NotFoundError('RESOURCE_NOT_FOUND')` for a variable that names nothing. */
  read(variables: Readonly<Record<string, string>>, context: RequestContext): Promise<ResourceContent>;
}
