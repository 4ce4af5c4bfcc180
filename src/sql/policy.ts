import { ConfigurationError } from '../kernel/errors.ts';
import { CEILINGS, DEFAULT_BOUNDS, type GuardBounds } from './bounds.ts';

export interface GuardPolicy {
  /** 'any' for corpora, or the tables that may be read, as 'schema.table'. */
  readonly relations: 'any' | ReadonlySet<string>;
  /**
   * How unqualified names resolve, in order, e.g. ['retail']. The guard doesn't know which tables exist beyond those
   * allowed, so an unqualified name can only be trusted to mean the first schema; the others need their name written.
   */
  readonly searchPath: readonly string[];
  /** Operator's additions to the function allow-list: 'schema.name' or 'name'. */
  readonly extraFunctions?: readonly string[];
  readonly bounds?: Partial<GuardBounds>;
}

/** The policy after checking, in the form the rules ask it. */
export interface CheckedPolicy {
  readonly relations: 'any' | ReadonlySet<string>;
  readonly searchPath: readonly string[];
  readonly extraFunctions: ReadonlySet<string>;
  readonly bounds: GuardBounds;
}

/** pg_catalog, pg_toast, pg_temp_1 …, and the standard's view of the same: what describes the server, not the shop. */
export function isSystemSchema(schema: string): boolean {
  return schema.startsWith('pg_') || schema === 'information_schema';
}

export function checkPolicy(policy: GuardPolicy): CheckedPolicy {
  for (const schema of policy.searchPath) {
    if (schema === '' || isSystemSchema(schema)) {
      throw new ConfigurationError(
        `SQL guard: searchPath may not contain "${schema}"; name schemas with data.`,
      );
    }
  }
  for (const relation of policy.relations === 'any' ? [] : policy.relations) {
    const schema = relation.slice(0, Math.max(0, relation.indexOf('.')));
    if (schema === '' || isSystemSchema(schema)) {
      throw new ConfigurationError(`SQL guard: relation "${relation}" must be written as schema.table.`);
    }
  }
  for (const name of policy.extraFunctions ?? []) {
    if (!/^[^.]+(\.[^.]+)?$/.test(name)) {
      throw new ConfigurationError(`SQL guard: extra function "${name}" must be 'schema.name' or 'name'.`);
    }
  }
  const bounds = { ...DEFAULT_BOUNDS, ...policy.bounds };
  checkBounds(bounds);
  return {
    relations: policy.relations === 'any' ? 'any' : new Set(policy.relations),
    searchPath: [...policy.searchPath],
    extraFunctions: new Set(policy.extraFunctions),
    bounds,
  };
}

function checkBounds(bounds: GuardBounds): void {
  const ceilings = new Map<string, number>(Object.entries(CEILINGS));
  for (const [name, bound] of Object.entries(bounds)) {
    if (!Number.isSafeInteger(bound) || bound < 1) {
      throw new ConfigurationError(`SQL guard: bound "${name}" must be a whole number from 1.`);
    }
    const ceiling = ceilings.get(name) ?? bound;
    if (bound > ceiling) {
      const why = 'beyond that one text could hold up the server for all';
      throw new ConfigurationError(
        `SQL guard: bound "${name}" may be at most ${ceiling}, not ${bound}: ${why}.`,
      );
    }
  }
}
