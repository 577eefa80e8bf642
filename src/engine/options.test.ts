import { expect, it } from 'vitest';
import { checkTuning, parseOptions } from './options';

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
