/** The settings in a file of everything that a person made. */

import type { BackupPart, IncomingItem, Outcome } from './backup/types';
import { defaultSettings, parseSettings, type Settings } from './settings';
import type { SettingsService } from './settings-service.svelte';
import { isSame } from './backup/merge';

/** Which camera is a matter of the device. */
const ofDevice: readonly string[] = ['cameraId'];

export function createSettingsPart(settings: SettingsService): BackupPart {
  return {
    name: 'settings',
    title: 'Settings',
    noun: 'settings',
    version: 1,
    async *items() {
      const changed = await changedFrom(settings.saved, defaultSettings);
      if (!Object.keys(changed).length) return;
      yield {
        id: 'settings',
        title: 'settings',
        async *records() {
          yield { store: 'settings', key: 'settings', value: changed };
        },
      };
    },
    async check(item) {
      await read(item);
    },
    /** What was set here stays; what was not is set as it was there. */
    async take(item): Promise<Outcome> {
      const incoming = await changedFrom(await read(item), defaultSettings);
      const here = await changedFrom(settings.saved, defaultSettings);
      const missing = Object.entries(incoming).filter(([name]) => !(name in here));
      if (!missing.length) return (await isSame({ ...here, ...incoming }, here)) ? 'same' : 'ours';
      settings.update(Object.fromEntries(missing));
      return Object.keys(here).length ? 'merged' : 'added';
    },
    async refresh() {},
  };
}

async function changedFrom(one: Settings, other: Settings): Promise<Partial<Settings>> {
  const changed: [string, unknown][] = [];
  for (const [name, value] of Object.entries(one))
    if (!ofDevice.includes(name) && !(await isSame(value, other[name as keyof Settings])))
      changed.push([name, value]);
  return Object.fromEntries(changed);
}

async function read(item: IncomingItem): Promise<Settings> {
  for await (const { value } of item.records()) return parseSettings(value);
  throw new Error('settings: they are missing');
}
