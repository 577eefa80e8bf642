import { expect, it } from 'vitest';
import { otherCameras } from './other-cameras';

const cameras = ['built-in', 'usb', 'virtual'].map((deviceId) => ({
  deviceId,
  label: deviceId,
  facing: null,
}));
const offered = (problem: string, chosen: string | null = null, last: string | null = null) =>
  otherCameras(cameras, { problem, chosen, last, facing: 'user' }).map(({ deviceId }) => deviceId);

it('a busy camera is not offered again, whether it was chosen or is the browser’s own choice', () => {
  expect(offered('in-use', 'usb')).toEqual(['built-in', 'virtual']);
  expect(offered('in-use')).toEqual(['usb', 'virtual']);
  expect(offered('in-use', null, 'virtual')).toEqual(['built-in', 'usb']);
  expect(offered('in-use', 'one that is gone')).toEqual(['usb', 'virtual']);
});

it('after one was unplugged, or where there was none, all that are there are offered, the same one too', () => {
  expect(offered('unplugged', 'one that is gone')).toEqual(['built-in', 'usb', 'virtual']);
  expect(offered('unplugged', 'usb', 'usb')).toEqual(['built-in', 'usb', 'virtual']);
  expect(offered('no-camera')).toEqual(['built-in', 'usb', 'virtual']);
});

it('where no camera would help, none is', () => {
  expect(offered('denied')).toEqual([]);
});

it('on a phone the one that looks the way that was asked for is taken for the busy one', () => {
  const phone = [
    { deviceId: 'front', label: 'front', facing: 'user' },
    { deviceId: 'back', label: 'back', facing: 'environment' },
  ] as const;
  const offeredFor = (facing: 'user' | 'environment', last: string | null = null) =>
    otherCameras(phone, { problem: 'in-use', chosen: null, last, facing }).map(({ deviceId }) => deviceId);
  expect(offeredFor('environment')).toEqual(['front']);
  expect(offeredFor('user')).toEqual(['back']);
  // It was to be turned round.
  expect(offeredFor('environment', 'front')).toEqual(['front']);
});
