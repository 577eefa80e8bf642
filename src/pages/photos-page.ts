/** The page of pictures comes when it is first wanted; its library then stays for as long as the app is open. */

import type { EngineKeeper } from './engine-keeper';
import type { LiveSession } from './live-session.svelte';

export function createPhotosPage(keeper: EngineKeeper, session: LiveSession) {
  const load = async () => {
    const [{ default: Page }, { openLibrary }] = await Promise.all([
      import('./Photos.svelte'),
      import('./open-library'),
    ]);
    return { Page, library: openLibrary(keeper, session) };
  };
  let loading: ReturnType<typeof load> | null = null;
  /** A failure is forgotten, so that coming again tries again. */
  return () =>
    (loading ??= load().catch((thrown: unknown) => {
      loading = null;
      throw thrown;
    }));
}

export type OpenPhotosPage = ReturnType<typeof createPhotosPage>;
