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
import { DROPPED, Drops } from './drops.ts';
import { AUDIT_LOGS, addMonths, partitionOf, placeOf } from './logs.ts';

/** What is to be verified. */
export interface VerifyScope {
  /** Months (`2026-11`), both included; absent: from the first, to the last. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Ends that were kept elsewhere. Those of other months are not looked at. */
  readonly anchors?: readonly AuditAnchor[] | undefined;
  /** Months that are kept by rule, where that is known: the loss of a younger one is explained by no event. */
  readonly retentionMonths?: number | undefined;
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

/** How many anchors of a partition nothing was held against, and why. */
interface UnusedAnchors {
  readonly partition: string;
  readonly anchors: number;
  readonly because: 'range' | 'dropped';
}

export interface AuditVerification {
  readonly partitions: number;
  readonly records: number;
  /** How many of the given anchors the chains were held against. */
  readonly anchors: number;
  /** The other anchors: of months out of the range, or of months that were dropped by rule. */
  readonly unused: readonly UnusedAnchors[];
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
  const witnesses = witnessesOf(rows, scope);
  const drops = new Drops(scope.retentionMonths ?? 0);
  const findings: AuditFinding[] = [];
  let records = 0;
  let found = 0;
  const check = (head: FoundPartition, onRecord: () => void) =>
    checkPartition(client, keys, head, witnesses.get(head.partition) ?? [], (link, holds) => {
      if (holds) drops.take(link);
      onRecord();
    });
  for (const head of wanted) {
    const breaks: AuditFinding[] = [];
    for await (const finding of check(head, () => {
      records += 1;
      if (records % PAGE === 0) onProgress(records);
    })) {
      found += 1;
      if (breaks.length < NAMED) breaks.push(finding);
    }
    findings.push(...breaks);
  }
  onProgress(records);
  const there = new Set(rows.map(({ partition }) => partition));
  const lost = [...witnesses.keys()].filter((partition) => !there.has(partition));
  for (const head of await tellingOf(client, rows, lost)) {
    if (wanted.includes(head)) continue;
    // Only for what it says of others: what is wrong with it is told when its own month is verified.
    for await (const _ of check(head, () => {}));
  }
  const gone = lost.flatMap((partition) => goneWholly(witnesses.get(partition) ?? [], drops));
  const isGoneByRule = (anchor: AuditAnchor) => !there.has(anchor.partition) && drops.explain(anchor);
  return {
    ...{ partitions: wanted.length, records, ends: wanted.flatMap(endOf) },
    ...{ findings: [...gone, ...findings], found: gone.length + found },
    ...sortedAnchors(scope, isGoneByRule),
  };
}

/** How many anchors were used, and why the others were not. */
function sortedAnchors(
  scope: VerifyScope,
  isGoneByRule: (anchor: AuditAnchor) => boolean,
): Pick<AuditVerification, 'anchors' | 'unused'> {
  const given = scope.anchors ?? [];
  const unused = given.flatMap((anchor): readonly UnusedAnchors[] => {
    const { partition } = anchor;
    if (!isWithin(partition, scope)) return [{ partition, because: 'range', anchors: 1 }];
    return isGoneByRule(anchor) ? [{ partition, because: 'dropped', anchors: 1 }] : [];
  });
  const grouped = Map.groupBy(unused, ({ partition, because }) => `${because} ${partition}`).values();
  return {
    anchors: given.length - unused.length,
    unused: [...grouped].flatMap((group) =>
      group.slice(0, 1).map((one) => ({ ...one, anchors: group.length })),
    ),
  };
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

/** By partition, in the range: the anchors that were given, and what later months began after. */
function witnessesOf(
  rows: readonly FoundPartition[],
  scope: VerifyScope,
): ReadonlyMap<string, readonly Witness[]> {
  const bound = rows.flatMap((row) => {
    const binding = bindingOf(row);
    return binding === undefined ? [] : [{ ...binding, mac: binding.mac.toString('hex'), by: row.partition }];
  });
  const witnesses = [...(scope.anchors ?? []).map((anchor) => ({ ...anchor, by: 'anchor' })), ...bound];
  return Map.groupBy(
    witnesses.filter((witness) => isWithin(witness.partition, scope)),
    ({ partition }) => partition,
  );
}

/** The partitions in which something says of one of these that it was dropped. */
async function tellingOf(
  client: ClientBase,
  rows: readonly FoundPartition[],
  lost: readonly string[],
): Promise<readonly FoundPartition[]> {
  if (lost.length === 0) return [];
  const { rows: telling } = await client.query<{ month: string }>(
    `SELECT DISTINCT to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM') AS month FROM audit.security_audit_log
     WHERE event_type = $1 AND resource_id = ANY ($2)`,
    [DROPPED, lost],
  );
  const names = new Set(telling.map(({ month }) => partitionOf('security_audit_log', month)));
  return rows.filter(({ partition }) => names.has(partition));
}

/** A partition of which there is neither table nor head, though somebody saw it, and no rule says why. */
function goneWholly(seen: readonly Witness[], drops: Drops): readonly AuditFinding[] {
  const [longest] = seen.filter((each) => !drops.explain(each)).toSorted((a, b) => b.length - a.length);
  if (longest === undefined) return [];
  const { partition, length, by } = longest;
  return [{ partition, kind: 'missing', from: 1, to: length, witness: by }];
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
  onRecord: (link: ChainLink, holds: boolean) => void,
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
    const breaks = check.next(link);
    onRecord(link, breaks.length === 0);
    for (const broken of breaks) yield { partition, ...broken };
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
