import { expect, it } from 'vitest';
import type { EngineOptions } from './types';
import { checkTuning, DETECTOR_NAMES, parseOptions } from './options';

it.each([
  ['signals', 'yes', 'true or false'],
  ['fieldOfViewDeg', 5, 'a number from 10 to 150'],
  ['fieldOfViewDeg', 151, 'a number from 10 to 150'],
  ['fieldOfViewDeg', Number.NaN, 'a number from 10 to 150'],
])('option %s: %s is refused by name', (name, value, expected) => {
  const options = { [name]: value };
  const message = `option ${name}: must be ${expected}, is ${value}`;
  expect(() => checkTuning(options)).toThrow(message);
  expect(() => parseOptions(options, 'https://example.org/')).toThrow(message);
});

it('signals are off by default, under a field of view of 50°', () => {
  expect(parseOptions({}, 'https://example.org/')).toMatchObject({ signals: false, fieldOfViewDeg: 50 });
});

it('a detector that there is not is refused by name, with those that there are', () => {
  const parse = (detector: unknown) =>
    parseOptions({ detector } as EngineOptions, 'https://example.org/').detector;
  expect(() => parse('ssd')).toThrow(`option detector: must be ${DETECTOR_NAMES.join(', ')}, is ssd`);
  expect(() => parse('toString')).toThrow('option detector');
  expect(DETECTOR_NAMES.map(parse)).toEqual(DETECTOR_NAMES);
  expect(parse(undefined)).toBe(DETECTOR_NAMES[0]);
});
