/** Everything that this browser keeps of Mien, for the page About to list and clear. */

import type { StoredThing } from '../features/about/stored-thing';
import { settingsBytes } from '../services/settings';
import { modelsCache } from '../shared/addresses';
import { bytesOfCaches, bytesOfShell, emptyCaches, removeShell } from '../shared/storage/usage';
import type { BackupStores } from './backup';
import { sharedFilesCache } from './pwa/shared-files';

const total = (things: readonly { readonly bytes: number }[]) => ({
  count: things.length,
  bytes: things.reduce((sum, { bytes }) => sum + bytes, 0),
});

export function storedThings({
  settings,
  models,
  recordings,
  openPhotos,
  films,
}: BackupStores): readonly StoredThing[] {
  const openLibrary = async () => {
    const { library } = await openPhotos();
    await library.opened();
    return library;
  };
  return [
    {
      name: 'The app',
      where: 'Cache Storage',
      loss: 'Mien needs a connection the next time it opens, and is then stored again.',
      measure: async () => ({ bytes: await bytesOfShell() }),
      clear: removeShell,
    },
    {
      name: 'Models',
      where: 'Cache Storage',
      loss: 'Each is fetched again when it is next used, which needs a network.',
      measure: async () => ({ bytes: await bytesOfCaches(modelsCache) }),
      clear: () => emptyCaches(modelsCache),
    },
    {
      name: 'Your own models',
      where: 'IndexedDB',
      loss: 'They are removed from this browser. The files on your device stay.',
      noun: 'model',
      async measure() {
        const entries = await models.own.list();
        return { ...total(entries.flatMap(({ files }) => files)), count: entries.length };
      },
      async clear() {
        const entries = await models.own.list();
        if (entries.some(({ id }) => id === settings.current.model)) settings.update({ model: null });
        await Promise.all(entries.map(({ id }) => models.own.remove(id)));
      },
    },
    {
      name: 'Photos, points and corrections',
      where: 'IndexedDB',
      loss: 'They are removed with everything corrected and marked on them, the points you named, and what is known of how these and your own face were learned. Models that learned them stay, among your own models. The files on your device stay.',
      noun: 'picture',
      measure: async () => total((await openLibrary()).store.photos),
      async clear() {
        await (await openLibrary()).clear();
        await emptyCaches(sharedFilesCache);
      },
    },
    {
      name: 'Films and what was found in them',
      where: 'IndexedDB',
      loss: 'They are removed with their results and names. The files on your device stay.',
      noun: 'film',
      async measure() {
        const { library } = await films.open();
        await library.opened();
        return total(await library.sizes());
      },
      async clear() {
        const { library } = await films.open();
        await library.opened();
        for (const { id } of library.films) await library.remove(id);
      },
    },
    {
      name: 'Recordings',
      where: 'IndexedDB',
      loss: 'They are removed from this browser. The files that you saved stay.',
      noun: 'recording',
      measure: async () => total(await recordings.sizes()),
      clear: () => recordings.removeAll(),
    },
    {
      name: 'Settings',
      where: 'localStorage',
      loss: 'All settings return to their defaults.',
      measure: async () => ({ bytes: settingsBytes() }),
      clear: async () => settings.reset(),
    },
  ];
}
