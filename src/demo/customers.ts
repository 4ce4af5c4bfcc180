import { DAY_MS, dayOf, firstDayOfYear, HOUR_MS, pacificTime } from './calendar.ts';
import { yearWeight } from './demand.ts';
import { DEMO_START, type DemoOptions } from './demo-options.ts';
import { addressPart, FIRST_NAMES, LAST_NAMES } from './people.ts';
import { Choice, Random } from './random.ts';
import { type Columns, type Row, timestamp } from './rows.ts';
import { STORES } from './stores.ts';
import { uuidFrom } from './uuid.ts';

export const CUSTOMER_COLUMNS: Columns = {
  store_id: 'uuid',
  customer_id: 'uuid',
  customer_number: 'text',
  first_name: 'text',
  last_name: 'text',
  email: 'text',
  phone: 'text',
  tier: 'text',
  status: 'text',
  metadata: 'jsonb',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
};

const TIERS = ['free', 'pro', 'enterprise'] as const;
/** 80 : 15 : 5. */
const TIER_CHOICE = new Choice([80, 15, 5]);
/** Orders of a customer of each tier, compared with the first. */
const TIER_ACTIVITY = [1, 2.2, 3.5];

const STATUSES = ['active', 'inactive', 'suspended'] as const;
const STATUS_CHOICE = new Choice([93, 6, 1]);

const TRADES = [
  ...['general contractor', 'electrician', 'plumber', 'painter', 'landscaper', 'carpenter', 'roofer'],
  ...['property manager', 'flooring installer', 'handyman'],
] as const;

/** Sign-ups of the year before the first order, on the scale of `yearWeight`: those who were customers already. */
const EARLIER_CUSTOMERS = 1.6;

/** One customer, from which both the row and the orders are made. */
export interface Customer {
  /** Index in STORES. */
  readonly store: number;
  readonly createdAt: number;
  readonly id: string;
  readonly firstName: number;
  readonly lastName: number;
  readonly tier: number;
  /** How much more than others this customer buys. */
  readonly activity: number;
  /** When this customer stops coming, in milliseconds since the epoch. */
  readonly lapsesAt: number;
}

/** Spreads customers over the years as they grow: the time of sign-up of the customer at this share of all, 0 … 1. */
function signUpTimes(until: string): (share: number) => number {
  const end = dayOf(until);
  const start = dayOf(DEMO_START);
  const spans = [{ from: start - 365, to: start, weight: EARLIER_CUSTOMERS }];
  for (let year = 2020; firstDayOfYear(year) < end; year += 1) {
    const from = firstDayOfYear(year);
    const next = firstDayOfYear(year + 1);
    const to = Math.min(next, end);
    spans.push({ from, to, weight: (yearWeight(year) * (to - from)) / (next - from) });
  }
  const total = spans.reduce((sum, { weight }) => sum + weight, 0);
  return (share) => {
    let rest = share * total;
    for (const { from, to, weight } of spans) {
      if (rest < weight) return from + (rest / weight) * (to - from);
      rest -= weight;
    }
    return end;
  };
}

/** Every customer in the order of sign-up, numbered from 0. The first ones go round the stores, so that none is without. */
export function* customers({ seed, customers: count, until }: DemoOptions): Generator<Customer> {
  const random = new Random(seed, 'customers');
  const byWeight = new Choice(STORES.map(({ customerWeight }) => customerWeight));
  const signedUp = signUpTimes(until);
  for (let index = 0; index < count; index += 1) {
    const moment = signedUp((index + 0.01 + 0.98 * random.unit()) / (count + 1));
    const day = Math.floor(moment);
    // The part of the day that has passed becomes an hour between 8:00 and 20:00, which keeps the order.
    const createdAt = Math.floor(pacificTime(day, (8 + (moment - day) * 12) * HOUR_MS));
    const tier = TIER_CHOICE.pick(random);
    yield {
      store: index < STORES.length ? index : byWeight.pick(random),
      createdAt,
      id: uuidFrom(createdAt, random.uint32(), random.uint32()),
      firstName: random.between(0, FIRST_NAMES.length - 1),
      lastName: random.between(0, LAST_NAMES.length - 1),
      tier,
      activity: Math.exp(1.05 * random.normal()) * (TIER_ACTIVITY[tier] ?? 1),
      lapsesAt: createdAt + (120 - 1100 * Math.log(1 - random.unit())) * DAY_MS,
    };
  }
}

/** Makes addresses that no two customers of one store share, in memory that does not grow with the customers. */
class Addresses {
  readonly #seen = new Uint32Array(STORES.length * FIRST_NAMES.length * LAST_NAMES.length);
  readonly #first = FIRST_NAMES.map(addressPart);
  readonly #last = LAST_NAMES.map(addressPart);

  make({ store, firstName, lastName }: Customer, random: Random): string {
    const slot = (store * FIRST_NAMES.length + firstName) * LAST_NAMES.length + lastName;
    const before = this.#seen[slot] ?? 0;
    this.#seen[slot] = before + 1;
    const separator = random.pick(['.', '.', '.', '_', '-']);
    const domain = random.pick(['example.com', 'example.com', 'example.org', 'example.net']);
    return `${this.#first[firstName]}${separator}${this.#last[lastName]}${before === 0 ? '' : before + 1}@${domain}`;
  }
}

function metadata(tier: number, random: Random): string {
  const contact = random.pick(['email', 'email', 'phone', 'text', 'none']);
  if (tier === 0) return JSON.stringify({ contact });
  return JSON.stringify({ contact, trade: random.pick(TRADES) });
}

export function* customerRows(options: DemoOptions, storeIds: readonly string[]): Generator<Row> {
  const random = new Random(options.seed, 'customer details');
  const addresses = new Addresses();
  const end = dayOf(options.until) * DAY_MS;
  let number = 0;
  for (const customer of customers(options)) {
    number += 1;
    const areaCode = random.pick(STORES[customer.store]?.areaCodes ?? ['206']);
    const status = STATUSES[STATUS_CHOICE.pick(random)] ?? 'active';
    const changedAt =
      status === 'active'
        ? customer.createdAt
        : random.within(customer.createdAt, Math.max(customer.createdAt, end));
    yield [
      storeIds[customer.store] ?? null,
      customer.id,
      `C-${String(number).padStart(6, '0')}`,
      FIRST_NAMES[customer.firstName] ?? null,
      LAST_NAMES[customer.lastName] ?? null,
      addresses.make(customer, random),
      `${areaCode}-555-01${String(random.between(0, 99)).padStart(2, '0')}`,
      TIERS[customer.tier] ?? 'free',
      status,
      metadata(customer.tier, random),
      timestamp(customer.createdAt),
      timestamp(changedAt),
    ];
  }
}
