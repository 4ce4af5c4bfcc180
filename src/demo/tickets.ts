import { DAY_MS, dayOf, HOUR_MS, pacificMidnight } from './calendar.ts';
import type { DemoOptions } from './demo-options.ts';
import { FIRST_NAMES } from './people.ts';
import { Random } from './random.ts';
import { type Columns, type Row, timestamp } from './rows.ts';
import type { Sale } from './sales.ts';
import { STORES } from './stores.ts';
import { CLOSINGS, GENERAL_TEXTS, OPENINGS, SPECIAL_TEXTS, type TicketText } from './ticket-texts.ts';
import { uuid } from './uuid.ts';

export const TICKET_COLUMNS: Columns = {
  store_id: 'uuid',
  ticket_id: 'uuid',
  customer_id: 'uuid',
  subject: 'text',
  body: 'text',
  status: 'text',
  priority: 'text',
  created_at: 'timestamptz',
  resolved_at: 'timestamptz',
};

/** Share of customers who ever ask for help. */
const ASKING = 0.04;
/** Share of requests that nobody has finished, however old. */
const FORGOTTEN = 0.03;

/** Decides sale by sale who asks for help about it, nobody more than once. */
export class HelpDesk {
  readonly #random: Random;
  readonly #asked: Uint8Array;
  readonly #end: number;
  readonly #storeIds: readonly string[];
  readonly #perSale: number;

  constructor(options: DemoOptions, storeIds: readonly string[]) {
    this.#random = new Random(options.seed, 'tickets');
    this.#asked = new Uint8Array(options.customers);
    this.#end = pacificMidnight(dayOf(options.until));
    this.#storeIds = storeIds;
    // A little more than asked for: some would ask twice, some after the end.
    this.#perSale = Math.min(0.5, (1.1 * ASKING * options.customers) / Math.max(options.orders, 1));
  }

  about(sale: Sale): Row | undefined {
    const random = this.#random;
    if (!random.chance(this.#perSale)) return undefined;
    const askedAt = Math.floor(sale.placedAt + random.within(3, 19) * DAY_MS);
    const { place, id, firstName } = sale.shopper;
    if (sale.isReturn || this.#asked[place] === 1 || askedAt >= this.#end) return undefined;
    this.#asked[place] = 1;
    const text = this.#text(sale);
    const resolvedAt = Math.floor(askedAt + random.within(0.05, 2.8) ** 2 * DAY_MS + HOUR_MS);
    const isResolved = resolvedAt < this.#end && !random.chance(FORGOTTEN);
    return [
      this.#storeIds[sale.store] ?? null,
      uuid(askedAt, random),
      id,
      text.subject,
      this.#letter(text.body, FIRST_NAMES[firstName] ?? ''),
      isResolved ? random.pick(['resolved', 'closed', 'closed']) : random.pick(['open', 'open', 'pending']),
      text.priority ?? 'normal',
      timestamp(askedAt),
      isResolved ? timestamp(resolvedAt) : null,
    ];
  }

  #text({ lines, store, orderNumber }: Sale): TicketText {
    const random = this.#random;
    const product = lines[random.between(0, lines.length - 1)]?.product.name ?? '';
    const place = STORES[store];
    const suits = ({ bought }: TicketText): boolean =>
      bought === undefined || (bought === 'online') === (place?.online ?? false);
    const special = SPECIAL_TEXTS.filter((text) => text.about.test(product) && suits(text));
    const texts = special.length > 0 && random.chance(0.6) ? special : GENERAL_TEXTS.filter(suits);
    const text = texts[random.between(0, texts.length - 1)] ?? { subject: '{product}', body: '{order}' };
    const fill = (words: string): string =>
      words
        .replaceAll('{product}', spoken(product))
        .replaceAll('{order}', orderNumber)
        .replaceAll('{store}', place?.name.replace('Zava Retail ', '') ?? '');
    return { ...text, subject: fill(text.subject), body: fill(text.body) };
  }

  #letter(body: string, firstName: string): string {
    const opening = this.#random.pick(OPENINGS);
    const closing = this.#random.pick(CLOSINGS);
    return `${opening}${body}${closing === '' ? '' : `\n\n${closing},\n${firstName}`}`;
  }
}

/** "Storage Tote 27 gal, Black and Yellow" as people say it: without what comes after the comma. */
function spoken(name: string): string {
  return name.split(',')[0] ?? name;
}
