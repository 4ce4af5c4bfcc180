import type { Database, TenantSession } from '../../data/database.ts';
import { AisleError, InternalError } from '../../kernel/errors.ts';
import { PERMISSIONS } from '../../kernel/permission.ts';
import type { Principal } from '../../kernel/principal.ts';
import type { CanaryStore } from './canaries.ts';
import { type Answer, type Manner, ROLLED_BACK, type Wall } from './wall.ts';

/** What a question to the catalogue may bring at most; far more than an attack needs. */
export const MAX_ROWS = 5000;

export function principalOf({ subject, slug }: CanaryStore): Principal {
  return { subject, name: slug, roles: [], permissions: new Set(PERMISSIONS), method: 'operator' };
}

/** No guard: any text goes straight into the governed session, as the reader. */
export function unguardedWall(
  database: Database,
  stores: { readonly own: CanaryStore; readonly other: CanaryStore },
  signal: AbortSignal,
): Wall {
  return {
    name: 'guard off',
    async send(who, statements, manner = ROLLED_BACK) {
      const context = { principal: principalOf(stores[who]), requestId: 'doctor', signal };
      const answers: Answer[] = [];
      try {
        await database.withTenant(context, async (tenant) => {
          for (const text of statements) {
            const answer = await ask(tenant, text, manner);
            answers.push(answer);
            if (answer.failure !== undefined) return;
          }
        });
      } catch (error) {
        answers.push(failed(error));
      }
      signal.throwIfAborted();
      return answers;
    },
  };
}

async function ask(tenant: TenantSession, text: string, manner: Manner): Promise<Answer> {
  try {
    const { columns, rows } = await tenant.query({ text, maxRows: MAX_ROWS, ...manner });
    return { bytes: JSON.stringify({ columns, rows }), rows };
  } catch (error) {
    return failed(error);
  }
}

/** As the protocol does: what is not one of Aisle's own failures says nothing of itself. */
function failed(error: unknown): Answer {
  const { code, message, data } =
    error instanceof AisleError ? error : new InternalError('Internal server error');
  const sqlstate = typeof data.sqlstate === 'string' ? { sqlstate: data.sqlstate } : {};
  return { bytes: JSON.stringify({ code, message, data }), rows: [], failure: { code, ...sqlstate } };
}
