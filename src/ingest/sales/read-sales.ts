import type { LoadValue } from '../../data/database.ts';
import { ValidationError } from '../../kernel/errors.ts';
import { CsvRecords, type RecordSink } from './csv-records.ts';
import { locateFields } from './fields.ts';
import type { ImportPlan } from './import-options.ts';
import { LineReader } from './line-reader.ts';
import { OrderFragments } from './order-fragments.ts';
import { ProductFacts } from './product-facts.ts';
import type { RejectsFile } from './rejects-file.ts';
import type { SalesSource } from './sales-source.ts';
import { StoreSlugs } from './store-slug.ts';

type Row = readonly LoadValue[];

/** Rows of the file that go to the database together. */
export interface Segment {
  readonly rows: readonly Row[];
  /** What was counted of the products of these rows, and of some that follow. */
  readonly facts: Iterable<Row>;
}

/** The first segment is this part of the others, so that PostgreSQL has something to do early. */
const FIRST_PART = 4;

/** The file as it is being read: rows for staging, and what was counted on the way. */
export class SalesReading {
  readonly slugs = new StoreSlugs();
  /** Set when the header has been read. */
  lines: LineReader | undefined;
  /** The last physical line that made a record. */
  lastLine = 0;
  private readonly facts = new ProductFacts();
  private readonly fragments: OrderFragments;
  private readonly plan: ImportPlan;
  private readonly rejects: RejectsFile;

  constructor(plan: ImportPlan, rejects: RejectsFile) {
    this.plan = plan;
    this.rejects = rejects;
    this.fragments = new OrderFragments(plan.timezone);
  }

  /** Throws `ValidationError` when the header doesn't fit, or stores can't be told apart. */
  async *segments(source: SalesSource, onRead: () => void): AsyncGenerator<Segment> {
    const { segmentLines, delimiter } = this.plan;
    const records = new CsvRecords(this.sink(), delimiter);
    let size = segmentLines / FIRST_PART;
    for await (const chunk of source.read()) {
      records.write(chunk);
      await this.rejects.flush();
      onRead();
      if (this.fragments.places < size) continue;
      yield this.segment();
      size = segmentLines;
    }
    records.end();
    this.fragments.close();
    if (this.fragments.places > 0) yield this.segment();
  }

  private segment(): Segment {
    return { rows: this.fragments.take(), facts: this.facts.take() };
  }

  /** What was counted. Throws `ValidationError` when there was nothing to read. */
  finished(name: string): LineReader {
    if (this.lines === undefined) throw emptySource(name);
    return this.lines;
  }

  private sink(): RecordSink {
    return {
      record: (fields, line, lastLine, raw) => {
        this.lastLine = lastLine;
        if (this.lines === undefined) this.lines = this.begin(fields);
        else this.lines.record(fields, line, lastLine, raw);
      },
      reject: (line, reason, raw) => {
        if (this.lines === undefined)
          throw new ValidationError(`The header (line ${line}) can't be read: ${reason}.`);
        this.lines.reject(line, reason, raw);
      },
    };
  }

  private begin(header: readonly string[]): LineReader {
    const { fragments, facts, slugs, plan, rejects } = this;
    const indexes = locateFields(header, plan.fields);
    const reject = (line: number, reason: string, raw: string) => rejects.add(line, reason, raw);
    return new LineReader({ header, indexes, store: plan.store, slugs, fragments, facts, reject });
  }
}

export function emptySource(name: string): ValidationError {
  return new ValidationError(`${name} is empty: there is not even a header.`);
}
