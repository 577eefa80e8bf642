import { beforeEach, describe, expect, test, vi } from 'vitest';
import { DETECTOR_NAMES } from '../engine/options';
import { defaultSettings } from './settings';
import { SettingsService } from './settings-service.svelte';

const stored = new Map<string, string>();

beforeEach(() => {
  stored.clear();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  });
});

describe('settings', () => {
  test('are saved as they change, and those who listen hear what changed', () => {
    const settings = new SettingsService();
    const heard = vi.fn();
    const stop = settings.onChange(heard);
    settings.update({ smoothing: 0.2 });
    expect(settings.current.smoothing).toBe(0.2);
    expect(new SettingsService().current.smoothing).toBe(0.2);
    stop();
    settings.update({ maxFaces: 3 });
    expect(heard.mock.calls).toEqual([[{ smoothing: 0.2 }]]);
  });

  test('what the address asked for comes first, is not saved, and ends with another choice', () => {
    const asked = { model: 'unet', backend: 'wasm', thread: 'page' } as const;
    const settings = new SettingsService(asked);
    settings.update({ smoothing: 0.2 });
    expect(settings.current.model).toBe('unet');
    expect(new SettingsService().current.model).toBeNull();
    settings.update({ model: 'nose-b' });
    expect(settings.current.model).toBe('nose-b');
    expect(settings.place).toEqual({ backend: 'wasm', thread: 'page' });
    settings.choosePlaceAutomatically();
    expect(settings.isPlaceFree).toBe(true);
  });

  test('the detector is the default until another is chosen, which is kept', () => {
    const settings = new SettingsService();
    expect(settings.current.detector).toBeNull();
    expect(settings.detector).toBe(DETECTOR_NAMES[0]);
    const last = DETECTOR_NAMES.at(-1)!;
    settings.update({ detector: last });
    expect(new SettingsService().detector).toBe(last);
  });

  test('emptied are gone from storage, whatever those who listen make of it', () => {
    const settings = new SettingsService();
    settings.update({ maxFaces: 4 });
    settings.onChange(() => {
      throw new Error('the engine was disposed of');
    });
    expect(() => settings.reset()).not.toThrow();
    expect(settings.current).toEqual(defaultSettings);
    expect(stored.size).toBe(0);
  });
});
