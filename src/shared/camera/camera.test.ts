import { describe, expect, test } from 'vitest';
import { constraintsOf, tidyLabel } from './camera';

const size = { width: 640, height: 480 };

describe('camera constraints', () => {
  test('without a chosen camera the facing is a wish, so that a laptop without a back camera still opens one', () => {
    const [only, ...rest] = constraintsOf({ ...size, deviceId: null, facing: 'environment' });
    expect(rest).toEqual([]);
    expect(only).toEqual({
      audio: false,
      video: { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: { ideal: 'environment' } },
    });
  });

  test('a chosen camera is asked for exactly, then any', () => {
    const [first, second] = constraintsOf({ ...size, deviceId: 'abc', facing: 'user' });
    expect(first.video).toMatchObject({ deviceId: { exact: 'abc' } });
    expect(second.video).toMatchObject({ facingMode: { ideal: 'user' } });
    expect(second.video).not.toHaveProperty('deviceId');
  });

  test('labels lose their USB ids and nothing else', () => {
    expect(tidyLabel('Integrated Camera (04f2:b6d9)')).toBe('Integrated Camera');
    expect(tidyLabel('Camera (front)')).toBe('Camera (front)');
  });
});
