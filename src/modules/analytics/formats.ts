import type { Column, Rows, Value } from '../../data/database.ts';

export const FORMATS = ['json', 'csv', 'markdown'] as const;
export type Format = (typeof FORMATS)[number];

/** How one format writes a result: the line before the rows, each row, and what stands around it all. */
interface Layout {
  readonly head: (columns: readonly Column[]) => string;
  readonly row: (row: readonly Value[], columns: readonly Column[]) => string;
  readonly whole: (head: string, rows: readonly string[], truncated: boolean) => string;
}

/** Types whose text can't be a formula, so that `-5` stays `-5`. */
const PLAIN_TYPES =
  /^(?:smallint|integer|bigint|numeric|real|double precision|money|boolean|date|time|timetz|timestamp|timestamptz|interval|uuid)$/;

/**
 * A text that Excel, LibreOffice or Google Sheets would run as a formula gets an apostrophe in front (OWASP, "CSV
 * injection"): stored text is written by strangers. Only csv is changed so; json and structuredContent stay exact.
 */
function defused(text: string): string {
  return /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text;
}

const textOf = (value: Value): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** RFC 4180; NULL is an empty field and an empty text is `""`, as in PostgreSQL's own CSV. */
function csvField(value: Value, type: string): string {
  if (value === null) return '';
  const text = PLAIN_TYPES.test(type) ? textOf(value) : defused(textOf(value));
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * A cell that can't leave its cell or become a link, an image (which a client may fetch, with data in its address),
 * code or HTML: those characters are escaped, and line breaks written as \n.
 */
function markdownCell(value: Value): string {
  if (value === null) return 'NULL';
  return textOf(value)
    .replace(/[\\|[\]`]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/\r\n|[\n\r\u2028\u2029]/g, '\\n');
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const LAYOUTS: Readonly<Record<Format, Layout>> = {
  json: {
    head: (columns) => JSON.stringify(columns.map(({ name }) => name)),
    row: (row) => JSON.stringify(row),
    whole: (head, rows, truncated) =>
      `{"c":${head},"r":[${rows.join(',')}],"n":${rows.length}` +
      `${truncated ? ',"truncated":true' : ''}${rows.length === 0 && !truncated ? ',"msg":"No rows"' : ''}}`,
  },
  csv: {
    head: (columns) => columns.map(({ name }) => csvField(name, 'text')).join(','),
    row: (row, columns) =>
      row.map((value, index) => csvField(value, columns[index]?.type ?? 'text')).join(','),
    // RFC 4180 knows no remarks, but a reader who isn't told that rows are missing is told something untrue.
    whole: (head, rows, truncated) =>
      [head, ...rows, ...(truncated ? ['# truncated: there are more rows'] : []), ''].join('\r\n'),
  },
  markdown: {
    head: (columns) =>
      `${line(columns.map(({ name }) => markdownCell(name)))}\n${line(columns.map(() => '---'))}`,
    row: (row) => line(row.map(markdownCell)),
    whole: (head, rows, truncated) =>
      [head, ...rows].join('\n') +
      (truncated ? '\n\nTruncated: there are more rows.' : rows.length === 0 ? '\n\nNo rows.' : ''),
  },
};

/** Bytes of rows that one answer holds at most. */
const MAX_RESULT_BYTES = 256 * 1024;

export interface FormattedRows extends Rows {
  readonly text: string;
}

/**
 * A result as text, cut after the last row that fits `maxBytes`. Rows are measured in the wider of the two ways that they
 * go out: as this format and as the JSON of structuredContent.
 */
export function formatRows(result: Rows, format: Format, maxBytes = MAX_RESULT_BYTES): FormattedRows {
  const layout = LAYOUTS[format];
  const lines: string[] = [];
  let bytes = 0;
  for (const row of result.rows) {
    const text = layout.row(row, result.columns);
    bytes +=
      Math.max(Buffer.byteLength(text), format === 'json' ? 0 : Buffer.byteLength(JSON.stringify(row))) + 2;
    if (bytes > maxBytes) break;
    lines.push(text);
  }
  const rows = result.rows.slice(0, lines.length);
  const truncated = result.truncated || lines.length < result.rows.length;
  return {
    columns: result.columns,
    rows,
    truncated,
    text: layout.whole(layout.head(result.columns), lines, truncated),
  };
}
