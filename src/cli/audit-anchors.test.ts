/**
 * Threat: whoever may call a server makes its log useless as a file of anchors, by having it quote what is read as one. Closed
 * here: of a log only what the server says itself counts, and by what it is, not by what it contains.
 */
import { expect, it } from 'vitest';
import { anchorsIn, tellAnchors } from './audit-anchors.ts';

const ANCHOR = { partition: 'tool_calls_2026_11', length: 7, mac: 'ab'.repeat(32) };
const TEXT = `tool_calls_2026_11:7:${ANCHOR.mac}`;
const SAID = JSON.stringify({ level: 'info', message: 'audit_anchor', ...ANCHOR });
const QUOTED = JSON.stringify({ level: 'info', message: 'tool_call', request_id: 'audit_anchor' });

it.each([
  ['a list', `# kept on Monday\n\n${TEXT}\n`],
  ['a log', `${SAID}\n${QUOTED}\n`],
  ['a log whose quoted line comes first', `${QUOTED}\n${SAID}`],
  [
    'a log in which a caller quotes an anchor',
    `${JSON.stringify({ message: TEXT, ...ANCHOR, length: 8 })}\n${SAID}`,
  ],
  ['a log with plain lines', `Aisle serves MCP at http://127.0.0.1\n"audit_anchor"\n${TEXT}\n${SAID}\n`],
  ['a log whose last line was cut off', `${SAID}\n${SAID.slice(0, 60)}`],
])('%s has the anchors that were told', (_, content) => {
  expect(anchorsIn(content, 'kept.txt')).toEqual([ANCHOR]);
});

it.each([
  ['nothing', '', 'There is no anchor in kept.txt.'],
  ['comments', '# nothing yet\n\n', 'There is no anchor in kept.txt.'],
  ['a log without any', `${QUOTED}\n${TEXT}\n`, 'There is no anchor in kept.txt.'],
  ['a line that is none', `${TEXT}\n7:beef`, 'Line 2 of kept.txt is no anchor: partition:length:mac.'],
  [
    'a logged one that is none',
    `${SAID}\n${SAID.replace(':7,', ':0,')}`,
    'Line 2 of kept.txt is no anchor: partition:length:mac.',
  ],
  [
    'a plain line that quotes one',
    'the "audit_anchor"',
    'Line 1 of kept.txt is no anchor: partition:length:mac.',
  ],
])('a file of %s is refused', (_, content, message) => {
  expect(() => anchorsIn(content, 'kept.txt')).toThrow(message);
});

it('tells anchors after what they are for, and of none nothing', () => {
  const told: string[] = [];
  tellAnchors([], (text) => told.push(text));
  expect(told).toEqual([]);
  tellAnchors([ANCHOR], (text) => told.push(text));
  expect(told).toEqual([expect.stringMatching(/^# Where the chains end\./), TEXT]);
  expect(anchorsIn(told.join('\n'), 'kept.txt')).toEqual([ANCHOR]);
});
