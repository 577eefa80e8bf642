import { expect, it } from 'vitest';
import { followUpOf } from './follow-up';

it('opens the camera anew for another camera or size, where one is open', () => {
  for (const changed of [{ cameraId: 'back' }, { facing: 'environment' }, { resolution: '720p' }] as const)
    expect([followUpOf(changed, 'camera'), followUpOf(changed, 'sample'), followUpOf(changed, null)]).toEqual(
      ['reopen', 'none', 'none'],
    );
});

it('makes the engine anew for another network, where something runs', () => {
  for (const changed of [{ model: null }, { detector: null }])
    expect([followUpOf(changed, 'sample'), followUpOf(changed, null)]).toEqual(['reload', 'none']);
});

it('does the most that one of several changes asks for', () => {
  const all = { maxFaces: 2, model: 'unet', cameraId: 'back' };
  expect([followUpOf(all, 'camera'), followUpOf(all, 'sample'), followUpOf(all, null)]).toEqual([
    'reopen',
    'reload',
    'track',
  ]);
});

it('goes on with the next frame for what is asked of each, and does nothing for what is only drawn', () => {
  for (const changed of [{ smoothing: 0 }, { signals: true }, { axes: true }, { gaze: true }])
    expect(followUpOf(changed, 'camera')).toBe('track');
  expect(followUpOf({ mirror: 'on', overlay: 'mesh', meter: false }, 'camera')).toBe('none');
});
