import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { termsOf } from './local-terms.ts';

const namesIn = (line: string) => termsOf(line).map(({ name }) => name);

describe('quantities are the same however they are written', () => {
  test.each<[names: string[], ...spellings: string[]]>([
    [
      ['0.5', 'in', '0.5in'],
      '1/2"',
      '1/2 in.',
      '1/2-inch',
      '½ inch',
      '.5 in',
      '0.50 inches',
      'half inch',
      'Half-Inch',
      'half an inch',
      'half of an inch',
      '½″',
      '1/2”',
    ],
    [
      ['0.75', 'in', '0.75in'],
      '3/4 in.',
      '¾"',
      'three quarter inch',
      'three-quarters of an inch',
      '0.75 inch',
    ],
    [['1.5', 'in', '1.5in'], '1-1/2 in.', '1 1/2"', '1½ inch', '1.5-inch'],
    [['18', 'v', '18v'], '18V', '18 V', '18 volt', '18-Volt', '18 volts'],
    [['5', 'gal', '5gal'], '5 gal.', '5-gallon', 'five gallon', '5 gallons'],
    [['15', 'a', '15a'], '15A', '15 amp', '15-ampere'],
    [['1000', 'lm', '1000lm'], '1,000 lumens', '1000 lm'],
    [['2', '4', '2x4'], '2x4', '2 x 4', '2×4', 'two by four', '2 by 4'],
    [
      ['4', 'ft', '4ft', '8', 'ft', '8ft', '4x8'],
      '4 ft x 8 ft',
      "4' x 8'",
      '4 feet by 8 feet',
      'four foot by eight foot',
    ],
  ])('%j', (names, ...spellings) => {
    for (const spelling of spellings) expect(namesIn(spelling), spelling).toStrictEqual(names);
  });

  test('any number of any unit, in figures or as a decimal', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999_999 }),
        fc.constantFrom(['ft', 'feet'], ['kg', 'kilos'], ['oz', 'ounce']),
        (value, [short, long]) => {
          const grouped = value.toLocaleString('en-US');
          expect(namesIn(`${grouped} ${long}`)).toStrictEqual([`${value}`, short, `${value}${short}`]);
          expect(namesIn(`${value}.0${short}`)).toStrictEqual(namesIn(`${grouped} ${long}`));
        },
      ),
    );
  });
});

describe('what only looks like a quantity', () => {
  test.each([
    ['one of the three', ['on', 'of', 'the', 'three']],
    ['2 in 1', ['2', 'in', '1']],
    ['2 a day', ['2', 'a', 'dai']],
    ['open 24/7', ['open', '24/7']],
    ['1/0', ['1/0']],
    ['5 1/2/3', ['5', '1/2/3']],
    ['1.2.3', ['1.2.3']],
    ['0,5', ['0,5']],
    ['made by hand', ['made', 'by', 'hand']],
    ['half', ['half']],
  ])('%s', (line, names) => expect(namesIn(line)).toStrictEqual(names));

  test('a number of more digits than a number has is itself', () => {
    const digits = '9'.repeat(40);
    expect(namesIn(digits)).toStrictEqual([digits]);
  });
});

describe('words', () => {
  test.each([
    ['Drills, drilling & DRILLED', ['drill', 'drill', 'drill']],
    ["painter's won't", ['painter', 'wont']],
    ['Crème brûlée', ['creme', 'brule']],
    ['Foo™ Bar®', ['foo', 'bar']],
    ['gallon bucket', ['gal', 'bucket']],
    ['A19 bulb, GU10', ['a', '19', 'a19', 'bulb', 'gu', '10', 'gu10']],
    ['Ölfarbe für außen', ['olfarb', 'fur', 'außen']],
    ['дрели и ключи', ['дрели', 'и', 'ключи']],
    ['電動ドリル', ['電動ドリル']],
    ['🔨 🪚!', ['🔨', '🪚']],
    ['', []],
    ['… — !?', []],
  ])('%s', (line, names) => expect(namesIn(line)).toStrictEqual(names));

  test('those that tell little weigh little, and none weighs nothing', () => {
    expect(termsOf('a good drill').map(({ weight }) => weight)).toStrictEqual([0.005, 0.2, 1]);
  });

  test('units and numbers have no other spellings, words do', () => {
    expect(termsOf('5 gallon bucket').map(({ spelling }) => spelling)).toStrictEqual([
      undefined,
      undefined,
      undefined,
      'bucket',
    ]);
  });

  test('any text gives terms of a name and a weight', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (line) => {
        for (const { name, weight } of termsOf(line)) {
          expect(name).not.toBe('');
          expect(weight).toBeGreaterThan(0);
          expect(weight).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  test('case makes no difference to English', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9 ,.'"/-]{0,60}$/), (line) => {
        expect(termsOf(line.toUpperCase())).toStrictEqual(termsOf(line));
      }),
    );
  });
});
