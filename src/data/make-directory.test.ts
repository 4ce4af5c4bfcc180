/** Threat: a command that is given a directory nobody can make never ends. */
import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeDirectory } from './make-directory.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aisle-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('makes what is missing above it too, for nobody else to read, and takes what is there', () => {
  const path = join(folder, 'a', 'b');
  makeDirectory(path);
  makeDirectory(path);
  expect([path, join(folder, 'a')].map((each) => statSync(each).mode & 0o777)).toEqual([0o700, 0o700]);
});

it('a file, a place in a file, and a link that leads nowhere are refused', () => {
  writeFileSync(join(folder, 'file'), '');
  symlinkSync(join(folder, 'gone'), join(folder, 'link'));
  expect(() => makeDirectory(join(folder, 'file'))).toThrow('EEXIST');
  expect(() => makeDirectory(join(folder, 'file', 'a', 'b'))).toThrow('ENOTDIR');
  expect(() => makeDirectory(join(folder, 'link', 'a'))).toThrow('EEXIST');
});

it.runIf(process.platform === 'linux')('where nothing can be made it is refused at once', () => {
  expect(() => makeDirectory('/proc/nope')).toThrow('ENOENT');
  expect(() => makeDirectory('/proc/nope/deeper')).toThrow('ENOENT');
});
