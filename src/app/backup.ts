/** Everything that a person made, as one file: which parts there are, and who has them. */

import type { Recordings } from '../features/live/recording/recordings.svelte';
import type { Backup, BackupPart } from '../services/backup/types';
import type { Models } from '../services/models/models.svelte';
import type { SettingsService } from '../services/settings-service.svelte';
import { removeLeftovers } from '../shared/storage/private-file';
import type { FilmsOpener } from './open-films';
import type { OpenPhotos } from './open-photos';

export interface BackupStores {
  readonly settings: SettingsService;
  readonly models: Models;
  readonly recordings: Recordings;
  readonly openPhotos: OpenPhotos;
  readonly films: FilmsOpener;
}

export function createBackup(stores: BackupStores): Backup {
  void removeLeftovers();
  return {
    async save(hooks) {
      const [{ saveBackup }, parts] = await Promise.all([import('../services/backup'), partsOf(stores)]);
      return saveBackup(parts, hooks);
    },
    async restore(file, hooks) {
      const [{ restoreBackup }, parts] = await Promise.all([import('../services/backup'), partsOf(stores)]);
      return restoreBackup(file, parts, hooks);
    },
  };
}

/** Models come before what they found, settings last: they name a model. */
async function partsOf({
  settings,
  models,
  recordings,
  openPhotos,
  films,
}: BackupStores): Promise<readonly BackupPart[]> {
  const [photos, { library }, photoFeature, filmFeature, recordingPart, modelPart, settingsPart] =
    await Promise.all([
      openPhotos(),
      films.open(),
      import('../features/photos'),
      import('../features/films'),
      import('../features/live/recording/recordings-part'),
      import('../services/models/models-part'),
      import('../services/settings-part'),
    ]);
  return [
    modelPart.createModelsPart(models.own),
    photoFeature.createPhotosPart(photos.library),
    filmFeature.createFilmsPart(library),
    recordingPart.createRecordingsPart(recordings),
    settingsPart.createSettingsPart(settings),
  ];
}
