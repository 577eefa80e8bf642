import { expect, it } from 'vitest';
import type { EngineOptions } from './types';
import {
  checkBoxes,
  checkCallOptions,
  checkCrop,
  checkDetectOptions,
  checkTuning,
  DETECTOR_NAMES,
  mergeTuning,
  parseOptions,
} from './options';

it.each([
  ['signals', 'yes', 'true or false', '"yes"'],
  ['gaze', 1, 'true or false', '1'],
  ['fieldOfViewDeg', 5, 'a number from 10 to 150', '5'],
  ['fieldOfViewDeg', 151, 'a number from 10 to 150', '151'],
  ['fieldOfViewDeg', Number.NaN, 'a number from 10 to 150', 'NaN'],
  ['fieldOfViewDeg', '50', 'a number from 10 to 150', '"50"'],
  ['newcomerIntervalMs', -1, 'a number from 0', '-1'],
  ['newcomerIntervalMs', Number.NaN, 'a number from 0', 'NaN'],
  ['smoothing', '0.5', 'a number from 0 to 1', '"0.5"'],
  ['smoothing', null, 'a number from 0 to 1', 'null'],
  ['smoothing', true, 'a number from 0 to 1', 'true'],
  ['smoothing', [0.5], 'a number from 0 to 1', 'an array'],
  ['maxFaces', 1n, 'an integer from 1 to 8', '1'],
  ['maxFaces', Object.create(null), 'an integer from 1 to 8', 'an object'],
])('option %s: %o is refused by name', (name, value, expected, shown) => {
  const options = { [name]: value };
  const message = `option ${name}: must be ${expected}, is ${shown}`;
  expect(() => checkTuning(options)).toThrow(message);
  expect(() => parseOptions(options, 'https://example.org/')).toThrow(message);
});

it.each([
  ['onProgress', 5, 'a function', '5'],
  ['backend', 'WebGL', 'auto, webgl, webgpu, wasm, cpu', '"WebGL"'],
  ['thread', {}, 'auto, worker, page', 'an object'],
  ['cache', true, 'the name of a cache', 'true'],
  ['model', 3, 'an id from the registry, or files with a path', '3'],
  ['model', { files: {} }, 'an id from the registry, or files with a path', 'an object'],
  ['signal', new AbortController(), 'an AbortSignal', 'an object'],
  ['modelsUrl', null, 'an address, or addresses by path', 'null'],
  ['modelsUrl', ['a'], 'an address, or addresses by path', 'an array'],
  ['modelsUrl', 'https://', 'an address', '"https://"'],
  ['modelsUrl', { 'registry.json': 5 }, 'an address for registry.json', '5'],
  [
    'modelsUrl',
    'https://example.org/models?key=1',
    'the address of a folder, without ? and #',
    '"https://example.org/models?key=1"',
  ],
])('option %s: %o is refused by name before anything starts', (name, value, expected, shown) => {
  expect(() => parseOptions({ [name]: value }, 'https://example.org/')).toThrow(
    `option ${name}: must be ${expected}, is ${shown}`,
  );
});

it.each([null, 5, 'wasm', []])('options that are none are refused: %o', (options) => {
  const expected = expect.objectContaining({
    code: 'bad-option',
    message: expect.stringMatching(/^options: must be an object/),
  });
  const none = options as never;
  for (const check of [
    () => parseOptions(none, 'https://example.org/'),
    () => checkTuning(none),
    () => checkDetectOptions(none),
    () => checkCallOptions(none),
  ])
    expect(check).toThrow(expected);
});

it('boxes and crops that are none are refused by name', () => {
  const none = [null, 5, { x: 0 }, [{ x: 0, y: 0, width: 1, height: '1' }], [null]];
  for (const boxes of none) expect(() => checkBoxes(boxes as never)).toThrow(/^option boxes/);
  for (const crop of [null, 5, { a: '1' }]) expect(() => checkCrop(crop as never)).toThrow(/^option crop/);
});

it('modelsUrl is a folder with or without a slash, as text or as URL, and without a name the page’s own', () => {
  const of = (modelsUrl: EngineOptions['modelsUrl']) =>
    parseOptions({ modelsUrl }, 'https://example.org/app/index.html').modelsUrl;
  expect(of('models')).toBe('https://example.org/app/models/');
  expect(of('https://a.org/b/')).toBe('https://a.org/b/');
  expect(of(new URL('https://a.org/b'))).toBe('https://a.org/b/');
  expect(of('')).toBe('https://example.org/app/');
  expect(of({ 'registry.json': new URL('https://a.org/r.json') } as never)).toEqual({
    'registry.json': 'https://a.org/r.json',
  });
});

it('signals and gaze are off by default, under a field of view of 50°, and newcomers are searched for once a second', () => {
  const defaults = { signals: false, gaze: false, fieldOfViewDeg: 50, newcomerIntervalMs: 1000 };
  expect(parseOptions({}, 'https://example.org/')).toMatchObject(defaults);
});

it('gaze is told with signals alone, and ends with them', () => {
  const message = 'option gaze: must be false without signals, is true';
  expect(() => parseOptions({ gaze: true }, 'https://example.org/')).toThrow(message);
  expect(() => checkTuning({ gaze: true, signals: false })).toThrow(message);
  expect(() => checkTuning({ gaze: true })).not.toThrow();
  const off = {
    ...{ maxFaces: 1, smoothing: 0.5, signals: false, gaze: false },
    ...{ fieldOfViewDeg: 50, newcomerIntervalMs: 1000 },
  };
  expect(() => mergeTuning(off, { gaze: true })).toThrow(message);
  const on = mergeTuning(off, { signals: true, gaze: true, maxFaces: 2 });
  expect(on).toEqual({ ...off, signals: true, gaze: true, maxFaces: 2 });
  expect(mergeTuning(on, { smoothing: 0 })).toEqual({ ...on, smoothing: 0 });
  expect(mergeTuning(on, { newcomerIntervalMs: 0 })).toEqual({ ...on, newcomerIntervalMs: 0 });
  expect(mergeTuning(on, { signals: false })).toEqual({ ...on, signals: false, gaze: false });
});

it('a detector that there is not is refused by name, with those that there are', () => {
  const parse = (detector: unknown) =>
    parseOptions({ detector } as EngineOptions, 'https://example.org/').detector;
  expect(() => parse('ssd')).toThrow(`option detector: must be ${DETECTOR_NAMES.join(', ')}, is "ssd"`);
  expect(() => parse('toString')).toThrow('option detector');
  expect(DETECTOR_NAMES.map(parse)).toEqual(DETECTOR_NAMES);
  expect(parse(undefined)).toBe(DETECTOR_NAMES[0]);
});
