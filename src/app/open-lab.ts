/** The Lab comes when it is first wanted, and gets the pictures of Photos and Films from here. */

import type { LabPictures } from '../features/lab';
import type { FilmsOpener } from './open-films';
import type { OpenPhotos } from './open-photos';

/** A failure is forgotten by the browser, so that coming again tries again. */
export const openLab = () => import('../features/lab');

export type OpenLab = typeof openLab;

export function labPictures(openPhotos: OpenPhotos, films: FilmsOpener): LabPictures {
  const openedPhotos = async () => {
    const { library } = await openPhotos();
    await library.opened();
    // The Lab is shown, not Photos: its work would take the engine away with a model of its own.
    library.setShown(false);
    return library;
  };
  const openedFilms = async () => {
    const { library } = await films.open();
    await library.opened();
    return library;
  };
  return {
    async list() {
      const [photos, filmLibrary] = await Promise.all([openedPhotos(), openedFilms()]);
      return {
        photos: photos.store.photos.map(({ id, name }) => ({ id, name })),
        // A film that was only lent is there again once its file is added again.
        films: filmLibrary.films.flatMap(({ id, name, durationMs }) =>
          filmLibrary.hasFile(id) ? [{ id, name, durationMs: durationMs ?? 0 }] : [],
        ),
      };
    },
    async openPhoto(id) {
      const [{ store }, { decodePicture }] = await Promise.all([
        openedPhotos(),
        import('../shared/imaging/decode'),
      ]);
      const photo = store.photos.find((one) => one.id === id);
      if (!photo) throw new Error('This picture is not in Photos.');
      return decodePicture(await store.file(id), photo.name, photo);
    },
    async openFilmFrame(id, atMs) {
      const [library, { openFilm }] = await Promise.all([openedFilms(), import('../shared/video/open-film')]);
      const film = library.films.find((one) => one.id === id);
      const file = library.file(id);
      if (!film || !file) throw new Error('This film is not in Films, or its file has to be added again.');
      const reader = await openFilm(file, film.name);
      try {
        const picture = await reader.frameAt(atMs);
        if (!picture) throw new Error(`${film.name}: has no frame at ${(atMs / 1000).toFixed(2)} s`);
        const canvas = new OffscreenCanvas(picture.width, picture.height);
        const context = canvas.getContext('2d');
        if (context) picture.draw(context, picture.width, picture.height);
        picture.close();
        return canvas.transferToImageBitmap();
      } finally {
        reader.close();
      }
    },
    async addPhoto(file) {
      const [library, { filesOfList }] = await Promise.all([openedPhotos(), import('../features/photos')]);
      const known = new Set(library.store.photos.map(({ id }) => id));
      library.setShown(true);
      try {
        await library.add(filesOfList([file]));
        await library.queue.whenAdded();
      } finally {
        library.setShown(false);
      }
      const { photos } = library.store;
      const same = photos.findLast(({ name, bytes }) => name === file.name && bytes === file.size);
      const added = photos.find(({ id }) => !known.has(id)) ?? same;
      if (!added) throw new Error(`${file.name} could not be added to Photos.`);
      return added.id;
    },
  };
}
