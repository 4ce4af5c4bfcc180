import { describe, expect, it } from 'vitest';
import { GROUPS, statementsOf } from '../attack.ts';
import { type Canaries, newCanaryStores, secretsOf } from '../canaries.ts';
import { SUITE } from './index.ts';

const stores = newCanaryStores();
const token = 'a.b.1.2.c';
const canaries: Canaries = {
  ...stores,
  guess: stores.other,
  tokens: {
    expired: token,
    foreign: token,
    truncated: token,
    unsigned: token,
    flipped: token,
    narrowed: token,
    rightless: token,
    otherKey: token,
  },
};

describe('the suite', () => {
  it('names every attack once, and says how to mend each', () => {
    const names = SUITE.map(({ group, name }) => `${group}: ${name}`);
    expect(new Set(names).size).toBe(names.length);
    expect(SUITE.filter(({ mend }) => mend === '')).toEqual([]);
  });

  it('has attacks of every group but the one that is found in the database', () => {
    const groups = new Set<string>(SUITE.map(({ group }) => group));
    expect(GROUPS.filter((group) => !groups.has(group))).toEqual(['what this database offers']);
  });

  it('says nothing that it looks for: only what an attacker may know', () => {
    const guessable = ['tag', 'storeId', 'subject', 'email', 'orderNumber', 'customerId', 'orderId'];
    const secrets = secretsOf(stores.other).filter(({ what }) => !guessable.includes(what));
    const telling = SUITE.filter(({ sql }) => {
      const sent = statementsOf(sql, canaries).join('\n');
      return secrets.some(({ text }) => sent.includes(text));
    });
    expect(telling.map(({ name }) => name)).toEqual([]);
  });
});
