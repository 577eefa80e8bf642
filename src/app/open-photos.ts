/** Photos comes when it is first wanted; what it works on then stays for as long as the app is open. */

import type { EngineHost } from '../services/engine/engine-host';
import type { Models } from '../services/models/models.svelte';
import type { SettingsService } from '../services/settings-service.svelte';
import { router } from './router.svelte';
import { taughtModels } from './taught-models';

interface Services {
  readonly host: EngineHost;
  readonly models: Models;
  readonly settings: SettingsService;
}

export function createPhotosOpener({ host, models, settings }: Services) {
  const open = async () => {
    const [{ createPhotos, PhotosPage }, { receiveHandedOver }] = await Promise.all([
      import('../features/photos'),
      import('./pwa/handed-over'),
    ]);
    const library = createPhotos({
      host,
      models: async () =>
        (await models.load()).map(({ id, title, classroom }) => {
          return { id, title, isBase: !classroom && !models.isOwn(id) };
        }),
      taught: taughtModels({ models, settings }),
      settings: settings.current,
    });
    receiveHandedOver(async (listing) => {
      router.go('/photos');
      await library.add(listing);
      await library.kept();
    });
    return { PhotosPage, library };
  };
  let opening: ReturnType<typeof open> | null = null;
  /** A failure is forgotten, so that coming again tries again. */
  return () =>
    (opening ??= open().catch((thrown: unknown) => {
      opening = null;
      throw thrown;
    }));
}

export type OpenPhotos = ReturnType<typeof createPhotosOpener>;
