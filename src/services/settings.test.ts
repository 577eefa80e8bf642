import { describe, expect, test } from 'vitest';
import { defaultSettings, parseSettings } from './settings';

describe('settings', () => {
  test('what was stored comes back', () => {
    const settings = {
      ...defaultSettings,
      overlay: 'mesh',
      numbers: true,
      spread: 'colour',
      smoothing: 0,
      maxFaces: 8,
      model: 'x',
      detector: 'blazeface-covered',
      mirror: 'off',
      signals: true,
      gaze: true,
      strips: ['yaw', 'jawOpen'],
    };
    expect(parseSettings(JSON.parse(JSON.stringify(settings)))).toEqual(settings);
  });

  test.each([[null], [undefined], ['text'], [3], [[]], [{}]])('%j gives the defaults', (stored) => {
    expect(parseSettings(stored)).toEqual(defaultSettings);
  });

  test('a model that has a successor is followed by it', () => {
    expect(parseSettings({ model: 'unet-lite' }).model).toBe('unet');
    expect(parseSettings({ model: 'face-b' }).model).toBe('face-b');
  });

  test('strips of signals that are not told, twice or without the gaze they need are none: no row could untick them', () => {
    const strips = ['yaw', 'cheekSquintLeft', '', 'yaw', 'gazeYaw', 'eyeLookUpLeft', 'jawOpen'];
    expect(parseSettings({ strips }).strips).toEqual(['yaw', 'jawOpen']);
    expect(parseSettings({ strips, gaze: true }).strips).toEqual([
      'yaw',
      'gazeYaw',
      'eyeLookUpLeft',
      'jawOpen',
    ]);
  });

  test('one bad field takes its default and leaves the others', () => {
    const stored = {
      overlay: 'hologram',
      maxFaces: 99,
      smoothing: NaN,
      numbers: true,
      model: 7,
      detector: 'toString',
      strips: [1],
      extra: 'x',
    };
    expect(parseSettings(stored)).toEqual({ ...defaultSettings, numbers: true });
    expect(parseSettings({ maxFaces: 1.5 }).maxFaces).toBe(defaultSettings.maxFaces);
  });
});
