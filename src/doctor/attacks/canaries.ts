import { randomBytes, randomInt, randomUUID } from 'node:crypto';

/** What a secret is, and the text that gives it away. */
export interface Secret {
  readonly what: string;
  readonly text: string;
}

/** Values of one store that an attacker may guess at: whether they exist is what must not be told. */
export interface Guess {
  readonly email: string;
  readonly orderNumber: string;
  readonly customerId: string;
  readonly orderId: string;
}

/** A store that exists for the time of a run, with one row in each tenant table. */
export interface CanaryStore extends Guess {
  readonly slug: string;
  readonly storeId: string;
  readonly subject: string;
  /** Part of every secret text; may be given away, e.g. to search by. */
  readonly tag: string;
  readonly name: string;
  readonly customerNumber: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly phone: string;
  readonly totalAmount: string;
  readonly unitPrice: string;
  readonly ticketId: string;
  readonly ticketSubject: string;
  readonly ticketBody: string;
  readonly paymentId: string;
  readonly payment: string;
}

/** Contexts signed with the database's own key that must open nothing of the other store to the caller. */
export interface Tokens {
  readonly expired: string;
  /** Signed for another session. */
  readonly foreign: string;
  /** Good but for its last digit. */
  readonly truncated: string;
  readonly unsigned: string;
  readonly flipped: string;
  /** The other store's, confined to ours. */
  readonly narrowed: string;
  /** The caller's own, without the right to personal data. */
  readonly rightless: string;
  /** Signed with a key that the database does not hold. */
  readonly otherKey: string;
}

export interface Canaries {
  /** Whose caller attacks. */
  readonly own: CanaryStore;
  /** Whose rows must stay hidden. */
  readonly other: CanaryStore;
  /** Of the other store; in the second half of a comparison, values that nobody has. */
  readonly guess: Guess;
  readonly tokens: Tokens;
}

/** No store of an operator may be called so: what bears this name is removed. */
export const SLUG_PATTERN = '^aisle-canary-[0-9a-f]{16}-[ab]$';
export const LOCATION = 'canary of aisle doctor --attack';

/** Both stores of one run, made up anew: nothing of them can be guessed or stands anywhere else. */
export function newCanaryStores(): { readonly own: CanaryStore; readonly other: CanaryStore } {
  const run = randomBytes(8).toString('hex');
  return { own: newStore(`aisle-canary-${run}-a`), other: newStore(`aisle-canary-${run}-b`) };
}

/** Values of the same shape that stand in no row. */
export function decoy(): Guess {
  const { email, orderNumber, customerId, orderId } = newStore('');
  return { email, orderNumber, customerId, orderId };
}

function newStore(slug: string): CanaryStore {
  const tag = `cny${randomBytes(5).toString('hex')}`;
  const word = () => `${tag}x${randomBytes(6).toString('hex')}`;
  return {
    slug,
    tag,
    storeId: randomUUID(),
    subject: randomUUID(),
    name: word(),
    customerId: randomUUID(),
    customerNumber: word(),
    firstName: word(),
    lastName: word(),
    email: `${word()}@canary.invalid`,
    phone: `+${digits()}`,
    orderId: randomUUID(),
    orderNumber: word(),
    totalAmount: speck(),
    unitPrice: speck(),
    ticketId: randomUUID(),
    ticketSubject: word(),
    // The column takes what is encrypted only, and shows it as it is stored.
    ticketBody: `enc:v1:canary:${word()}`,
    paymentId: randomUUID(),
    payment: speck(),
  };
}

const digits = () => String(randomInt(10 ** 13, 10 ** 14));

/** An amount that can be recognised and moves no total that anybody reads. */
const speck = () => `0.00000000${digits()}`;

/** All that only the rows of this store hold. */
export function secretsOf(store: CanaryStore): readonly Secret[] {
  const { slug, tag, ...rest } = store;
  return [
    { what: 'slug', text: slug },
    { what: 'tag', text: tag },
    ...Object.entries(rest).map(([what, text]) => ({ what, text: text.replace(/^0\.0+|^\+/, '') })),
  ];
}

/**
 * What of the other store stands in an answer, by name, that was not in the question already. Upper and lower case, ids
 * without hyphens and texts as hexadecimal bytes count too.
 */
export function givenAway(answer: string, question: string, secrets: readonly Secret[]): readonly string[] {
  const seen = answer.toLowerCase();
  const asked = question.toLowerCase();
  return secrets
    .filter(({ text }) =>
      formsOf(text).some((form) => seen.includes(form) && !asked.includes(text.toLowerCase())),
    )
    .map(({ what }) => what);
}

function formsOf(text: string): readonly string[] {
  const plain = text.toLowerCase();
  return [plain, plain.replaceAll('-', ''), Buffer.from(text).toString('hex')];
}
