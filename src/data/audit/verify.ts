import type { ClientBase } from 'pg';
import type { SecretKeys } from '../../kernel/secret-keys.ts';
import { type AuditAnchor, type Witness, WitnessCheck, type WitnessFinding } from './anchors.ts';
import { type AuditRow, canonicalAddress, canonicalRow, canonicalTime } from './canonical.ts';
import {
  AUDIT_PURPOSE,
  type ChainBinding,
  type ChainBreak,
  ChainCheck,
  type ChainLink,
  startAfter,
} from './chain.ts';
import { AUDIT_LOGS, addMonths, placeOf } from './logs.ts';

/** What is to be verified. */
export interface VerifyScope {
  /** Months (`2026-11`), both included; absent: from the first, to the last. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Ends that were kept elsewhere. Those of other months are not looked at. */
  readonly anchors?: readonly AuditAnchor[] | undefined;
}

/** What is wrong in one partition: a break of its chain, or that it is gone or has no head. */
export interface AuditFinding {
  readonly partition: string;
  readonly kind: ChainBreak['kind'] | WitnessFinding['kind'] | 'missing';
  /** Places in the chain, from 1. */
  readonly from: number;
  readonly to: number;
  /** By what it was found, if not by the chain itself: `anchor`, or the partition that was begun after this one. */
  readonly witness?: string;
}

export interface AuditVerification {
  readonly partitions: number;
  readonly records: number;
  /** How many of the given anchors were looked at. */
  readonly anchors: number;
  /** In the order in which they were found; after the first of a partition further ones may be its consequences. */
  readonly findings: readonly AuditFinding[];
  /** How many there are: `findings` holds the first of each partition only. */
  readonly found: number;
  /** Where the chains end, to be kept elsewhere. */
  readonly ends: readonly AuditAnchor[];
}

const PAGE = 2000;
/** Findings that are named, of one partition. */
const NAMED = 20;

interface FoundPartition {
  readonly partition: string;
  readonly length: string | null;
  readonly mac: Buffer | null;
  readonly exists: boolean;
  readonly after: string | null;
  readonly after_length: string | null;
  readonly after_mac: Buffer | null;
}

/** Heads and partitions as they are, joined: one without the other is a finding. */
const PARTITIONS = `SELECT coalesce(h.partition, p.name) AS partition, h.length, h.mac, p.name IS NOT NULL AS exists,
    h.after_partition AS after, h.after_length, h.after_mac
  FROM audit.chain_heads h FULL JOIN (
    SELECT c.relname::text AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent IN (${AUDIT_LOGS.map((log) => `'audit.${log}'::regclass`).join(', ')})
  ) p ON p.name = h.partition ORDER BY 1`;

/** Checks every record of the partitions in the range. The client is in a transaction that reads one snapshot. */
export async function verifyChains(
  client: ClientBase,
  keys: SecretKeys,
  scope: VerifyScope,
  onProgress: (records: number) => void,
): Promise<AuditVerification> {
  const { rows } = await client.query<FoundPartition>(PARTITIONS);
  const wanted = rows.filter(({ partition }) => isWithin(partition, scope));
  const anchors = (scope.anchors ?? []).filter(({ partition }) => isWithin(partition, scope));
  const witnesses = await witnessesOf(client, rows, scope, anchors);
  const gone = goneWholly(wanted, witnesses);
  const findings: AuditFinding[] = [...gone];
  let records = 0;
  let found = gone.length;
  for (const head of wanted) {
    const breaks: AuditFinding[] = [];
    for await (const finding of checkPartition(
      client,
      keys,
      head,
      witnesses.get(head.partition) ?? [],
      () => {
        records += 1;
        if (records % PAGE === 0) onProgress(records);
      },
    )) {
      found += 1;
      if (breaks.length < NAMED) breaks.push(finding);
    }
    findings.push(...breaks);
  }
  onProgress(records);
  const ends = wanted.flatMap(endOf);
  return { partitions: wanted.length, records, anchors: anchors.length, findings, found, ends };
}

function isWithin(partition: string, { from, to }: VerifyScope): boolean {
  const month = placeOf(partition)?.month ?? '';
  return (from === undefined || month >= from) && (to === undefined || month <= to);
}

function endOf({ partition, length, mac }: FoundPartition): readonly AuditAnchor[] {
  return length === null || mac === null || length === '0'
    ? []
    : [{ partition, length: Number(length), mac: mac.toString('hex') }];
}

/** Where every chain that has begun ends now. */
export async function chainEnds(client: ClientBase): Promise<readonly AuditAnchor[]> {
  const { rows } = await client.query<FoundPartition>(PARTITIONS);
  return rows.flatMap(endOf);
}

/** By partition: the anchors that were given, and what later months began after. Months that were dropped by rule have none. */
async function witnessesOf(
  client: ClientBase,
  rows: readonly FoundPartition[],
  scope: VerifyScope,
  anchors: readonly AuditAnchor[],
): Promise<ReadonlyMap<string, readonly Witness[]>> {
  const bound = rows.flatMap((row) => {
    const binding = bindingOf(row);
    return binding === undefined ? [] : [{ ...binding, mac: binding.mac.toString('hex'), by: row.partition }];
  });
  const { rows: dropped } = await client.query<{ partition: string; records: string }>(
    `SELECT resource_id AS partition, details ->> 'records' AS records FROM audit.security_audit_log
     WHERE event_type = 'audit_partition_dropped'`,
  );
  const isDropped = ({ partition, length }: AuditAnchor) =>
    dropped.some((event) => event.partition === partition && Number(event.records) >= length);
  const witnesses = [...anchors.map((anchor) => ({ ...anchor, by: 'anchor' })), ...bound];
  return Map.groupBy(
    witnesses.filter((witness) => isWithin(witness.partition, scope) && !isDropped(witness)),
    ({ partition }) => partition,
  );
}

/** Partitions of which there is neither table nor head, but somebody saw them. */
function goneWholly(
  wanted: readonly FoundPartition[],
  witnesses: ReadonlyMap<string, readonly Witness[]>,
): readonly AuditFinding[] {
  const there = new Set(wanted.map(({ partition }) => partition));
  return [...witnesses].flatMap(([partition, seen]) => {
    const [longest] = seen.toSorted((a, b) => b.length - a.length);
    if (there.has(partition) || longest === undefined) return [];
    return [{ partition, kind: 'missing' as const, from: 1, to: longest.length, witness: longest.by }];
  });
}

function bindingOf({ after, after_length, after_mac }: FoundPartition): ChainBinding | undefined {
  if (after === null || after_length === null || after_mac === null) return undefined;
  return { partition: after, length: Number(after_length), mac: after_mac };
}

async function* checkPartition(
  client: ClientBase,
  keys: SecretKeys,
  found: FoundPartition,
  witnesses: readonly Witness[],
  onRecord: () => void,
): AsyncGenerator<AuditFinding> {
  const { partition, length, mac, exists } = found;
  const end = { length: Number(length ?? 0), mac: mac ?? Buffer.alloc(0) };
  if (!exists || mac === null) {
    yield { partition, kind: exists ? 'head' : 'missing', from: 1, to: end.length };
    return;
  }
  const binding = bindingOf(found);
  const start = binding && startAfter(binding);
  const check = new ChainCheck(partition, (id) => keys.byId(AUDIT_PURPOSE, id), start);
  const seen = new WitnessCheck(witnesses);
  for await (const link of readLinks(client, partition)) {
    onRecord();
    for (const broken of check.next(link)) yield { partition, ...broken };
    for (const broken of seen.next(link.sequence, link.mac)) yield { partition, ...broken };
  }
  for (const broken of check.finish(end)) yield { partition, ...broken };
  for (const broken of seen.finish(end.length)) yield { partition, ...broken };
}

/** Page by page, so that a month of any size takes the memory of one page. */
async function* readLinks(client: ClientBase, partition: string): AsyncGenerator<ChainLink> {
  const place = placeOf(partition);
  if (place === undefined) return; // nobody of ours made it: its head, if it has one, tells of records that are not there
  const { log, month } = place;
  await client.query(
    `DECLARE links NO SCROLL CURSOR FOR SELECT row_to_json(t)::text AS row FROM audit.${log} t
     WHERE created_at >= '${month}-01T00:00:00Z' AND created_at < '${addMonths(month, 1)}-01T00:00:00Z' ORDER BY sequence`,
  );
  for (;;) {
    const { rows } = await client.query<{ row: string }>(`FETCH ${PAGE} FROM links`);
    for (const { row } of rows) yield linkOf(JSON.parse(row));
    if (rows.length < PAGE) break;
  }
  await client.query('CLOSE links');
}

/** A row as PostgreSQL tells it, in the text that its MAC was made of. */
function linkOf({ sequence, mac, key_id, ...row }: AuditRow): ChainLink {
  const address = row.ip_address;
  const record = canonicalRow({
    ...row,
    created_at: canonicalTime(String(row.created_at)),
    ...(typeof address === 'string' && { ip_address: canonicalAddress(address) ?? address }),
  });
  return {
    sequence: Number(sequence),
    keyId: String(key_id),
    mac: Buffer.from(String(mac).slice(2), 'hex'),
    record,
  };
}
