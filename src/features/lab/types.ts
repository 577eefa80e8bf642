/** What the Lab is given by the app. */

import type { EngineHost } from '../../services/engine/engine-host';
import type { Models } from '../../services/models/models.svelte';
import type { SettingsService } from '../../services/settings-service.svelte';

export interface NamedPicture {
  readonly id: string;
  readonly name: string;
}

export interface NamedFilm extends NamedPicture {
  readonly durationMs: number;
}

/** The pictures of Photos and Films. */
export interface LabPictures {
  list(): Promise<{ readonly photos: readonly NamedPicture[]; readonly films: readonly NamedFilm[] }>;
  /** The caller closes it. @throws Error naming the picture when it is gone or cannot be decoded */
  openPhoto(id: string): Promise<ImageBitmap>;
  /** The frame shown at that time; the caller closes it. @throws Error naming the film */
  openFilmFrame(id: string, atMs: number): Promise<ImageBitmap>;
  /** Adds a picture to Photos. @returns its id there @throws Error when it is no picture */
  addPhoto(file: File): Promise<string>;
}

export interface LabServices {
  readonly host: EngineHost;
  readonly models: Models;
  readonly settings: SettingsService;
  readonly pictures: LabPictures;
  /** Two pages cannot have one camera in two resolutions. */
  readonly releaseCamera: () => void;
}
