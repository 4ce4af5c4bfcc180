import { contextMinter, type MintContext, newContextKey } from '../../data/context-token.ts';
import type { Tokens } from './canaries.ts';

const SIGNATURE = 64;

/** Contexts of `subject` that must open nothing in the session `pid`, each wrong in one way only. */
export function uselessTokens(mint: MintContext, subject: string, pid: number): Tokens {
  const now = Date.now() / 1000;
  const good = mint(subject, now + 600, pid);
  return {
    expired: mint(subject, now - 60, pid),
    foreign: mint(subject, now + 600, pid + 1),
    truncated: good.slice(0, -1),
    unsigned: good.slice(0, -SIGNATURE),
    flipped: good.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')),
    otherKey: contextMinter(newContextKey())(subject, now + 600, pid),
  };
}
