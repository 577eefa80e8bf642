import { expect, test } from 'vitest';
import { EngineError } from '../../engine/errors';
import { EngineReplacedError } from '../../services/engine/engine-gone';
import { Recovery } from './recovery';

const lost = new EngineError('worker-failed', 'engine: its worker died');

test('an engine that is gone is made anew, unless that was done less than half a minute ago', () => {
  const recovery = new Recovery();
  const steps = [5_000, 34_999, 35_000, 35_001].map((nowMs) => recovery.stepAfter(lost, nowMs));
  expect(steps).toEqual(['renew', 'fail', 'renew', 'fail']);
});

test('an engine that has another model by now is loaded anew, however often', () => {
  const recovery = new Recovery();
  const steps = [0, 1, 2].map((nowMs) => recovery.stepAfter(new EngineReplacedError(), nowMs));
  expect(steps).toEqual(['reload', 'reload', 'reload']);
  expect(recovery.stepAfter(lost, 3)).toBe('renew');
});

test('what is no fault of a lost engine is told at once', () => {
  const recovery = new Recovery();
  expect(recovery.stepAfter(new EngineError('bad-image', 'frame: no pixels'), 0)).toBe('fail');
  expect(recovery.stepAfter(new TypeError('undefined is not a function'), 0)).toBe('fail');
  expect(recovery.stepAfter(lost, 0)).toBe('renew');
});
