import type { Attack } from '../attack.ts';
import { CHANGING } from './changing.ts';
import { DANGEROUS_FUNCTIONS } from './dangerous-functions.ts';
import { ESCAPING } from './escaping.ts';
import { EXHAUSTION } from './exhaustion.ts';
import { FORGING } from './forging.ts';
import { LEFTOVERS } from './leftovers.ts';
import { READING } from './reading.ts';
import { SIDE_CHANNELS } from './side-channels.ts';

/** Every attack that is the same for all databases; src/doctor/attacks/discover.ts adds those for the one at hand. */
export const SUITE: readonly Attack[] = [
  ...FORGING,
  ...ESCAPING,
  ...READING,
  ...DANGEROUS_FUNCTIONS,
  ...SIDE_CHANNELS,
  ...CHANGING,
  ...LEFTOVERS,
  ...EXHAUSTION,
];
