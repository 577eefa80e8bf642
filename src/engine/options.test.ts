import { expect, it } from 'vitest';
import type { EngineOptions } from './types';
import { checkTuning, DETECTOR_NAMES, mergeTuning, parseOptions } from './options';

it.each([
  ['signals', 'yes', 'true or false'],
  ['gaze', 1, 'true or false'],
  ['fieldOfViewDeg', 5, 'a number from 10 to 150'],
  ['fieldOfViewDeg', 151, 'a number from 10 to 150'],
  ['fieldOfViewDeg', Number.NaN, 'a number from 10 to 150'],
])('option %s: %s is refused by name', (name, value, expected) => {
  const options = { [name]: value };
  const message = `option ${name}: must be ${expected}, is ${value}`;
  expect(() => checkTuning(options)).toThrow(message);
  expect(() => parseOptions(options, 'https://example.org/')).toThrow(message);
});

it('signals and gaze are off by default, under a field of view of 50°', () => {
  const defaults = { signals: false, gaze: false, fieldOfViewDeg: 50 };
  expect(parseOptions({}, 'https://example.org/')).toMatchObject(defaults);
});

it('gaze is told with signals alone, and ends with them', () => {
  const message = 'option gaze: must be false without signals, is true';
  expect(() => parseOptions({ gaze: true }, 'https://example.org/')).toThrow(message);
  expect(() => checkTuning({ gaze: true, signals: false })).toThrow(message);
  expect(() => checkTuning({ gaze: true })).not.toThrow();
  const off = { maxFaces: 1, smoothing: 0.5, signals: false, gaze: false, fieldOfViewDeg: 50 };
  expect(() => mergeTuning(off, { gaze: true })).toThrow(message);
  const on = mergeTuning(off, { signals: true, gaze: true, maxFaces: 2 });
  expect(on).toEqual({ ...off, signals: true, gaze: true, maxFaces: 2 });
  expect(mergeTuning(on, { smoothing: 0 })).toEqual({ ...on, smoothing: 0 });
  expect(mergeTuning(on, { signals: false })).toEqual({ ...on, signals: false, gaze: false });
});

it('a detector that there is not is refused by name, with those that there are', () => {
  const parse = (detector: unknown) =>
    parseOptions({ detector } as EngineOptions, 'https://example.org/').detector;
  expect(() => parse('ssd')).toThrow(`option detector: must be ${DETECTOR_NAMES.join(', ')}, is ssd`);
  expect(() => parse('toString')).toThrow('option detector');
  expect(DETECTOR_NAMES.map(parse)).toEqual(DETECTOR_NAMES);
  expect(parse(undefined)).toBe(DETECTOR_NAMES[0]);
});
