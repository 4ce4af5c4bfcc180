import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RejectsFile } from './rejects-file.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aisle-test-'));
  path = join(folder, 'rejects.csv');
});
afterEach(() => rm(folder, { recursive: true }));

it('is made with the first line, quoted, for its owner only', async () => {
  const rejects = new RejectsFile(path);
  await rejects.begin(undefined);
  rejects.add(6, 'quantity is no whole number', 'R3,"many"');
  await rejects.flush(true);
  await rejects.close();
  expect(await readFile(path, 'utf8')).toBe(
    'line,reason,raw\n6,"quantity is no whole number","R3,""many"""\n',
  );
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it('is not made when nothing was rejected, and one of an earlier import is removed', async () => {
  await writeFile(path, 'line,reason,raw\n1,"old","old"\n');
  const rejects = new RejectsFile(path);
  await rejects.begin(undefined);
  await rejects.flush(true);
  await rejects.close();
  await expect(stat(path)).rejects.toThrow('ENOENT');
});

it.each([
  ["a file of somebody's own", 'line,sku\n1,A\n'],
  ['an empty file', ''],
])('never takes the place of %s', async (_what, content) => {
  await writeFile(path, content);
  await expect(new RejectsFile(path).begin(undefined)).rejects.toMatchObject({
    code: 'VALIDATION_ERROR',
    message: `${path} is there already and is not the rejects file of an earlier import. Move it away, or name another with --rejects.`,
  });
  expect(await readFile(path, 'utf8')).toBe(content);
});

it('never takes the place of the file that is imported, even if that is a rejects file', async () => {
  await writeFile(path, 'line,reason,raw\n');
  await expect(new RejectsFile(path).begin(join(folder, '.', 'rejects.csv'))).rejects.toMatchObject({
    message: 'The rejects file is the file to import itself. Name another with --rejects.',
  });
  expect(await readFile(path, 'utf8')).toBe('line,reason,raw\n');
});

it('a directory under the name is refused', async () => {
  await expect(new RejectsFile(folder).begin(undefined)).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
});
