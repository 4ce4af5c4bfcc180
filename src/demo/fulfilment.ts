import { DAY_MS, HOUR_MS } from './calendar.ts';
import { Choice, type Random } from './random.ts';

export type Channel = 'click_and_collect' | 'in_store' | 'web';

const METHODS = ['card', 'cash', 'gift_card', 'transfer'] as const;
const METHOD_CHOICES: Readonly<Record<Channel, Choice>> = {
  in_store: new Choice([68, 22, 6, 4]),
  click_and_collect: new Choice([88, 0, 8, 4]),
  web: new Choice([86, 0, 9, 5]),
};

export function paymentMethod(channel: Channel, random: Random): string {
  return METHODS[METHOD_CHOICES[channel].pick(random)] ?? 'card';
}

/** Money is taken when an order is confirmed; some cards are declined, and the order waits. */
export function paymentStatus(orderStatus: string, random: Random): string {
  if (orderStatus !== 'pending') return 'captured';
  return random.chance(0.15) ? 'failed' : 'pending';
}

export interface Progress {
  readonly status: string;
  /** When it got that status. */
  readonly changedAt: number;
}

/** How far an order has come by `end`: at once in the shop, over some days from the online shop. */
export function fulfilment(channel: Channel, placedAt: number, end: number, random: Random): Progress {
  if (channel === 'in_store') return { status: 'completed', changedAt: placedAt };
  const confirmed = placedAt + random.within(0.2, channel === 'web' ? 20 : 4) * HOUR_MS;
  const steps =
    channel === 'web'
      ? [
          { status: 'confirmed', changedAt: confirmed },
          { status: 'shipped', changedAt: confirmed + random.within(0.4, 2.5) * DAY_MS },
          { status: 'completed', changedAt: confirmed + random.within(2.6, 6.5) * DAY_MS },
        ]
      : [
          { status: 'confirmed', changedAt: confirmed },
          { status: 'completed', changedAt: confirmed + random.within(0.1, 2) * DAY_MS },
        ];
  return steps.findLast(({ changedAt }) => changedAt < end) ?? { status: 'pending', changedAt: placedAt };
}
