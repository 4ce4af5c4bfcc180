import { Random } from '../src/demo/random.ts';
import { type AstValue, isNode } from '../src/sql/ast.ts';
import { createParser, type Parser } from '../src/sql/parser.ts';
import { Grammar } from './grammar.ts';
import { Judge, type Judgement } from './judge.ts';
import { mutated, shrunk } from './mutate.ts';
import type { Examination, Postgres } from './postgres.ts';
import { isAllowed } from './resolution.ts';

interface Report {
  executions: number;
  accepted: number;
  /** Accepted statements by fingerprint: all of these PostgreSQL was asked about. */
  shapes: number;
  readonly ended: Record<Examination['ended'], number>;
  behaviours: number;
  slowestMs: number;
  slowest: string;
  readonly findings: { readonly fault: string; readonly sql: string }[];
}

const UNJUDGED: Examination = { ended: 'not understood', uses: [], faults: [] };

/**
 * Makes statements out of the corpus and the grammar, asks the guard about each and PostgreSQL about the accepted ones.
 * A statement that shows a behaviour for the first time joins the corpus. The same seed makes the same statements, as
 * long as no query has to be stopped.
 */
export class Campaign {
  readonly report: Report = {
    executions: 0,
    accepted: 0,
    shapes: 0,
    ended: { ran: 0, failed: 0, 'not understood': 0, stopped: 0 },
    behaviours: 0,
    slowestMs: 0,
    slowest: '',
    findings: [],
  };
  /** Statements by what they were the first to show. */
  readonly corpus = new Map<string, readonly string[]>();
  readonly #random: Random;
  readonly #grammar: Grammar;
  readonly #judge: Judge;
  readonly #parser: Parser;
  readonly #postgres: Postgres;
  readonly #behaviours = new Set<string>();
  readonly #fingerprints = new Set<string>();
  readonly #faults = new Set<string>();
  readonly #pool: string[] = [];

  private constructor(random: Random, judge: Judge, parser: Parser, postgres: Postgres) {
    this.#random = random;
    this.#grammar = new Grammar(random, postgres.names);
    this.#judge = judge;
    this.#parser = parser;
    this.#postgres = postgres;
  }

  static async create(seed: number, postgres: Postgres): Promise<Campaign> {
    const random = new Random(seed, 'fuzz');
    return new Campaign(random, await Judge.create(random), await createParser(), postgres);
  }

  /** One statement of its own making. */
  async step(): Promise<void> {
    await this.execute(this.#next());
  }

  async execute(sql: string): Promise<void> {
    const { report } = this;
    report.executions++;
    const judgement = await this.#judge.judge(sql);
    if (judgement.ms > report.slowestMs) [report.slowestMs, report.slowest] = [judgement.ms, sql];
    const examination = await this.#examine(judgement, sql);
    const shown = this.#behavioursOf(judgement, examination, sql).filter(
      (each) => !this.#behaviours.has(each),
    );
    if (shown.length > 0) {
      for (const behaviour of shown) this.#behaviours.add(behaviour);
      this.corpus.set(sql, shown);
      this.#pool.push(sql);
      report.behaviours = this.#behaviours.size;
    }
    for (const fault of faultsOf(judgement, examination)) await this.#record(fault, sql);
  }

  #next(): string {
    const random = this.#random;
    const seed = this.#pool[random.between(0, this.#pool.length - 1)];
    const other = this.#pool[random.between(0, this.#pool.length - 1)] ?? 'SELECT 1';
    if (seed === undefined || random.chance(0.2))
      return this.#grammar.expand('statement', random.between(1, 12));
    return mutated(seed, other, random, this.#grammar);
  }

  /** Asks PostgreSQL about every accepted shape once. */
  async #examine({ verdict }: Judgement, sql: string): Promise<Examination> {
    if (!verdict.ok) return UNJUDGED;
    this.report.accepted++;
    const fingerprint = this.#parser.fingerprint(sql);
    if (this.#fingerprints.has(fingerprint)) return UNJUDGED;
    this.#fingerprints.add(fingerprint);
    this.report.shapes++;
    const examination = await this.#postgres.examine(sql);
    this.report.ended[examination.ended]++;
    return examination;
  }

  #behavioursOf({ verdict }: Judgement, { ended, uses }: Examination, sql: string): string[] {
    if (!verdict.ok) return [`refused ${verdict.code}`];
    if (uses.length === 0) return [];
    return [`ended ${ended}`, ...uses, ...edgesOf(this.#parser.parse(sql))];
  }

  async #record(fault: string, sql: string): Promise<void> {
    if (this.#faults.has(fault)) return;
    this.#faults.add(fault);
    const isSame = async (shorter: string) => {
      const judgement = await this.#judge.judge(shorter);
      const examination = judgement.verdict.ok ? await this.#postgres.examine(shorter) : UNJUDGED;
      return faultsOf(judgement, examination).includes(fault);
    };
    this.report.findings.push({ fault, sql: await shrunk(sql, isSame) });
  }
}

function faultsOf(judgement: Judgement, { uses, faults }: Examination): string[] {
  const used = uses.filter((use) => !isAllowed(use)).map((use) => `uses ${use}`);
  // What exactly was left behind differs from one run to the next.
  return [...judgement.faults, ...used, ...faults.map((fault) => fault.replace(/:.*/s, ''))];
}

/** Which node types stand in which field of which, and what the enumerations say. */
function edgesOf(tree: AstValue): string[] {
  const edges = new Set<string>();
  const visit = (value: AstValue | undefined, place: string): void => {
    if (Array.isArray(value)) for (const item of value) visit(item, place);
    else if (isNode(value)) {
      for (const [key, child] of Object.entries(value)) {
        // Types are written in capitals, fields in small letters.
        if (/^[A-Z]/.test(key)) edges.add(`${place}>${key}`);
        visit(child, /^[A-Z]/.test(key) ? key : `${place.replace(/\..*/, '')}.${key}`);
      }
    } else if (typeof value === 'string' && /^[A-Z]+_[A-Z_]+$/.test(value)) edges.add(`${place}=${value}`);
  };
  visit(tree, '');
  return [...edges];
}
