import { beforeEach, expect, test, vi } from 'vitest';
import { restoreBackup, saveBackup } from './backup';
import { createSettingsPart } from './settings-part';
import { SettingsService } from './settings-service.svelte';

// There is no private file system here.
vi.spyOn(console, 'warn').mockImplementation(() => undefined);
const hooks = { signal: new AbortController().signal, onProgress: () => undefined };

/** A browser that keeps nothing yet. */
function openDevice() {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  });
  return new SettingsService();
}
const save = async (settings: SettingsService) =>
  new File([(await saveBackup([createSettingsPart(settings)], hooks)).blob], 'it.zip');
const read = (settings: SettingsService, file: File) =>
  restoreBackup(file, [createSettingsPart(settings)], hooks);

let file: File;
beforeEach(async () => {
  const settings = openDevice();
  settings.update({ overlay: 'mesh', smoothing: 0.7, strips: ['pitch'], cameraId: 'of this device' });
  file = await save(settings);
});

test('settings go to another browser, the choice of camera does not', async () => {
  const settings = openDevice();
  expect(await read(settings, file)).toEqual(['Read back: settings.']);
  expect(settings.current).toMatchObject({
    overlay: 'mesh',
    smoothing: 0.7,
    strips: ['pitch'],
    cameraId: null,
  });
  expect(new SettingsService().current).toEqual(settings.current);
});

test('what was set here stays', async () => {
  const settings = openDevice();
  settings.update({ overlay: 'points' });
  expect(await read(settings, file)).toEqual(['What was missing here was taken over: settings.']);
  expect(settings.current).toMatchObject({ overlay: 'points', smoothing: 0.7 });
});

test('what was set otherwise here is told of', async () => {
  const settings = openDevice();
  settings.update({ overlay: 'points', smoothing: 0.2, strips: ['yaw', 'roll'] });
  expect(await read(settings, file)).toEqual([
    'Not the same as here, where they were left as they are: settings.',
  ]);
  expect(settings.current).toMatchObject({ overlay: 'points', smoothing: 0.2 });
  settings.update({ overlay: 'mesh', smoothing: 0.7, strips: ['pitch'] });
  expect(await read(settings, file)).toEqual(['Here already: settings.']);
});

test('what found no room goes too', async () => {
  const settings = openDevice();
  vi.stubGlobal('localStorage', {
    getItem: () => null,
    setItem: () => {
      throw new DOMException('no room', 'QuotaExceededError');
    },
  });
  settings.update({ overlay: 'mesh' });
  file = await save(settings);
  const there = openDevice();
  expect(await read(there, file)).toEqual(['Read back: settings.']);
  expect(there.current.overlay).toBe('mesh');
});

test('what another tab has set goes as well', async () => {
  const settings = openDevice();
  new SettingsService().update({ overlay: 'points' });
  file = await save(settings);
  const there = openDevice();
  await read(there, file);
  expect(there.current.overlay).toBe('points');
});
