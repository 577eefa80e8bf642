/** Films comes when it is first wanted; what it works on then stays for as long as the app is open. */

import type { EngineHost } from '../services/engine/engine-host';
import type { Models } from '../services/models/models.svelte';
import type { SettingsService } from '../services/settings-service.svelte';
import type { OpenPhotos } from './open-photos';

interface Services {
  readonly host: EngineHost;
  readonly models: Models;
  readonly settings: SettingsService;
}

export function createFilmsOpener({ host, models, settings }: Services, openPhotos: OpenPhotos) {
  const open = async () => {
    const { FilmLibrary, FilmsPage } = await import('../features/films');
    const library = new FilmLibrary({ host, models: () => models.load(), settings: () => settings.current });
    return { FilmsPage, library };
  };
  let opening: ReturnType<typeof open> | null = null;
  return {
    /** A failure is forgotten, so that coming again tries again. */
    open: () =>
      (opening ??= open().catch((thrown: unknown) => {
        opening = null;
        throw thrown;
      })),
    /** Adds a still to Photos, where it is processed like any picture. */
    async addStill(file: File): Promise<void> {
      const [{ library }, { filesOfList }] = await Promise.all([openPhotos(), import('../features/photos')]);
      await library.add(filesOfList([file]));
    },
  };
}

export type FilmsOpener = ReturnType<typeof createFilmsOpener>;
