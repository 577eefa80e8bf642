import { expect, it } from 'vitest';
import { isMirrored, MirrorChoice } from './mirroring';

const camera = (deviceId: string | null) =>
  ({ kind: 'camera', deviceId, label: 'Webcam', mirrorByDefault: true }) as const;
const sample = { kind: 'sample', deviceId: null, label: 'Sample', mirrorByDefault: false } as const;

it('is as suits the source, unless it was chosen', () => {
  expect([isMirrored('auto', camera('a')), isMirrored('auto', sample), isMirrored('auto', null)]).toEqual([
    true,
    false,
    false,
  ]);
  expect([isMirrored('off', camera('a')), isMirrored('on', sample)]).toEqual([false, true]);
});

it('is over with another source, and not with the same', () => {
  const choice = new MirrorChoice();
  choice.choose(sample);
  expect(choice.isOver('on', sample)).toBe(false);
  expect(choice.isOver('on', camera('a'))).toBe(true);
  expect(choice.isOver('auto', camera('a'))).toBe(false);
});

it('of the last visit was for the camera that is opened first', () => {
  const choice = new MirrorChoice();
  expect(choice.isOver('off', camera('a'))).toBe(false);
  choice.adopt(sample);
  choice.adopt(camera('a'));
  choice.adopt(camera('b'));
  expect([choice.isOver('off', camera('a')), choice.isOver('off', camera('b'))]).toEqual([false, true]);
});

it('knows cameras without an id by their label', () => {
  const choice = new MirrorChoice();
  choice.choose(camera(null));
  expect(choice.isOver('on', camera(null))).toBe(false);
  expect(choice.isOver('on', { ...camera(null), label: 'Other' })).toBe(true);
});
