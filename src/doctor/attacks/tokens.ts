import { contextMinter, type MintContext, newContextKey } from '../../data/context-token.ts';
import type { Canaries, Tokens } from './canaries.ts';

const SIGNATURE = 64;

/**
 * Contexts of the other store's subject that must open nothing in the session `pid`, each wrong in one way only, and one of
 * our own that lacks a right.
 */
export function uselessTokens(
  mint: MintContext,
  { own, other }: Pick<Canaries, 'own' | 'other'>,
  pid: number,
): Tokens {
  const now = Date.now() / 1000;
  const subject = { subject: other.subject, permissions: new Set<never>() };
  const good = mint(subject, now + 600, pid);
  return {
    expired: mint(subject, now - 60, pid),
    foreign: mint(subject, now + 600, pid + 1),
    truncated: good.slice(0, -1),
    unsigned: good.slice(0, -SIGNATURE),
    flipped: good.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')),
    narrowed: mint({ ...subject, store: own.storeId }, now + 600, pid),
    rightless: mint({ ...subject, subject: own.subject }, now + 600, pid),
    otherKey: contextMinter(newContextKey())(subject, now + 600, pid),
  };
}
