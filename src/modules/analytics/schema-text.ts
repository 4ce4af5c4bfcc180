import type { ForeignKey, TableStructure } from './queries/table-structures.ts';

const LEGEND = '! = never null; pk, unique, fk = keys; in […] = values in your rows. PostgreSQL.';

type Values = ReadonlyMap<string, readonly string[]>;

const keyText = (columns: readonly string[]): string => `(${columns.join(', ')})`;

/** `(store_id, order_id) -> retail.orders`, with the columns there when they are called otherwise. */
export function foreignKeyText({ columns, table, references }: ForeignKey): string {
  const there = keyText(references);
  return `${keyText(columns)} -> ${table}${there === keyText(columns) ? '' : ` ${there}`}`;
}

/** One table for a model's eyes. Values are stored text: written as JSON strings, so that none can pose as schema. */
function tableText(table: TableStructure, values: Values = new Map()): string {
  const lines = [`${table.name}${table.comment === null ? '' : ` -- ${table.comment}`}`];
  for (const column of table.columns) {
    const list = values.get(`${table.name}.${column.name}`);
    lines.push(
      `  ${column.name} ${column.type}${column.nullable ? '' : '!'}` +
        `${list === undefined ? '' : ` in ${JSON.stringify(list)}`}` +
        `${column.comment === null ? '' : ` -- ${column.comment}`}`,
    );
  }
  lines.push(
    `  pk ${keyText(table.primaryKey)}`,
    ...table.unique.map((columns) => `  unique ${keyText(columns)}`),
  );
  lines.push(...table.foreignKeys.map((key) => `  fk ${foreignKeyText(key)}`));
  return lines.join('\n');
}

export function schemaText(tables: readonly TableStructure[], values?: Values): string {
  return [LEGEND, ...tables.map((table) => tableText(table, values))].join('\n\n');
}
