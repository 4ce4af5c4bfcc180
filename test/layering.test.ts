/** The import table of the architecture is enforced: trees that break it make the checker fail, and say where. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';

const checker = join(import.meta.dirname, '../scripts/check-layers.ts');
const trees: string[] = [];

afterEach(() => {
  for (const tree of trees.splice(0)) rmSync(tree, { recursive: true });
});

/** Runs the checker over a source tree that holds this one file. */
function check(path: string, text: string): { ok: boolean; said: string } {
  const tree = mkdtempSync(join(tmpdir(), 'aisle-layers-'));
  trees.push(tree);
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  writeFileSync(join(tree, path), text);
  const { status, stderr } = spawnSync(process.execPath, [checker, tree], { encoding: 'utf8' });
  return { ok: status === 0, said: stderr };
}

describe('allowed', () => {
  test.each([
    ['every layer imports kernel', 'sql/guard.ts', "import { clock } from '../kernel/clock.ts';"],
    [
      'a module imports data',
      'modules/sales/tools/x.ts',
      "import { database } from '../../../data/database.ts';",
    ],
    ['a module imports itself', 'modules/sales/index.ts', "import { x } from './tools/x.ts';"],
    ['the index lists the modules', 'modules/index.ts', "import { sales } from './sales/index.ts';"],
    ['app imports a module list', 'app/engine.ts', "import { modules } from '../modules/index.ts';"],
    ['data imports pg', 'data/pool.ts', "import pg from 'pg';"],
    ['tests import anything', 'sql/guard.accepts.test.ts', "import { app } from '../app/engine.ts';"],
  ])('%s', (_, path, text) => {
    expect(check(path, text)).toMatchObject({ ok: true });
  });
});

describe('refused', () => {
  test.each([
    [
      'kernel imports a layer',
      'kernel/tool.ts',
      "import { x } from '../data/x.ts';",
      'kernel may not import data',
    ],
    ['a type-only import', 'sql/x.ts', "import type { X } from '../data/x.ts';", 'sql may not import data'],
    ['an import() type', 'sql/x.ts', "export type X = import('../data/x.ts').X;", 'sql may not import data'],
    ['a dynamic import', 'policy/x.ts', "await import('../cache/x.ts');", 'policy may not import cache'],
    ['a computed import', 'policy/x.ts', 'await import(String(1));', 'policy/x.ts: computes what it imports'],
    ['a re-export', 'cache/x.ts', "export * from '../data/x.ts';", 'cache may not import data'],
    [
      'a module imports another',
      'modules/a/x.ts',
      "import '../b/index.ts';",
      'modules/a may not import modules/b',
    ],
    [
      'a module imports the list',
      'modules/a/x.ts',
      "import '../index.ts';",
      'modules/a may not import modules/index.ts',
    ],
    ['a layer imports app', 'ops/x.ts', "import '../app.ts';", 'ops may not import app.ts'],
    ['a layer reads the settings', 'data/x.ts', "import '../config.ts';", 'data may not import config.ts'],
    ['demo imports kernel', 'demo/x.ts', "import '../kernel/clock.ts';", 'demo may not import kernel'],
    ['pg outside data', 'modules/a/x.ts', "import pg from 'pg';", 'modules/a may not import the package pg'],
    [
      'a part of pg outside data',
      'ops/x.ts',
      "import 'pg/lib/client.js';",
      'ops may not import the package pg',
    ],
    ['a test in the product', 'sql/x.ts', "import './guard.accepts.test.ts';", 'is not shipped'],
    ['a folder without a layer', 'utils/x.ts', '', 'src/utils/x.ts belongs to no layer'],
  ])('%s', (_, path, text, reason) => {
    const { ok, said } = check(path, text);
    expect(said).toContain(reason);
    expect(ok).toBe(false);
  });
});
