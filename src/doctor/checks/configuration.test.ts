import { expect, it } from 'vitest';
import type { Settings } from '../check.ts';
import { settingsWith } from '../testing/patient.ts';
import { environment, listening, pool, timeLimits } from './configuration.ts';

it.each<[string, { judge(settings: Settings): unknown }, Partial<Settings>, string, RegExp]>([
  ['loopback', listening, { HOST: '::1' }, 'ok', /^HOST=::1: this machine only$/],
  ['every address', listening, { HOST: '0.0.0.0' }, 'fail', /^HOST=0\.0\.0\.0 is open to other machines/],
  [
    'every address, with keys',
    listening,
    { HOST: '0.0.0.0', API_KEYS: true },
    'ok',
    /^HOST=0\.0\.0\.0: open to other machines, which must prove who calls$/,
  ],
  [
    'production, with a provider',
    environment,
    { ENVIRONMENT: 'production', OIDC_ISSUERS: ['https://login.example'] },
    'ok',
    /^production: callers prove who they are by tokens of https:\/\/login\.example$/,
  ],
  ['development', environment, {}, 'ok', /^development:/],
  [
    'production',
    environment,
    { ENVIRONMENT: 'production', unfit: ['A.', 'B.'] },
    'fail',
    /^ENVIRONMENT=production, and serving refuses/,
  ],
  ['the default pool', pool, {}, 'ok', /^2 to 10 connections for 100 calls at once$/],
  ['a minimum equal to the maximum', pool, { DB_POOL_MIN: 10 }, 'ok', /^10 to 10/],
  [
    'a minimum over the maximum',
    pool,
    { DB_POOL_MIN: 11 },
    'warn',
    /^DB_POOL_MIN=11 is more than DB_POOL_MAX=10/,
  ],
  [
    'more connections than calls',
    pool,
    { MAX_CONCURRENT_TOOLS: 9 },
    'warn',
    /^only MAX_CONCURRENT_TOOLS=9 of DB_POOL_MAX=10/,
  ],
  ['the default times', timeLimits, {}, 'ok', /^a query is stopped after 30 s, a tool call after 5 s$/],
  [
    'a minute',
    timeLimits,
    { DB_STATEMENT_TIMEOUT_SECONDS: 60, REQUEST_TIMEOUT_SECONDS: 66 },
    'ok',
    /after 60 s/,
  ],
  [
    'requests as short as calls',
    timeLimits,
    { DB_STATEMENT_TIMEOUT_SECONDS: 55 },
    'warn',
    /^REQUEST_TIMEOUT_SECONDS=60, and a tool call may take 60 s:/,
  ],
  [
    'a long query',
    timeLimits,
    { DB_STATEMENT_TIMEOUT_SECONDS: 61 },
    'warn',
    /^DB_STATEMENT_TIMEOUT_SECONDS=61:/,
  ],
  ['a long call', timeLimits, { TOOL_TIMEOUT_SECONDS: 600 }, 'warn', /^TOOL_TIMEOUT_SECONDS=600:/],
])('%s', (_what, check, settings, status, found) => {
  expect(check.judge(settingsWith(settings))).toMatchObject({ status, found: expect.stringMatching(found) });
});
