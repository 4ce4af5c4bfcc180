import type { ClientBase } from 'pg';
import type { PurposeKey } from '../../kernel/secret-keys.ts';
import { type ChainBinding, type ChainEnd, type ChainLink, extendChain, startAfter } from './chain.ts';
import { type AuditLogName, appendStatement, monthOf, partitionOf } from './logs.ts';

/** A record on its way into a log, in its canonical text. */
export interface AuditEntry {
  readonly log: AuditLogName;
  /** ISO time: it decides the partition. */
  readonly createdAt: string;
  readonly record: string;
}

/** Where a partition's chain ends now. */
export interface AuditHead extends ChainEnd {
  readonly partition: string;
}

/** Nobody has made the partitions of these months (`2026-11`) yet. */
export interface MissingMonths {
  readonly missingMonths: readonly string[];
}

/**
 * Appends to the chains, in the transaction that the client is in; all of it or, where a month has no partition, nothing.
 * The heads stay locked until that transaction ends.
 */
export async function appendEntries(
  client: ClientBase,
  key: PurposeKey,
  entries: readonly AuditEntry[],
): Promise<readonly AuditHead[] | MissingMonths> {
  const groups = Map.groupBy(entries, ({ log, createdAt }) => partitionOf(log, monthOf(createdAt)));
  const heads = await lockHeads(client, [...groups.keys()]);
  const homeless = entries.filter(({ log, createdAt }) => !heads.has(partitionOf(log, monthOf(createdAt))));
  if (homeless.length > 0)
    return { missingMonths: [...new Set(homeless.map(({ createdAt }) => monthOf(createdAt)))] };
  const ends: AuditHead[] = [];
  for (const [partition, group] of groups) {
    const log = group[0]?.log;
    const head = heads.get(partition);
    if (log === undefined || head === undefined) continue;
    const texts = group.map(({ record }) => record);
    const start = head.length === 0 ? await begin(client, partition, log, head) : head;
    const { links, end } = extendChain(partition, start, key, texts);
    const values = [`[${links.map(rowText).join(',')}]`, end.length, end.mac, key.id, partition];
    // Not prepared by name: on the embedded database, whose one session all share, nothing prepared outlives a query.
    await client.query(appendStatement(log), values);
    ends.push({ partition, ...end });
  }
  return ends;
}

/**
 * Binds a chain that is about to have its first record to the latest month before it in the same log. That one may still grow
 * by records that are late; what it has now is what counts, so it is not locked.
 */
async function begin(
  client: ClientBase,
  partition: string,
  log: AuditLogName,
  start: ChainEnd,
): Promise<ChainEnd> {
  const { rows } = await client.query<{ partition: string; length: string; mac: Buffer }>(
    `UPDATE audit.chain_heads h SET after_partition = b.partition, after_length = b.length, after_mac = b.mac
     FROM (
       SELECT partition, length, mac FROM audit.chain_heads
       WHERE log = $2 AND month < (SELECT month FROM audit.chain_heads WHERE partition = $1) AND length > 0
       ORDER BY month DESC LIMIT 1
     ) b WHERE h.partition = $1 RETURNING b.partition, b.length, b.mac`,
    [partition, log],
  );
  const [before] = rows;
  if (before === undefined) return start;
  const binding: ChainBinding = { ...before, length: Number(before.length) };
  return startAfter(binding);
}

/** In the order of their names, so that no two servers wait for each other. */
async function lockHeads(
  client: ClientBase,
  partitions: readonly string[],
): Promise<ReadonlyMap<string, ChainEnd>> {
  const { rows } = await client.query<{ partition: string; length: string; mac: Buffer }>(
    'SELECT partition, length, mac FROM audit.chain_heads WHERE partition = ANY ($1) ORDER BY partition FOR UPDATE',
    [partitions],
  );
  return new Map(rows.map(({ partition, length, mac }) => [partition, { length: Number(length), mac }]));
}

function rowText({ sequence, keyId, mac, record }: ChainLink): string {
  return `{"sequence":${sequence},"key_id":${JSON.stringify(keyId)},"mac":"\\\\x${mac.toString('hex')}",${record.slice(1)}`;
}
