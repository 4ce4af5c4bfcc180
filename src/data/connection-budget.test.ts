import { expect, test } from 'vitest';
import { type ConnectionLimits, mostConnections, shortageOf } from './connection-budget.ts';

const demand = { poolMax: 10, servers: 2, reader: 'aisle_reader_shop', database: 'shop' };
const plenty: ConnectionLimits = { most: 100, ofDatabase: -1, ofLogin: -1, ours: 0, others: 0 };
const raise = 'Set DB_POOL_MAX lower, or raise the limit:';
const restart = `${raise} max_connections, then restart PostgreSQL.`;

test.each([
  [1, 1 + 2 + 2 + 1],
  [8, 8 + 2 + 2 + 1],
  [10, 10 + 3 + 2 + 1],
  [200, 200 + 50 + 2 + 1],
])('a server with DB_POOL_MAX=%i opens up to %i', (poolMax, most) => {
  expect(mostConnections(poolMax)).toBe(most);
});

test.each<[string, Partial<ConnectionLimits>]>([
  ['there is plenty', {}],
  ['all fit exactly', { most: 40, others: 8, ours: 32 }],
  ['the limits of login and database fit exactly', { ofLogin: 20, ofDatabase: 32 }],
])('nothing is scarce where %s', (_, limits) => {
  expect(shortageOf({ ...plenty, ...limits }, demand)).toBeUndefined();
});

test.each<[string, Partial<ConnectionLimits>, boolean, string, string]>([
  [
    'the login',
    { ofLogin: 19 },
    true,
    'aisle_reader_shop may open 19 connections, and 2 servers of Aisle open up to 20 as it',
    `${raise} ALTER ROLE "aisle_reader_shop" CONNECTION LIMIT 20;`,
  ],
  [
    'the database',
    { ofDatabase: 31 },
    true,
    'the database takes 31 connections, and 2 servers of Aisle open up to 32',
    `${raise} ALTER DATABASE "shop" CONNECTION LIMIT 32;`,
  ],
  [
    'PostgreSQL',
    { most: 31 },
    true,
    'PostgreSQL takes 31 connections, and 2 servers of Aisle open up to 32',
    restart,
  ],
  [
    'what others leave',
    { most: 40, others: 9 },
    false,
    'of 40 connections others hold 9 now, and 2 servers of Aisle open up to 32',
    restart,
  ],
  [
    'DB_SERVERS',
    { ours: 33 },
    false,
    '33 connections of Aisle are open, more than the 32 that DB_SERVERS=2 may open',
    'Set DB_SERVERS to the servers that there are at most, in each of them.',
  ],
])('scarce is %s', (_, limits, isCertain, found, mend) => {
  expect(shortageOf({ ...plenty, ...limits }, demand)).toEqual({ isCertain, found, mend });
});
