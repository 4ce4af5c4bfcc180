import type { LoaderSession, LoadValue } from '../../data/database.ts';
import { FRAGMENT_COLUMNS } from './order-fragments.ts';
import type { ProductFacts } from './product-facts.ts';

const FACT_COLUMNS = {
  sku: 'text',
  name: 'text',
  price: 'numeric',
  lines: 'bigint',
  first_line: 'bigint',
} as const;

/** Any number that no other lock of Aisle's takes. */
const ONE_IMPORT_AT_A_TIME = 7_241_186_002;

function definition(columns: Readonly<Record<string, string>>): string {
  return Object.entries(columns)
    .map(([name, type]) => `${name} ${type}`)
    .join(', ');
}

/** Makes the staging tables. They go with the transaction, whatever its end. */
export async function prepareStaging(session: LoaderSession): Promise<void> {
  await session.query(`SELECT pg_advisory_xact_lock(${ONE_IMPORT_AT_A_TIME})`);
  // Just-in-time compilation costs seconds on these plans: the fresh tables have no statistics yet.
  await session.query('SET LOCAL jit = off');
  await session.query("SET LOCAL work_mem = '64MB'");
  await session.query(`CREATE TEMP TABLE import_fragments (${definition(FRAGMENT_COLUMNS)}) ON COMMIT DROP`);
  await session.query(`CREATE TEMP TABLE import_facts (${definition(FACT_COLUMNS)}) ON COMMIT DROP`);
  // Compressing would cost more than the disk it saves.
  await session.query(`ALTER TABLE import_fragments ALTER skus SET STORAGE EXTERNAL,
    ALTER quantities SET STORAGE EXTERNAL, ALTER prices SET STORAGE EXTERNAL`);
}

/** Streams the fragments into staging; the facts about products go in between, whenever they are many. */
export async function stage(
  session: LoaderSession,
  fragments: AsyncIterator<readonly LoadValue[]>,
  facts: ProductFacts,
): Promise<void> {
  let ended = false;

  async function* untilFactsAreMany(): AsyncGenerator<readonly LoadValue[]> {
    while (!facts.full) {
      const next = await fragments.next();
      if (next.done === true) {
        ended = true;
        return;
      }
      yield next.value;
    }
  }

  while (!ended) {
    await session.load('import_fragments', FRAGMENT_COLUMNS, untilFactsAreMany());
    await session.load('import_facts', FACT_COLUMNS, facts.drain());
  }
  await session.query('CREATE INDEX ON import_fragments (first_line)');
  await session.query('ANALYZE import_fragments, import_facts');
}
