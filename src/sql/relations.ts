import { type AstNode, textOf } from './ast.ts';
import { type CheckedPolicy, isSystemSchema } from './policy.ts';
import { isCte, type Scope } from './scope.ts';
import { suggest } from './suggest.ts';
import type { Walk } from './walk.ts';

/** The rule for a name in FROM: a CTE in scope, or a table that the policy lists. Quoting and case are the parser's. */
export function checkRelation(range: AstNode, scope: Scope | undefined, walk: Walk): void {
  const [database, schema, name] = [range.catalogname, range.schemaname, range.relname].map(textOf) as [
    string,
    string,
    string,
  ];
  if (database === '' && schema === '' && isCte(scope, name)) return;
  const written = [database, schema, name].filter((part) => part !== '').join('.');
  if (database !== '') {
    walk.refuse(
      'SQL_TABLE_NOT_ALLOWED',
      `Table ${written} is not allowed; write schema.table, without a database.`,
    );
  }
  // pg_catalog comes before the search path, so an unqualified pg_… is never the operator's table.
  if (isSystemSchema(schema) || (schema === '' && isSystemSchema(name))) {
    walk.refuse('SQL_TABLE_NOT_ALLOWED', `Table ${written} is not allowed; the catalogue can't be queried.`);
  }
  const { relations, searchPath } = walk.policy;
  const resolved = schema === '' ? [...searchPath.slice(0, 1), name].join('.') : written;
  if (relations !== 'any' && !relations.has(resolved)) {
    walk.refuse(
      'SQL_TABLE_NOT_ALLOWED',
      `Table ${written} is not allowed.${advice(name, resolved, walk.policy)}`,
    );
  }
  walk.relations.add(resolved);
}

function advice(name: string, resolved: string, policy: CheckedPolicy): string {
  const { relations, searchPath } = policy;
  if (relations === 'any') return '';
  const elsewhere = searchPath.map((schema) => `${schema}.${name}`).find((each) => relations.has(each));
  if (elsewhere !== undefined) return ` Write ${elsewhere}.`;
  return suggest(resolved, relations) || ` Allowed are: ${[...relations].slice(0, 20).join(', ')}.`;
}
