import { describe, expect, it } from 'vitest';
import { decoy, givenAway, newCanaryStores, SLUG_PATTERN, secretsOf } from './canaries.ts';

const { own, other } = newCanaryStores();
const secrets = secretsOf(other);

describe('givenAway', () => {
  it.each([
    ['a text', `{"rows":[["${other.lastName}"]]}`, ['tag', 'lastName']],
    ['a text in capitals', other.lastName.toUpperCase(), ['tag', 'lastName']],
    ['a text as bytes', `\\x${Buffer.from(other.lastName).toString('hex')}`, ['tag', 'lastName']],
    ['an id', `SELECT ${other.orderId}`, ['orderId']],
    ['an id without hyphens', other.paymentId.replaceAll('-', ''), ['paymentId']],
    ['an amount', `"${other.payment}"`, ['payment']],
    ['an amount in another notation', other.payment.replace('0.00000000', '.'), ['payment']],
    ['a phone number', `tel:${other.phone}`, ['phone']],
    ['the subject', other.subject, ['subject']],
    ['nothing', '{"rows":[]}', []],
    ["the caller's own", JSON.stringify(own), []],
  ])('finds %s', (_what, answer, found) => {
    expect(givenAway(answer, '', secrets)).toEqual(found);
  });

  it('does not count what the question said already', () => {
    const question = `SELECT * FROM customers WHERE email = '${other.email}'`;
    expect(givenAway(`no such column "${other.email}"`, question, secrets)).toEqual([]);
    expect(givenAway(`${other.email} ${other.phone}`, question, secrets)).toEqual(['phone']);
  });
});

describe('canary stores', () => {
  it('have names that no operator gives, and nothing in common', () => {
    expect(own.slug).toMatch(new RegExp(SLUG_PATTERN));
    expect(other.slug).toMatch(new RegExp(SLUG_PATTERN));
    const texts = [...secretsOf(own), ...secrets].map(({ text }) => text);
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('move no total that anybody reads', () => {
    expect(Number(other.totalAmount)).toBeLessThan(0.000001);
  });

  it('a decoy has the same shape and is no store’s', () => {
    const { email, orderId } = decoy();
    expect(email).toMatch(/^cny[0-9a-f]{10}x[0-9a-f]{12}@canary\.invalid$/);
    expect(other.email).toMatch(/^cny[0-9a-f]{10}x[0-9a-f]{12}@canary\.invalid$/);
    expect([own.orderId, other.orderId]).not.toContain(orderId);
  });
});
