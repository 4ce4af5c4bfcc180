import type { TenantSession } from '../../data/database.ts';
import { type TableStructure, tableStructures } from './queries/table-structures.ts';

/** Structure of the readable tables, read once per process: a migration runs before it serves, and no caller's data is in it. */
export interface SchemaCatalogue {
  tables(tenant: TenantSession): Promise<ReadonlyMap<string, TableStructure>>;
}

export function createSchemaCatalogue(): SchemaCatalogue {
  let known: ReadonlyMap<string, TableStructure> | undefined;
  return {
    async tables(tenant) {
      // The value is kept, not the promise: a caller that goes away must not fail those who wait with it.
      known ??= new Map((await tableStructures(tenant)).map((table) => [table.name, table]));
      return known;
    },
  };
}
