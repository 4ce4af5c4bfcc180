import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { createLogger } from './logger.ts';

function capture(level: 'debug' | 'info' = 'info') {
  const lines: Record<string, unknown>[] = [];
  return {
    lines,
    logger: createLogger({ level, destination: { write: (line) => lines.push(JSON.parse(line)) } }),
  };
}

/** Node's arguments for a process that runs `body` with a `logger` as it is by default. */
function script(body: string): string[] {
  const logger = `import { createLogger } from '${import.meta.dirname}/logger.ts';
    const logger = createLogger({ level: 'info' });`;
  return ['--input-type=module', '-e', `${logger}\n${body}`];
}

/** One that goes on until the test has ended. */
function logging(body: string) {
  const child = spawn(process.execPath, script(body));
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

test('a line is one JSON object: time, level by name, name, message, fields', () => {
  const { lines, logger } = capture();
  logger.info('tool_call', { request_id: 'r1', tool_name: 'echo', duration_ms: 1.5 });
  expect(lines).toEqual([
    {
      level: 'info',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      name: 'aisle',
      message: 'tool_call',
      request_id: 'r1',
      tool_name: 'echo',
      duration_ms: 1.5,
    },
  ]);
});

test('secrets are masked in fields, in the fields of a child, and in the message', () => {
  const { lines, logger } = capture();
  logger
    .child({ api_key: 'abcdefghijklmnop' })
    .warn('using postgres://u:hunter2@db/x', { deep: { token: 'short' } });
  expect(lines[0]).toMatchObject({
    api_key: 'ab***op',
    message: 'using postgres://***@db/x',
    deep: { token: '***' },
  });
});

test('an error field, named err or error, is redacted too', () => {
  const { lines, logger } = capture();
  const error = new Error('password=hunter2');
  logger.error('failed', { err: error, error });
  expect(JSON.stringify(lines)).not.toContain('hunter2');
});

test('lines below the level are not written', () => {
  const { lines, logger } = capture();
  logger.debug('quiet');
  expect(lines).toEqual([]);
});

test('by default it writes to stderr, and nothing to stdout', () => {
  const { stdout, stderr } = spawnSync(process.execPath, script(`logger.info('here');`), {
    encoding: 'utf8',
  });
  expect(stdout).toBe('');
  expect(JSON.parse(stderr)).toMatchObject({ message: 'here' });
});

test('a single line is written soon, though no other follows and the process goes on', async () => {
  const child = logging(`logger.info('here');
    setInterval(() => {}, 1000);`);
  const [line] = await once(createInterface(child.stderr), 'line');
  expect(JSON.parse(String(line))).toMatchObject({ message: 'here' });
});

/**
 * Closes: the last lines before the silence, which tell what went wrong, wait until somebody logs again.
 */
test('a line that came while others were being written is not left behind', async () => {
  const child =
    logging(`for (let line = 0; line < 3010; line += 1) logger.info('x', { text: 'word '.repeat(20) });
    setTimeout(() => logger.info('the last'), 20);
    setTimeout(() => console.log('on it goes'), 200);
    setInterval(() => {}, 1000);`);
  await once(child.stdout, 'data'); // nobody has read a line by now
  let lines = 0;
  for await (const line of createInterface(child.stderr)) {
    lines += 1;
    if (line.includes('the last')) break;
  }
  expect(lines).toBe(3011);
});

/**
 * Closes: a collector of logs that hangs makes every call hang with it.
 */
test('whoever does not read stderr stops nothing; lines beyond what may wait are lost, and counted', async () => {
  const child =
    logging(`for (let line = 0; line < 6000; line += 1) logger.info('x', { text: 'word '.repeat(700) });
    console.log('on it goes');
    setInterval(() => {}, 1000);`);
  await once(child.stdout, 'data'); // nobody has read a line by now
  const levels = new Map<string, number>();
  for await (const line of createInterface(child.stderr)) {
    const { message, lines = 1 } = JSON.parse(line) as { message: string; lines?: number };
    levels.set(message, (levels.get(message) ?? 0) + lines);
    if (message === 'log_lines_lost') break;
  }
  const [written = 0, lost = 0] = ['x', 'log_lines_lost'].map((message) => levels.get(message) ?? 0);
  expect(written + lost).toBe(6000);
  expect(lost).toBeGreaterThan(500);
});

test('what waits to be written is written when the process ends', () => {
  const body = `for (let line = 0; line < 1000; line += 1) logger.info('x');
    process.exit(3);`;
  const { status, stderr } = spawnSync(process.execPath, script(body), { encoding: 'utf8' });
  expect([status, stderr.trimEnd().split('\n').length]).toEqual([3, 1000]);
});

test('the process ends soon though nobody reads what waits', async () => {
  const child =
    logging(`for (let line = 0; line < 200; line += 1) logger.info('x', { text: 'word '.repeat(700) });
    setTimeout(() => process.exit(3), 100);`);
  const [code] = await once(child, 'exit');
  expect(code).toBe(3);
}, 20_000);
