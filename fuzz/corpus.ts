import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, 'corpus');

/** The statements in fuzz/corpus/, in the order of their names. */
export function readCorpus(): string[] {
  return globSync('*.sql', { cwd: FOLDER })
    .sort()
    .map((file) => readFileSync(join(FOLDER, file), 'utf8').trim());
}

/**
 * The fewest statements, taken greedily, that show what all of them show: each is worth what it adds for its length.
 * Statements that add less than `least` are left out.
 */
export function distilled(shown: ReadonlyMap<string, readonly string[]>, least: number): string[] {
  const left = new Map(shown);
  const seen = new Set<string>();
  const chosen: string[] = [];
  const adds = (behaviours: readonly string[]) => behaviours.filter((each) => !seen.has(each)).length;
  for (;;) {
    let best: readonly [sql: string, worth: number] | undefined;
    for (const [sql, behaviours] of left) {
      const added = adds(behaviours);
      const worth = added / (20 + sql.length);
      if (added >= least && worth > (best?.[1] ?? 0)) best = [sql, worth];
    }
    if (best === undefined) return chosen;
    for (const behaviour of left.get(best[0]) ?? []) seen.add(behaviour);
    left.delete(best[0]);
    chosen.push(best[0]);
  }
}

/** Replaces the corpus. */
export function writeCorpus(statements: readonly string[]): void {
  for (const file of globSync('*.sql', { cwd: FOLDER })) rmSync(join(FOLDER, file));
  for (const [i, sql] of statements.entries()) {
    writeFileSync(join(FOLDER, `${String(i + 1).padStart(2, '0')}.sql`), `${sql}\n`);
  }
}
