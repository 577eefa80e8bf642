/** All that the page of pictures needs: what is there, what is going on, and every way to change it. */

import type { Place } from '../engine/geometry';
import type { Activations, Box, Face, Progress } from '../engine/types';
import type { OpenPhotoStore } from '../storage/photos';
import { addFace, deleteFace, movePoints, replaceFace, resetPoints, type Faces } from './edit/faces';
import { PhotoEditor } from './editor.svelte';
import { EngineDoor, type LoadEngine } from './engine-door.svelte';
import { importLandmarks } from './imported';
import { gather, type IncomingFile, type Listing } from './intake';
import type { StorageState } from './keeper';
import { PhotoLooker } from './looker.svelte';
import { PhotoShelf } from './shelf.svelte';
import type { Photo, PhotoModel } from './types';
import type { ModelChoice, Notice, PhotoLibraryView } from './ui/library-view';
import { messageOf, storageMessage } from './words';

export interface PhotoLibraryOptions {
  readonly loadEngine: LoadEngine;
  /** The models there are to choose from, the standard one first. */
  readonly loadChoices: () => Promise<readonly ModelChoice[]>;
  /** Id of the model to begin with; null: that of the newest picture, or the first. */
  readonly model: string | null;
  readonly openStore?: OpenPhotoStore;
}

export class PhotoLibrary implements PhotoLibraryView {
  isReady = $state(false);
  model = $state.raw<string | null>(null);
  choices = $state.raw<readonly ModelChoice[]>([]);

  #heard = $state.raw<readonly Notice[]>([]);
  /** A word about storage is dismissed until there is another. */
  #dismissed = $state.raw<StorageState | null>(null);
  readonly #shelf: PhotoShelf;
  readonly #editor: PhotoEditor;
  readonly #door: EngineDoor;
  readonly #looker: PhotoLooker;
  readonly #opened: Promise<void>;

  constructor(private readonly options: PhotoLibraryOptions) {
    this.#shelf = new PhotoShelf(options.openStore);
    this.#editor = new PhotoEditor(this.#shelf);
    this.#door = new EngineDoor(options.loadEngine);
    this.#looker = new PhotoLooker(this.#shelf, this.#editor, this.#door, {
      onNote: (message) => this.#hear({ kind: 'note', message }),
      onProblem: (thrown) => this.#hear({ kind: 'problem', message: messageOf(thrown) }),
    });
    this.#opened = this.#open();
  }

  get photos(): readonly Photo[] {
    return this.#shelf.photos;
  }

  get models(): Readonly<Record<string, PhotoModel>> {
    return this.#shelf.models;
  }

  get progress(): { readonly done: number; readonly total: number } | null {
    return this.#looker.progress;
  }

  get engineProgress(): Progress | null {
    return this.#door.progress;
  }

  get notices(): readonly Notice[] {
    const { storage } = this.#shelf;
    const message = storage === this.#dismissed ? null : storageMessage(storage);
    return message === null ? this.#heard : [{ kind: 'problem', message }, ...this.#heard];
  }

  dismissNotices(): void {
    this.#heard = [];
    this.#dismissed = this.#shelf.storage;
  }

  async add(listing: Listing): Promise<void> {
    await this.#opened;
    const { pictures, truths, landmarkFiles, problems } = await gather(listing, this.photos);
    problems.forEach((problem) => this.#hear({ kind: 'problem', message: messageOf(problem) }));
    for (const { photoId, truth } of truths) {
      this.#shelf.change(photoId, { truth });
      this.#hear({ kind: 'note', message: `${this.#shelf.get(photoId).name} has true points now.` });
    }
    // Without a list of models the pictures are taken in all the same.
    await this.#chooseFirst();
    this.#looker.add(pictures, this.model);
    // Their pictures may be among those that are just being taken in.
    if (landmarkFiles.length) await this.#looker.whenIdle();
    for (const file of landmarkFiles) await this.#import(file);
  }

  cancel(): void {
    this.#looker.cancel();
  }

  setShown(shown: boolean): void {
    this.#door.setOpen(shown);
    // A model may have come or gone meanwhile.
    if (shown && this.model !== null)
      void this.options.loadChoices().then(
        (choices) => (this.choices = choices),
        () => undefined,
      );
  }

  remove(ids: readonly string[]): void {
    this.#shelf.remove(ids);
    this.#editor.forget(ids);
  }

  chooseModel(id: string): void {
    this.model = id;
    this.#looker.look(this.photos, id);
  }

  look(photoId: string, model: string): Promise<void> {
    return this.#looker.lookNow(photoId, model);
  }

  file(photoId: string): Promise<Blob> {
    return this.#shelf.file(photoId);
  }

  async heatmaps(photoId: string, box: Box<'image'>): Promise<Activations> {
    const file = await this.file(photoId);
    return this.#door.use(this.#shown(), (engine) => engine.heatmaps(file, box));
  }

  movePoints(photoId: string, faceId: number, indices: readonly number[], by: Place, gesture: symbol): void {
    const change = (faces: Faces) => movePoints(faces, faceId, indices, by);
    this.#editor.correct(photoId, this.#shown(), change, gesture);
  }

  resetPoints(photoId: string, faceId: number, indices?: readonly number[]): void {
    this.#editor.correct(photoId, this.#shown(), (faces) => resetPoints(faces, faceId, indices));
  }

  deleteFace(photoId: string, faceId: number): void {
    this.#editor.correct(photoId, this.#shown(), (faces) => deleteFace(faces, faceId));
  }

  async addFace(photoId: string, box: Box<'image'>): Promise<number | null> {
    const faces = await this.#correctFrom(photoId, box, addFace);
    return faces?.at(-1)?.id ?? null;
  }

  async replaceFace(photoId: string, faceId: number, box: Box<'image'>): Promise<void> {
    await this.#correctFrom(photoId, box, (faces, found) => replaceFace(faces, faceId, found));
  }

  undo(photoId: string): void {
    this.#editor.undo(photoId, this.#shown());
  }

  redo(photoId: string): void {
    this.#editor.redo(photoId, this.#shown());
  }

  canUndo(photoId: string): boolean {
    return this.model !== null && this.#editor.canUndo(photoId, this.model);
  }

  canRedo(photoId: string): boolean {
    return this.model !== null && this.#editor.canRedo(photoId, this.model);
  }

  /** Resolves once the pictures that storage keeps are here. */
  opened(): Promise<void> {
    return this.#opened;
  }

  /** Resolves once everything is in storage, or has failed to get there. */
  settled(): Promise<void> {
    return this.#shelf.settled();
  }

  async #open(): Promise<void> {
    await this.#shelf.open();
    this.isReady = true;
    await this.#chooseFirst();
    // Pictures whose turn had not come when the page was left.
    const unseen = this.photos.filter(({ results }) => Object.keys(results).length === 0);
    if (this.model !== null) this.#looker.look(unseen, this.model);
  }

  /** Takes over landmarks that were exported before. */
  async #import(file: IncomingFile): Promise<void> {
    try {
      const { photos, models, model: shown } = this;
      const { results, message } = await importLandmarks(file, { photos, models, shown });
      for (const { photoId, result } of results) this.#editor.setResult(photoId, result);
      this.#hear({ kind: 'note', message });
    } catch (thrown) {
      this.#hear({ kind: 'problem', message: messageOf(thrown) });
    }
  }

  /** Chooses a model where none is chosen yet. */
  async #chooseFirst(): Promise<void> {
    if (this.model !== null) return;
    try {
      this.choices = await this.options.loadChoices();
      const newest = Object.keys(this.photos.at(-1)?.results ?? {});
      const wishes = [this.options.model, ...newest, this.choices[0]?.id];
      this.model ??= wishes.find((wish) => this.choices.some(({ id }) => id === wish)) ?? null;
    } catch (thrown) {
      this.#hear({ kind: 'problem', message: messageOf(thrown) });
    }
  }

  /** Corrects by what the network finds in a box. @returns the faces then; null when that failed */
  async #correctFrom(
    photoId: string,
    box: Box<'image'>,
    change: (faces: Faces, found: Face) => Faces,
  ): Promise<Faces | null> {
    try {
      const model = this.#shown();
      const found = await this.#looker.lookIn(photoId, model, box);
      // In a picture that could not be looked at as a whole, faces can still be placed by hand.
      if (!this.#shelf.get(photoId).results[model]) this.#editor.setFound(photoId, model, []);
      this.#editor.correct(photoId, model, (faces) => change(faces, found));
      return this.#shelf.get(photoId).results[model].faces;
    } catch (thrown) {
      this.#hear({ kind: 'problem', message: messageOf(thrown) });
      return null;
    }
  }

  #shown(): string {
    if (this.model === null) throw new Error('no model is chosen yet');
    return this.model;
  }

  #hear(notice: Notice): void {
    this.#heard = [...this.#heard, notice];
  }
}
