import { UriTemplate } from '@modelcontextprotocol/server';
import { ConfigurationError, NotFoundError } from '../kernel/errors.ts';
import type { Module } from '../kernel/module.ts';
import type { Resource } from '../kernel/resource.ts';
import { requirePermission } from './require-permission.ts';

const MAX_URI = 2048;

interface ResourceMatch {
  readonly resource: Resource;
  readonly variables: Readonly<Record<string, string>>;
}

export interface ResourceDirectory {
  /** Resources with a fixed URI. */
  readonly fixed: readonly Resource[];
  /** Resources with a URI template. */
  readonly templates: readonly Resource[];
  /** Throws `NotFoundError('RESOURCE_NOT_FOUND')`. */
  match(uri: string): ResourceMatch;
  /** The resource with exactly this URI or template, for completion. */
  find(uri: string): Resource | undefined;
}

/** Throws `ConfigurationError` for a URI twice, no permission, or a template that cannot be read. */
export function resourceDirectory(modules: readonly Module[]): ResourceDirectory {
  const byUri = new Map<string, Resource>();
  for (const resource of modules.flatMap((module) => module.resources)) {
    if (byUri.has(resource.uri)) throw new ConfigurationError(`There is a resource ${resource.uri} already.`);
    requirePermission(`The resource ${resource.uri}`, resource);
    byUri.set(resource.uri, resource);
  }
  const all = [...byUri.values()];
  const templates = all.filter(({ uri }) => UriTemplate.isTemplate(uri));
  const patterns = templates.map((resource) => ({ resource, template: compile(resource) }));
  return {
    fixed: all.filter(({ uri }) => !UriTemplate.isTemplate(uri)),
    templates,
    find: (uri) => byUri.get(uri),
    match(uri) {
      if (uri.length > MAX_URI) throw unknownResource();
      const resource = byUri.get(uri);
      if (resource !== undefined && !UriTemplate.isTemplate(uri)) return { resource, variables: {} };
      for (const pattern of patterns) {
        const variables = variablesOf(pattern.template.match(uri));
        if (variables !== undefined) return { resource: pattern.resource, variables };
      }
      throw unknownResource();
    },
  };
}

function compile({ uri }: Resource): UriTemplate {
  try {
    return new UriTemplate(uri);
  } catch (cause) {
    throw new ConfigurationError(`The resource template ${uri} cannot be read.`, { cause });
  }
}

/** Percent-decoded, as RFC 6570 expansion encodes; a malformed escape matches nothing. */
function variablesOf(match: Record<string, string | string[]> | null): Record<string, string> | undefined {
  if (match === null) return undefined;
  try {
    const decoded = Object.entries(match).map(([name, value]) => [name, decodeURIComponent(String(value))]);
    return Object.fromEntries(decoded);
  } catch {
    return undefined;
  }
}

function unknownResource(): NotFoundError {
  return new NotFoundError(
    'RESOURCE_NOT_FOUND',
    'There is no such resource. resources/list and resources/templates/list name all there are.',
  );
}
