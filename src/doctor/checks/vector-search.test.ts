import { expect, it } from 'vitest';
import { patientWith } from '../testing/patient.ts';
import { extension, index } from './vector-search.ts';

const here = (version: string | null, schema: string | null = 'extensions', isAvailable = true) => [
  { version, schema, isAvailable },
];
it.each([
  ['current', here('0.8.0'), 'ok', '0.8.0 in schema extensions; iterative scan available'],
  ['a later one', here('1.0.0'), 'ok', '1.0.0 in schema extensions; iterative scan available'],
  [
    'too old',
    here('0.7.4'),
    'fail',
    '0.7.4 has no iterative scan, which searches and the settings of logins need',
  ],
  ['elsewhere', here('0.8.0', 'public'), 'fail', '0.8.0 is in schema public, where no query looks for it'],
  ['not made', here(null, null), 'fail', 'not in this database'],
  ['not installed', here(null, null, false), 'fail', 'not on this server'],
])('pgvector %s', (_what, rows, status, found) => {
  expect(extension.judge(rows, patientWith())).toMatchObject({ status, found });
});

const hnsw = { name: 'by_meaning', method: 'hnsw', isValid: true, isBeingBuilt: false };
it.each([
  ['HNSW', [hnsw, { ...hnsw, name: 'other' }], 'ok', 'by_meaning, other, HNSW'],
  [
    'of one slot',
    [hnsw],
    'warn',
    'by_meaning is the only one: searches in the other slot read every description',
  ],
  ['none', [], 'warn', 'no HNSW index: each search reads every description'],
  [
    'ivfflat',
    [{ ...hnsw, method: 'ivfflat' }],
    'warn',
    'by_meaning is ivfflat, which finds less as rows are added',
  ],
  [
    'one that is being built',
    [hnsw, { ...hnsw, name: 'other', isValid: false, isBeingBuilt: true }],
    'warn',
    'other is being built: searches in its slot read every description',
  ],
  [
    'one that is being built, and an unfinished one',
    [
      { ...hnsw, isValid: false },
      { ...hnsw, name: 'other', isValid: false, isBeingBuilt: true },
    ],
    'fail',
    'not valid, so not used: by_meaning',
  ],
  ['an unfinished one', [{ ...hnsw, isValid: false }, hnsw], 'fail', 'not valid, so not used: by_meaning'],
])('the index: %s', (_what, rows, status, found) => {
  expect(index.judge(rows, patientWith())).toMatchObject({ status, found });
});

it('the embedded database needs no index', () => {
  expect(index.judge([], patientWith({ kind: 'embedded' }))).toMatchObject({
    status: 'ok',
    found: 'none: what a laptop has is compared one by one',
  });
});
