import { expect, test } from 'vitest';
import { withGaze } from './gaze-switch';

test('gaze that is switched off leaves no strip behind', () => {
  const strips = ['yaw', 'gazeYaw', 'jawOpen', 'gazePitch', 'eyeLookUpLeft'];
  expect(withGaze(false, strips)).toEqual({ gaze: false, strips: ['yaw', 'jawOpen'] });
  expect(withGaze(true, strips)).toEqual({ gaze: true, strips });
});
