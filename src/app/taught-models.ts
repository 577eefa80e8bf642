/** Models that Photos teaches are a person's own models, like those brought along. */

import type { Models } from '../services/models/models.svelte';
import type { SettingsService } from '../services/settings-service.svelte';

interface Services {
  readonly models: Models;
  readonly settings: SettingsService;
}

export function taughtModels({ models: { own }, settings }: Services) {
  async function remove(id: string): Promise<void> {
    if (settings.current.model === id) settings.update({ model: null });
    await own.remove(id);
  }

  return {
    has: (id: string) => own.entries.some((entry) => entry.id === id),
    remove,
    async keep(file: Uint8Array<ArrayBuffer>, replaces: string | null): Promise<string> {
      const [entry] = await own.add({
        files: [{ file: new File([file], 'taught.json'), folder: '' }],
        problems: [],
      });
      if (!entry) throw new Error(own.problems.join(' '));
      if (replaces !== null && replaces !== entry.id) {
        if (settings.current.model === replaces) settings.update({ model: entry.id });
        await own.remove(replaces);
      }
      return entry.id;
    },
    async save(id: string): Promise<void> {
      const entry = own.entries.find((one) => one.id === id);
      const [source, { saveModel }] = await Promise.all([
        own.source(id),
        import('../services/models/save-model'),
      ]);
      if (entry && source) await saveModel(entry.title, source);
    },
  };
}
