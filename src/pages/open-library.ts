/** Puts the library of pictures together with the app's one engine and its models. */

import { loadRegistry } from '../engine/download';
import type { RegistryEntry } from '../engine/types';
import { PhotoLibrary } from '../photos/library.svelte';
import { modelsUrl } from './addresses';
import type { EngineKeeper } from './engine-keeper';
import type { LiveSession } from './live-session.svelte';

export function openLibrary(keeper: EngineKeeper, session: LiveSession): PhotoLibrary {
  let models: readonly RegistryEntry[] = [];
  return new PhotoLibrary({
    async loadChoices() {
      models = await loadRegistry(modelsUrl());
      return models;
    },
    model: session.wish.model ?? null,
    loadEngine(model, onProgress) {
      const { wish } = session;
      const { maxFaces, smoothing } = session.settings;
      // Where nobody chose a model, the live page wishes for the first one without a name; then both share its engine.
      const isUnnamed = wish.model === undefined && model === models[0]?.id;
      const named = { ...wish, model: isUnnamed ? undefined : model };
      return keeper.load(named, { maxFaces, smoothing }, onProgress);
    },
  });
}
