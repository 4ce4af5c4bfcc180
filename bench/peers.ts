/**
 * Aisle beside servers that people use today: the same PostgreSQL, the same 20-row query and its rows, the same load (wrk, 32
 * connections). Rounds alternate between the servers; told are medians, and CPU per call, which is steadier than calls per
 * second on a machine that does other things. `node:http alone` answers any POST with the bytes that Aisle's tools/list has:
 * no server on Node can take less.
 *
 * Aisle answers with all that it does for a call: API key, rates, policy, guard, tenant context, audit. The peers authenticate
 * nobody, confine nobody, judge no SQL and record nothing: they are given a superuser's connection and the store's id in the text.
 */
import {
  aisle,
  aisleCommand,
  CALLERS,
  type Contestant,
  end,
  figuresOf,
  keyOf,
  LOAD_CORE,
  latestOrders,
  type Measured,
  measure,
  onOneCore,
  postmasterOf,
  ROUNDS,
  storeOf,
} from './contest.ts';
import { loadAtRate } from './load-at-rate.ts';
import { plainRequest } from './peer-requests.ts';
import { installPeers, startDbhub, startFloor, startToolbox } from './peer-servers.ts';
import type { Figures } from './report.ts';

const ORDERS = process.env.PEERS_ORDERS ?? '200000';
/** Of the calls per second that a server can answer. */
const LOADS = [0.5, 0.7];

const COMPUTED = 'Aisle, computed';
const TOOLBOX = 'MCP Toolbox 1.12 (Go)';

export async function peers(databaseUrl: string): Promise<Readonly<Record<string, Figures>>> {
  await installPeers();
  await aisleCommand(['seed', '--orders', ORDERS], databaseUrl);
  const key = await keyOf('seattle', databaseUrl);
  const sql = latestOrders(await storeOf(databaseUrl, 'seattle'));
  const computed = await aisle(databaseUrl, key, sql, 'off');
  const contestants: Readonly<Record<string, Contestant>> = {
    [COMPUTED]: computed,
    'Aisle, from its cache': await aisle(databaseUrl, key, sql, 'memory'),
    [TOOLBOX]: await peer(startToolbox, databaseUrl, sql),
    'DBHub 1.4 (Node)': await peer(startDbhub, databaseUrl, sql),
    'node:http alone': await peer(() => startFloor(computed.list), databaseUrl, sql),
  };
  try {
    for (const contestant of Object.values(contestants)) await onOneCore(contestant);
    const rows = await compare(contestants, await postmasterOf(databaseUrl));
    return { ...withRatios(rows), ...(await tails(contestants, rows)) };
  } finally {
    for (const contestant of Object.values(contestants)) await end(contestant);
  }
}

async function peer(start: typeof startToolbox, databaseUrl: string, sql: string): Promise<Contestant> {
  const { process: server, url } = await start(databaseUrl);
  return {
    process: server,
    query: plainRequest(url, 'tools/call', { name: 'execute_sql', arguments: { sql } }),
    list: plainRequest(url, 'tools/list', {}),
  };
}

async function compare(
  contestants: Readonly<Record<string, Contestant>>,
  postmaster: number,
): Promise<Readonly<Record<string, Figures>>> {
  const measured: Record<string, Measured[]> = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const what of ['query', 'list'] as const) {
      for (const [name, contestant] of Object.entries(contestants)) {
        const row = rowOf(what, name);
        measured[row] = [...(measured[row] ?? []), await measure(contestant, contestant[what], postmaster)];
      }
    }
  }
  return Object.fromEntries(Object.entries(measured).map(([row, rounds]) => [row, figuresOf(rounds)]));
}

const rowOf = (what: 'query' | 'list', name: string): string =>
  `${what === 'query' ? '20 rows' : 'tools/list'}: ${name}`;

/** Each beside Toolbox in the same run, which machines differ less by than by microseconds. */
function withRatios(rows: Readonly<Record<string, Figures>>): Record<string, Figures> {
  const ratio = (row: string, figures: Figures, column: string) => {
    const beside = rows[`${row.split(':')[0]}: ${TOOLBOX}`] ?? {};
    return Math.round((Number(figures[column]) / Number(beside[column])) * 100) / 100;
  };
  return Object.fromEntries(
    Object.entries(rows).map(([row, figures]) => [
      row,
      {
        ...figures,
        'rate, Toolbox = 1': ratio(row, figures, 'calls/s'),
        'CPU, Toolbox = 1': ratio(row, figures, 'server CPU µs'),
      },
    ]),
  );
}

/** How long the slowest wait when a server has spare time: calls at a fixed rate, and none left out while one is late. */
async function tails(
  contestants: Readonly<Record<string, Contestant>>,
  rows: Readonly<Record<string, Figures>>,
): Promise<Record<string, Figures>> {
  const told: Record<string, Figures> = {};
  for (const part of LOADS) {
    for (const name of [COMPUTED, TOOLBOX]) {
      const rate = Math.round(Number(rows[rowOf('query', name)]?.['calls/s']) * part);
      const request = contestants[name]?.query;
      if (request === undefined) continue;
      const { p50, p99, calls, failed } = await loadAtRate(request, {
        ...{ callers: CALLERS, seconds: 15, core: LOAD_CORE, rate },
      });
      told[`20 rows at ${part * 100} %: ${name}`] = {
        ...{ 'calls/s': Math.round(calls / 15), 'p50 µs': p50, 'p99 µs': p99, failed },
        'p99 / p50': Math.round((p99 / p50) * 10) / 10,
      };
    }
  }
  return told;
}
