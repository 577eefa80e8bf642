/** The feature's entry: its page, and what the page works on, which stays for as long as the app is open. */

import type { EngineAccess } from './engine-access';
import { PhotoLibrary } from './library.svelte';
import type { TaughtModels } from './teach/learning.svelte';
import type { ModelChoice } from './types';

export { default as PhotosPage } from './PhotosPage.svelte';
export { filesOfHandles, filesOfList, PictureError, type Listing } from './import';
export type { PhotoLibrary } from './library.svelte';
export { createPhotosPart } from './storage/photos-part';

export interface PhotosOptions {
  readonly host: EngineAccess;
  /** The models there are to choose from, the standard one first. */
  readonly models: () => Promise<readonly ModelChoice[]>;
  /** Where models that are taught here are kept. */
  readonly taught: TaughtModels;
  /** `model`: the one to begin with; null: that of the newest picture, or the first. Read once the pictures are here. */
  readonly settings: { readonly model: string | null };
}

export function createPhotos(options: PhotosOptions): PhotoLibrary {
  return new PhotoLibrary(options);
}
