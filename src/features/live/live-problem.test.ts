import { expect, it } from 'vitest';
import { EngineError } from '../../engine/errors';
import { liveProblemOf } from './live-problem';

const failed = new EngineError('bad-model', 'model other: does not load');
const actionsOf = (failing: Parameters<typeof liveProblemOf>[1]) => liveProblemOf(failed, failing).actions;

it('offers the model that ran before, else the first one, and neither where it is in use', () => {
  const isPlaceFree = true;
  expect(actionsOf({ hasPrevious: true, isFirst: false, isPlaceFree })).toContain('previous-model');
  expect(actionsOf({ hasPrevious: true, isFirst: false, isPlaceFree })).not.toContain('first-model');
  expect(actionsOf({ hasPrevious: false, isFirst: false, isPlaceFree })).toContain('first-model');
  expect(actionsOf({ hasPrevious: false, isFirst: true, isPlaceFree })).not.toContain('first-model');
});
