import { expect, test } from 'vitest';
import { type AstNode, type AstValue, as, listOf } from './ast.ts';
import {
  greatestOf,
  literalText,
  mentionsNumberAbove,
  noFindings,
  numberOf,
  secondsOfDate,
  secondsOfInterval,
} from './constants.ts';
import { createParser } from './parser.ts';

/** Closes: a bound on what is written that is computed wrong, so that more passes than it says. */
const parser = await createParser();

function expression(sql: string): AstValue | undefined {
  const [statement] = listOf(parser.parse(`SELECT ${sql}`).stmts) as AstNode[];
  return as('ResTarget', listOf(as('SelectStmt', statement?.stmt)?.targetList)[0])?.val;
}

test.each<[sql: string, number: number | undefined]>([
  ['5', 5],
  ['1.5e3', 1500],
  ['1_000.5', 1000.5],
  ["'5'", 5],
  ["' 1_000 '", 1000],
  ["'-5'", -5],
  ["''", undefined],
  ["' '", undefined],
  ["'five'", undefined],
  ["'inf'", Number.POSITIVE_INFINITY],
  ["' +Infinity '", Number.POSITIVE_INFINITY],
  ["'-INF'", Number.POSITIVE_INFINITY],
  ["'x inf'", undefined],
  ["'info'", undefined],
  ["'_inf'", undefined],
  ['true', undefined],
  ['NULL', undefined],
  ['a', undefined],
  ['5::int2', 5],
  ["'5'::pg_catalog.int8", 5],
  ['5::int4 + 5::float8', 10],
  ['5::float4', undefined],
  ['1234::numeric(9, -3)', undefined],
  ['0.4::int', undefined],
  ['2 * 0.5', undefined],
  ['0.5 + 1', undefined],
  ['1 - 0.5', undefined],
  ['9007199254740991 + 1', undefined],
  ['(9007199254740991 * 2 - 9007199254740991 * 2) + 1', undefined],
  ['5::text', undefined],
  ['- (5::int)', -5],
  ['+ (5::int)', 5],
  ['@ (5::int)', undefined],
  ['- a', undefined],
  ['7 - 5::int', 2],
  ['7 + 5', 12],
  ['7 * 5', 35],
  ['6 / 2', undefined],
  ['7 ^ 2', undefined],
  ['7 % 5', undefined],
  ['a + 5', undefined],
  ['7 + a', undefined],
  ["7 - ANY ('5')", undefined],
])('%s is worth %s', (sql, number) => {
  expect(numberOf(expression(sql))).toBe(number);
});

test('about what an expression comes to is found out once', () => {
  const sum = expression('7 + 5');
  const { values, numbers } = noFindings();
  expect(mentionsNumberAbove(sum, 11, { ...noFindings(), values })).toBe(true);
  expect(values.get(sum)).toBe(12);
  expect(mentionsNumberAbove(sum, 12, { ...noFindings(), numbers, values: new Map([[sum, 13]]) })).toBe(true);
});

test.each<[sql: string, greatest: number | undefined]>([
  ['5', 5],
  ['LEAST(a, 9, 7)', 7],
  ['LEAST(a, 9)::int', 9],
  ['LEAST(a, 9)::text', undefined],
  ['LEAST(a, 600)::numeric(4, -3)', undefined],
  ['LEAST(a, 9.5)::int', undefined],
  ['LEAST(a, b)', undefined],
  ["LEAST(a, '5')", undefined],
  ['GREATEST(a, 5)', undefined],
  ['a', undefined],
])('%s is at most %s', (sql, greatest) => {
  expect(greatestOf(expression(sql))).toBe(greatest);
});

test.each<[sql: string, mentions: boolean]>([
  ['a + 11', true],
  ['a + 10', false],
  ['a - 11', true],
  ['f(a, -11)', true],
  ['f(a, 5 * 3)', true],
  ["f(a, '12')", true],
  ['(SELECT max(b) FROM t WHERE c = 11)', true],
  ['a * (10 / 0.5)', true],
  ['10 / 0.5', true],
  ['5 ^ 2', true],
  ['9 - -9::float4', true],
  ['10 / 0', false],
])('that %s mentions a number above 10 is %s', (sql, mentions) => {
  expect(mentionsNumberAbove(expression(sql), 10, noFindings())).toBe(mentions);
});

test.each<[sql: string, text: string | undefined]>([
  ["'a'", 'a'],
  ["'a'::text::varchar", 'a'],
  ['5', undefined],
  ["'a' || 'b'", undefined],
])('the text of %s is %s', (sql, text) => {
  expect(literalText(expression(sql))).toBe(text);
});

const MARCH_5_2024 = 54 * 31_556_952 + 2 * 2_629_746 + 5 * 86_400 - 86_400;

test.each<[sql: string, seconds: number | undefined]>([
  ["date '2024-03-05'", MARCH_5_2024],
  ["' 2024-3-5 '", MARCH_5_2024],
  ["'2024-03-05 10:00'", MARCH_5_2024],
  ["'20240305'", MARCH_5_2024],
  ["'1970-01-01'", 0],
  ["'12024-03-05'", MARCH_5_2024 + 10_000 * 31_556_952],
  ["'a2024-03-05'", undefined],
  ["'a20240305'", undefined],
  ["'202403051'", undefined],
  ["'03/05/2024'", undefined],
  ["'today'", undefined],
  ["'2024-03-05T10:00:00.5Z'", MARCH_5_2024],
  ["'2024-03-05 10:00 +05:30'", MARCH_5_2024],
  ["'2024-03-05 BC'", undefined],
  ["'2024-03-05x'", undefined],
  ["'2024-03-055'", undefined],
  ['20240305', undefined],
  ['a', undefined],
])('%s is %s s after 1970', (sql, seconds) => {
  expect(secondsOfDate(expression(sql))).toBe(seconds);
});

const HOUR = 3_600;
const DAY = 24 * HOUR;

test.each<[sql: string, seconds: number | undefined]>([
  ["'1 day'", DAY],
  ["' 1  day '", DAY],
  ["'12 days'", 12 * DAY],
  ["'-5 DAYS'", -5 * DAY],
  ["'+5 days'", 5 * DAY],
  ["'2days'", 2 * DAY],
  ["'1.25 hours'", 1.25 * HOUR],
  ["'12.5 hours'", 12.5 * HOUR],
  ["'2 weeks 3 days'", 17 * DAY],
  ["'2 days hour'", 2 * DAY + HOUR],
  ["'90 m'", 90 * 60],
  ["'100 milliseconds'", 0.1],
  ["'1 ms'", 0.001],
  ["'1 microsecond'", 0.000_001],
  ["'-1 month -2 days'", -2_629_746 - 2 * DAY],
  ["'1 month -29 days'", undefined],
  ["'-1 day 01:00'", undefined],
  ["'1 day ago'", undefined],
  ["'1 mil'", undefined],
  ["'1 dayz'", undefined],
  ["'3 secs'", 3],
  ["'month'", 2_629_746],
  ["'2 mons'", 2 * 2_629_746],
  ["'1 quarter'", 7_889_238],
  ["'1 year'", 31_556_952],
  ["'1 decade'", 315_569_520],
  ["'1 century'", 3_155_695_200],
  ["'1 millennium'", 31_556_952_000],
  ["'01:30'", 1.5 * HOUR],
  ["'10:20:30'", 10 * HOUR + 20 * 60 + 30],
  ["'1 day 01:00'", DAY + HOUR],
  ["'01:00 1 day'", HOUR + DAY],
  ["'7'", 7],
  ["'-7'", -7],
  ["'+7'", 7],
  ["'12'", 12],
  ["INTERVAL '7'", 7],
  ["INTERVAL '7' HOUR", 7 * HOUR],
  ["'x01:30'", undefined],
  ["'01:300'", undefined],
  ["'01:30:150'", undefined],
  ["'x5'", undefined],
  ["'.x5 days'", undefined],
  ["'1.5.5 days'", undefined],
  ["'1 parsec'", undefined],
  ["'a day'", undefined],
  ["''", undefined],
  ['5', undefined],
])('%s lasts %s s', (sql, seconds) => {
  expect(secondsOfInterval(expression(sql))).toBe(seconds);
});

test('an interval is read up to 200 characters, which is more than anybody writes and soon read', () => {
  const days = (text: string) => secondsOfInterval(expression(`'${text}'`));
  expect(days(`${'1 day '.repeat(33)}1s`)).toBe(33 * DAY + 1);
  expect(days(`${'1 day '.repeat(33)}10s`)).toBeUndefined();
});
