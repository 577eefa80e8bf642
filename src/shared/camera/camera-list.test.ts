import { expect, test } from 'vitest';
import { facingOfLabel, tidyLabel, toEntries } from './camera-list';

const camera = (deviceId: string, label: string) => ({ kind: 'videoinput' as const, deviceId, label });

test('labels lose their USB ids and nothing else', () => {
  expect(tidyLabel('Integrated Camera (04f2:b6d9)')).toBe('Integrated Camera');
  expect(tidyLabel('Camera (front)')).toBe('Camera (front)');
});

test('cameras without a label are counted, and those of one label told apart', () => {
  const devices = [
    { ...camera('m', 'Microphone'), kind: 'audioinput' as const },
    camera('a', 'HD Webcam (046d:0825)'),
    camera('b', ''),
    camera('c', 'HD Webcam (046d:0826)'),
  ];
  expect(toEntries(devices).map(({ deviceId, label }) => [deviceId, label])).toEqual([
    ['a', 'HD Webcam'],
    ['b', 'Camera 2'],
    ['c', 'HD Webcam (2)'],
  ]);
});

test('a camera without an id cannot be asked for, and is left out', () => {
  expect(toEntries([camera('', '')])).toEqual([]);
});

test('which way a camera looks is told by the device, or else by its label', () => {
  const told = { ...camera('a', 'Camera'), getCapabilities: () => ({ facingMode: ['environment'] }) };
  expect(toEntries([told, camera('b', 'camera2 1, facing front')]).map(({ facing }) => facing)).toEqual([
    'environment',
    'user',
  ]);
  expect(facingOfLabel('Microsoft Camera Rear')).toBe('environment');
  expect(facingOfLabel('Feedback Virtual Camera')).toBeNull();
});
