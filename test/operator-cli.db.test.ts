/**
 * Threat: an operator's command leaves no trace, or a mistyped name makes it work on a database of its own making. Closed
 * here, on the command line as operators run it.
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { placeOfEachTest, places } from './harness/places.ts';
import { startCli } from './harness/server-process.ts';

const OPERATOR = `operator ${userInfo().username}`;

async function aisle(...args: readonly string[]) {
  const cli = startCli(args);
  return { code: await cli.ended, out: cli.stdout(), err: cli.stderr() };
}

describe.each(places)('on $name', ({ name }) => {
  const place = placeOfEachTest(name);

  it('every command that changes or exports something is on record, before and after, with who ran it', async () => {
    const run = async (...args: readonly string[]) => {
      const done = await aisle(...args, ...place.options);
      expect(done.code, done.err).toBe(0);
      return done;
    };
    const csv = join(place.folder, 'sales.csv');
    await writeFile(csv, 'No,Day,Code,Name,Pieces,Price\nR1,2024-05-01,A1,Apple,2,0.5\n');
    const fields = ['order_number=No', 'order_date=Day', 'sku=Code', 'description=Name'];
    const mapping = [...fields, 'quantity=Pieces', 'unit_price=Price'].flatMap((pair) => ['--map', pair]);

    await run('migrate');
    await run('seed', '--customers', '30', '--orders', '60');
    await run('import', 'sales', csv, '--store', 'harbour', ...mapping);
    await run('secrets', 'rotate');
    await run('access', 'add', 'anna', '--name', 'Anna');
    await run('access', 'show');
    const link = ['identities', 'link', 'u-1', '--issuer', 'https://login.example', '--subject'];
    const linked = 'u-1 of https://login.example is anna.';
    expect((await run(...link, 'seattle')).err).toBe('u-1 of https://login.example is seattle.\n');
    expect((await run(...link, 'anna')).err).toBe(`${linked} It was seattle until now.\n`);
    expect((await run(...link, 'anna')).err).toBe(`${linked}\n`);
    await run('keys', 'rotate');
    const exported = await run('audit', 'export', '--since', '2026-01-31');

    const events = exported.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ log }) => log === 'security_audit_log')
      .sort((a, b) => a.sequence - b.sequence);
    const links = Array.from({ length: 3 }, () => 'identity_linked');
    const done = ['demo_seeded', 'sales_imported', 'secrets_rotated', 'subject_added', ...links];
    expect(events.map(({ event_type: type }) => type)).toEqual([
      'database_migrated',
      ...[...done, 'context_key_rotated'].flatMap((type) => ['operator_began', type]),
      'operator_began', // of the export, which has not ended yet
    ]);
    expect(events.map(({ user_name: who, success }) => [who, success])).toEqual(
      events.map(() => [OPERATOR, true]),
    );
    expect(
      events.filter(({ event_type: type }) => type === 'identity_linked').map(({ details }) => details.was),
    ).toEqual([undefined, 'seattle', undefined]);
    expect(events[0].details.migrations).toContain('0014_audit_months_bound');
    const byRequest = Map.groupBy(events.slice(1, -1), ({ request_id: id }) => id);
    expect([...byRequest.values()].map((both) => both.length)).toEqual([2, 2, 2, 2, 2, 2, 2, 2]);

    // What the export printed as anchors is good for the next verification, and goes stale when something is put on top.
    const anchors = join(place.folder, 'anchors.txt');
    await writeFile(anchors, exported.err);
    const verified = await run('audit', 'verify', '--anchors', anchors);
    expect(verified.out).toMatch(
      /^19 records in 2 partitions: all as they were written\.\nHeld against 1 anchor\.\n$/,
    );
    const [anchor = ''] = exported.err.split('\n').slice(1);
    expect(anchor).toMatch(/^security_audit_log_\d{4}_\d\d:18:[0-9a-f]{64}$/);
    const longer = anchor.replace(':18:', ':99:');
    const cut = await aisle('audit', 'verify', '--anchor', anchor, '--anchor', longer, ...place.options);
    expect(cut.code).toBe(1);
    expect(cut.out).toContain(': records 20 to 99: deleted, says an anchor\n');
    expect(cut.err).not.toContain('security_audit_log');
    const other = anchor.replace(/[0-9a-f]{64}$/, '0'.repeat(64));
    const rewritten = await aisle('audit', 'verify', '--anchor', other, ...place.options);
    expect(rewritten.out).toContain(': record 18: it, or one before it, was written anew, says an anchor\n');
    expect(rewritten.code).toBe(1);
  }, 300_000);

  it('an export whose reader goes away is on record as one that was not taken whole', async () => {
    expect(await aisle('migrate', ...place.options)).toMatchObject({ code: 0 });
    const cli = startCli(['audit', 'export', '--since', '2026-01-01', ...place.options]);
    cli.process.stdout?.destroy();
    expect(await cli.ended).toBe(0);
    expect(cli.stderr()).toBe('');
    const { out } = await aisle('audit', 'export', '--since', '2026-01-01', ...place.options);
    const events = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.filter(({ action }) => action === 'export').slice(0, 2)).toMatchObject([
      { event_type: 'operator_began' },
      { event_type: 'audit_exported', success: true, details: { records: 0, complete: false } },
    ]);
  }, 300_000);

  it('a database that is not there is made by migrate, seed and import only', async () => {
    const message =
      name === 'embedded'
        ? 'CONFIGURATION_ERROR: There is no database in the data directory'
        : 'CONFIGURATION_ERROR: Aisle has never been in the database';
    const commands = [
      ['audit', 'verify'],
      ['audit', 'export', '--since', '2026-01-01'],
      ['access', 'show'],
      ['keys', 'list'],
      ['identities', 'list'],
      ['secrets', 'rotate'],
    ];
    for (const command of commands)
      expect(await aisle(...command, ...place.options)).toMatchObject({
        ...{ code: 1, out: '', err: expect.stringContaining(message) },
      });
  }, 60_000);
});

describe('is refused, before anything is opened:', () => {
  const place = placeOfEachTest('embedded');
  it.each([
    ['a day that is none', ['audit', 'export', '--since', '2026-02-31'], /must be a time or a date/],
    ['a time of no zone', ['audit', 'export', '--since', '2026-02-01T12:00'], /must be a time or a date/],
    ['a last day that is none', ['seed', '--until', '2026-02-31'], /must be a date/],
    [
      'half an anchor',
      ['audit', 'verify', '--anchor', 'tool_calls_2026_01:7'],
      /must be partition:length:mac/,
    ],
    ['a file that is not there', ['audit', 'verify', '--anchors', '/nonexistent'], /can not be read/],
    ['a whole token', ['keys', 'revoke-token', 'eyJhbGciOiJub25lIn0.e30.x'], /Send it on standard input/],
    [
      'the same, as a header',
      ['keys', 'revoke-token', 'Bearer eyJhbGciOiJub25lIn0.e30.'],
      /on standard input/,
    ],
  ])('%s', async (_, args, message) => {
    expect(await aisle(...args, ...place.options)).toMatchObject({
      ...{ code: 2, out: '', err: expect.stringMatching(message) },
    });
  });

  it.each<[string, string, string | Buffer, string]>([
    ['missing', 'other.csv', '', 'There is no file'],
    ['empty', 'sales.csv', '', 'is empty: there is not even a header'],
    ['packed and empty', 'sales.csv.gz', gzipSync(''), 'is empty: there is not even a header'],
    ['no archive', 'sales.csv.gz', 'No,Day', 'is no whole gzip file'],
  ])('a file that is %s, and no database is made for it', async (_, name, content, message) => {
    await writeFile(join(place.folder, name === 'other.csv' ? 'sales.csv' : name), content);
    const args = [
      'import',
      'sales',
      join(place.folder, name),
      '--store',
      'harbour',
      '--profile',
      'online-retail',
    ];
    expect(await aisle(...args, ...place.options)).toMatchObject({
      ...{ code: 2, out: '', err: expect.stringContaining(message) },
    });
    expect(existsSync(join(place.folder, 'data'))).toBe(false);
  });

  it.each([
    ['no anchor at all', '# nothing yet\n\n', 'There is no anchor in'],
    ['a line that is none', 'tool_calls_2026_01:7:beef\n', 'Line 1 of'],
    ['a logged one that is none', '{"level":"info"}\n{"message":"audit_anchor"}', 'Line 2 of'],
  ])('a file of anchors with %s', async (_, content, message) => {
    const file = join(place.folder, 'anchors');
    await writeFile(file, content);
    expect(await aisle('audit', 'verify', '--anchors', file, ...place.options)).toMatchObject({
      ...{ code: 2, err: expect.stringContaining(message) },
    });
  });
});
