/** `aisle access` as an operator runs it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startCli, startServer } from './harness/server-process.ts';

let directory: string;
let place: string[];
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aisle-test-'));
  place = ['--data-dir', directory];
  expect(await startCli(['migrate', ...place]).ended).toBe(0);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function access(...args: string[]) {
  const cli = startCli(['access', ...args, ...place]);
  return { code: await cli.ended, stdout: cli.stdout(), stderr: cli.stderr() };
}

it('adds, grants, shows, revokes and disables; what is wrong is told, and changes nothing', async () => {
  const added = await access('add', 'anna', '--name', 'Anna');
  expect([added.code, added.stdout]).toEqual([0, expect.stringMatching(/^[0-9a-f-]{36}\n$/)]);
  const granted = await access('grant', 'anna', '--role', 'store_user', 'auditor', '--all');
  expect([granted.code, granted.stdout]).toEqual([
    0,
    expect.stringMatching(/anna +[0-9a-f-]{36} +auditor, store_user +all/),
  ]);
  expect(await access('grant', 'anna', '--store', 'nowhere')).toMatchObject({
    code: 2,
    stderr: "VALIDATION_ERROR: There is no store 'nowhere'. There is none yet.\n",
  });
  expect(await access('grant', 'anna')).toMatchObject({
    code: 2,
    stderr: 'VALIDATION_ERROR: Say what: --role, --store, --region or --all.\n',
  });
  expect((await access('revoke', 'anna', '--role', 'auditor')).code).toBe(0);
  expect((await access('disable', 'anna')).stderr).toContain('anna is nobody from here on');
  const shown = await access('show', 'anna', '--json');
  expect(JSON.parse(shown.stdout)).toMatchObject([
    { slug: 'anna', displayName: 'Anna', isDisabled: true, roles: ['store_user'], allStores: true },
  ]);
  expect((await access('show', 'bert')).stderr).toBe(
    "VALIDATION_ERROR: There is no subject 'bert'. There are: anna.\n",
  );
}, 120_000);

it('says which server has the embedded database open', async () => {
  const server = await startServer(place);
  const { code, stderr } = await access('show');
  expect(code).toBe(1);
  expect(stderr).toContain(`The server at ${server.url} has the embedded database of ${directory} open`);
  expect(stderr).toContain('Stop that server first.');
  expect(await server.stop()).toBe(0);
}, 60_000);
