import { z } from 'zod';
import type { AuditAnchor } from './anchors.ts';
import type { ChainLink } from './chain.ts';
import { addMonths, monthOf, placeOf } from './logs.ts';

/** The type of the event that a month dropped by rule leaves. */
export const DROPPED = 'audit_partition_dropped';

const DROP_EVENT = z.object({
  event_type: z.literal(DROPPED),
  created_at: z.string(),
  resource_id: z.string(),
  details: z.object({ records: z.number(), last_mac: z.string() }),
});

/**
 * What was dropped by rule, as far as records tell it that were verified themselves: whoever can write rows, but has no key,
 * could otherwise excuse the loss of any month.
 */
export class Drops {
  private readonly retentionMonths: number;
  private readonly drops: AuditAnchor[] = [];

  /** Months that were kept by rule: a younger one was dropped by no rule. */
  constructor(retentionMonths: number) {
    this.retentionMonths = retentionMonths;
  }

  /** Takes note of a record that holds in its chain. */
  take({ record }: ChainLink): void {
    if (!record.includes(`"${DROPPED}"`)) return;
    const parsed = DROP_EVENT.safeParse(JSON.parse(record));
    if (!parsed.success) return;
    const { created_at: at, resource_id: partition, details } = parsed.data;
    const month = placeOf(partition)?.month;
    if (month === undefined || addMonths(month, this.retentionMonths) >= monthOf(at)) return;
    this.drops.push({ partition, length: details.records, mac: details.last_mac });
  }

  /** Whether what the anchor saw is gone by rule: the chain had it, and no other end at that place, when it was dropped. */
  explain({ partition, length, mac }: AuditAnchor): boolean {
    return this.drops.some(
      (drop) =>
        drop.partition === partition &&
        (drop.length > length || (drop.length === length && drop.mac === mac)),
    );
  }
}
