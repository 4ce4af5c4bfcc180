import type { Permission } from './permission.ts';
import type { RequestContext } from './request-context.ts';

export interface ResourceContent {
  readonly mimeType: string;
  readonly text: string;
}

/** Something to read, by URI or by URI template (RFC 6570, e.g. `database://schema/{table}`). */
export interface Resource {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly uri: string;
  readonly mimeType: string;
  readonly permission: Permission;
  /** For each template variable: the values that begin with what was typed. */
  readonly complete?: Readonly<
    Record<string, (typed: string, context: RequestContext) => Promise<readonly string[]>>
  >;
  /** Throws `NotFoundError('RESOURCE_NOT_FOUND')` for a variable that names nothing. */
  read(variables: Readonly<Record<string, string>>, context: RequestContext): Promise<ResourceContent>;
}
