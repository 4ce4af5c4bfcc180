import { LRUCache } from 'lru-cache';
import type { Principal } from '../kernel/principal.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import { dependencies, type Stamp, type Tags } from './tags.ts';

/** Asks the database which stores the caller sees: their ids, sorted, with blanks between, or a hash of many. */
export type ResolveScope = (context: RequestContext) => Promise<string>;

/** What decides it: while a change of these may go unheard, nothing is kept and nothing told. */
export const DECIDING_TABLES = ['access.subjects', 'access.grants', 'retail.stores'];
export const DECIDING = dependencies(DECIDING_TABLES);
const REMEMBERED = 10_000;

/** Remembers who sees which stores until grants or stores change. */
export class Scopes {
  private readonly known = new LRUCache<string, { readonly scope: string; readonly stamp: Stamp }>({
    max: REMEMBERED,
  });
  private readonly tags: Tags;
  private readonly resolve: ResolveScope;

  constructor(tags: Tags, resolve: ResolveScope) {
    this.tags = tags;
    this.resolve = resolve;
  }

  /** What is known without asking; undefined when that is nothing, or may have changed. */
  of(principal: Principal): string | undefined {
    const known = this.known.get(nameOf(principal));
    return known?.stamp.holds() ? known.scope : undefined;
  }

  async find(context: RequestContext): Promise<string> {
    const since = this.tags.now;
    const stamp = this.tags.stamp(DECIDING, since);
    const scope = await this.resolve(context);
    this.known.set(nameOf(context.principal), { scope, stamp });
    return scope;
  }
}

function nameOf({ subject, store = '' }: Principal): string {
  return `${subject} ${store}`;
}

/** The ids of a scope's stores; undefined where they are many. */
export function storesOf(scope: string): readonly string[] | undefined {
  if (scope.startsWith('sha256:')) return undefined;
  return scope === '' ? [] : scope.split(' ');
}
