import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { createLogger } from './logger.ts';

function capture(level: 'debug' | 'info' = 'info') {
  const lines: Record<string, unknown>[] = [];
  return {
    lines,
    logger: createLogger({ level, destination: { write: (line) => lines.push(JSON.parse(line)) } }),
  };
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
  const script = `import { createLogger } from '${import.meta.dirname}/logger.ts'; createLogger({ level: 'info' }).info('here');`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  expect(stdout).toBe('');
  expect(JSON.parse(stderr)).toMatchObject({ message: 'here' });
});
