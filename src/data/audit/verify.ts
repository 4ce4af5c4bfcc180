import type { ClientBase } from 'pg';
import type { SecretKeys } from '../../kernel/secret-keys.ts';
import { type AuditRow, canonicalAddress, canonicalRow, canonicalTime } from './canonical.ts';
import { AUDIT_PURPOSE, type ChainBreak, ChainCheck, type ChainLink } from './chain.ts';
import { AUDIT_LOGS, addMonths, placeOf } from './logs.ts';

/** Months (`2026-11`), both included; absent: from the first, to the last. */
export interface MonthRange {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** What is wrong in one partition: a break of its chain, or that it is gone or has no head. */
export interface AuditFinding {
  readonly partition: string;
  readonly kind: ChainBreak['kind'] | 'missing';
  /** Places in the chain, from 1. */
  readonly from: number;
  readonly to: number;
}

export interface AuditVerification {
  readonly partitions: number;
  readonly records: number;
  /** In the order in which they were found; after the first of a partition further ones may be its consequences. */
  readonly findings: readonly AuditFinding[];
  /** How many there are: `findings` holds the first of each partition only. */
  readonly found: number;
}

const PAGE = 2000;
/** Findings that are named, of one partition. */
const NAMED = 20;

interface FoundPartition {
  readonly partition: string;
  readonly length: string | null;
  readonly mac: Buffer | null;
  readonly exists: boolean;
}

/** Heads and partitions as they are, joined: one without the other is a finding. */
const PARTITIONS = `SELECT coalesce(h.partition, p.name) AS partition, h.length, h.mac, p.name IS NOT NULL AS exists
  FROM audit.chain_heads h FULL JOIN (
    SELECT c.relname::text AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent IN (${AUDIT_LOGS.map((log) => `'audit.${log}'::regclass`).join(', ')})
  ) p ON p.name = h.partition ORDER BY 1`;

/** Checks every record of the partitions in the range. The client is in a transaction that reads one snapshot. */
export async function verifyChains(
  client: ClientBase,
  keys: SecretKeys,
  range: MonthRange,
  onProgress: (records: number) => void,
): Promise<AuditVerification> {
  const { rows } = await client.query<FoundPartition>(PARTITIONS);
  const wanted = rows.filter(({ partition }) => isWithin(partition, range));
  const findings: AuditFinding[] = [];
  let records = 0;
  let found = 0;
  for (const head of wanted) {
    const breaks: AuditFinding[] = [];
    for await (const finding of checkPartition(client, keys, head, () => {
      records += 1;
      if (records % PAGE === 0) onProgress(records);
    })) {
      found += 1;
      if (breaks.length < NAMED) breaks.push(finding);
    }
    findings.push(...breaks);
  }
  onProgress(records);
  return { partitions: wanted.length, records, findings, found };
}

function isWithin(partition: string, { from, to }: MonthRange): boolean {
  const month = placeOf(partition)?.month ?? '';
  return (from === undefined || month >= from) && (to === undefined || month <= to);
}

async function* checkPartition(
  client: ClientBase,
  keys: SecretKeys,
  { partition, length, mac, exists }: FoundPartition,
  onRecord: () => void,
): AsyncGenerator<AuditFinding> {
  const end = { length: Number(length ?? 0), mac: mac ?? Buffer.alloc(0) };
  if (!exists || mac === null) {
    yield { partition, kind: exists ? 'head' : 'missing', from: 1, to: end.length };
    return;
  }
  const check = new ChainCheck(partition, (id) => keys.byId(AUDIT_PURPOSE, id));
  for await (const link of readLinks(client, partition)) {
    onRecord();
    for (const broken of check.next(link)) yield { partition, ...broken };
  }
  for (const broken of check.finish(end)) yield { partition, ...broken };
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
