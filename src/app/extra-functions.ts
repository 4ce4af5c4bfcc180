import type { Database } from '../data/database.ts';
import type { Logger } from '../kernel/logger.ts';

/**
 * Tells the operator, once at the start, what SQL_EXTRA_FUNCTIONS opens. The guard trusts these names blindly: it can't see
 * what they do.
 */
export async function warnOfExtraFunctions(
  names: readonly string[],
  database: Pick<Database, 'functionFacts'>,
  logger: Logger,
): Promise<void> {
  if (names.length === 0) return;
  for (const facts of await database.functionFacts(names)) {
    const { name } = facts;
    const warn = (problem: string, advice: string) =>
      logger.warn('extra_function', { setting: 'SQL_EXTRA_FUNCTIONS', function: name, problem, advice });
    if (!facts.exists) {
      warn('does not exist', 'Mend the name, write the schema before it, or leave it out.');
      continue;
    }
    if (facts.isVolatile) {
      warn(
        'is volatile',
        'It may change data or answer differently each time; declare it STABLE if it does neither.',
      );
    }
    if (facts.runsAsOwner) {
      warn(
        'is SECURITY DEFINER',
        "It reads with its owner's rights and may cross stores; make it SECURITY INVOKER.",
      );
    }
    if (!facts.isExecutable) {
      warn(
        'may not be called by readers',
        'GRANT EXECUTE ON FUNCTION … TO aisle_reader, and USAGE on its schema.',
      );
    }
  }
}
