import { expect, it } from 'vitest';
import { otherCameras } from './other-cameras';

const cameras = ['built-in', 'usb', 'virtual'].map((deviceId) => ({ deviceId, label: deviceId }));
const offered = (problem: string, chosen: string | null = null, last: string | null = null) =>
  otherCameras(cameras, { problem, chosen, last }).map(({ deviceId }) => deviceId);

it('a busy camera is not offered again, whether it was chosen or is the browser’s own choice', () => {
  expect(offered('in-use', 'usb')).toEqual(['built-in', 'virtual']);
  expect(offered('in-use')).toEqual(['usb', 'virtual']);
  expect(offered('in-use', null, 'virtual')).toEqual(['built-in', 'usb']);
  expect(offered('in-use', 'one that is gone')).toEqual(['usb', 'virtual']);
});

it('after one was unplugged all that are there are offered', () => {
  expect(offered('unplugged', 'one that is gone')).toEqual(['built-in', 'usb', 'virtual']);
});

it('where no camera would help, none is', () => {
  expect(offered('denied')).toEqual([]);
});
