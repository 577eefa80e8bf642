/** Puts the library of pictures together with the app's one engine and its models. */

import { PhotoLibrary } from '../photos/library.svelte';
import { router } from '../ui/router.svelte';
import type { EngineKeeper } from './engine-keeper';
import { receiveHandedOver } from './handed-over';
import type { LiveSession } from './live-session.svelte';

export function openLibrary(keeper: EngineKeeper, session: LiveSession): PhotoLibrary {
  const library = new PhotoLibrary({
    loadChoices: () => session.catalogue.load(),
    model: session.wish.model ?? null,
    loadEngine(model, onProgress) {
      const { wish } = session;
      const { maxFaces, smoothing } = session.settings;
      // Where nobody chose a model, the live page wishes for the first one without a name; then both share its engine.
      const isUnnamed = wish.model === undefined && model === session.models[0]?.id;
      const named = { ...wish, model: isUnnamed ? undefined : model };
      return keeper.load(named, { maxFaces, smoothing }, onProgress);
    },
  });
  receiveHandedOver((listing) => {
    router.go('/photos');
    void library.add(listing);
  });
  return library;
}
