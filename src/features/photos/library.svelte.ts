/** Puts the parts of Photos together, and knows which model is shown. */

import type { Activations, Box, Face, Gaze } from '../../engine/types';
import { addFace, replaceFace, shownFaces, type Faces } from './corrections/faces';
import { PhotoEditor } from './corrections/editor.svelte';
import { detectInBox, gazeOf, heatmapsOf, type Site } from './detection';
import { MarksEditor } from './marks/editor.svelte';
import { DetectionQueue } from './detection-queue.svelte';
import type { EngineAccess } from './engine-access';
import { unpackZips, type Listing } from './import';
import { Intake } from './intake';
import { News } from './news.svelte';
import type { OpenPhotoStorage } from './storage/photo-storage';
import { Learning, type TaughtModels } from './teach/learning.svelte';
import { PhotoStore } from './store.svelte';
import type { ModelChoice, Photo, PhotoFace } from './types';

export interface PhotoLibraryOptions {
  readonly host: EngineAccess;
  /** The models there are to choose from, the standard one first. */
  readonly models: () => Promise<readonly ModelChoice[]>;
  readonly taught: TaughtModels;
  /** Its model is shown first; null: that of the newest picture, or the first. */
  readonly settings: { readonly model: string | null };
  readonly openStorage?: OpenPhotoStorage;
}

export class PhotoLibrary {
  readonly store: PhotoStore;
  readonly editor: PhotoEditor;
  /** Marks and schemes of a person's own. */
  readonly marking: MarksEditor;
  readonly queue: DetectionQueue;
  readonly learning: Learning;
  readonly news: News;
  /** False until what is kept has been read from storage. */
  isReady = $state(false);
  /** Id of the model whose points are shown and corrected; null until one is known. */
  model = $state.raw<string | null>(null);
  choices = $state.raw<readonly ModelChoice[]>([]);
  /** Id of the model that a person wants to teach; null: the first that can be taught. */
  chosenBase = $state.raw<string | null>(null);

  readonly #site: Site;
  readonly #intake: Intake;
  readonly #opened: Promise<void>;

  constructor(private readonly options: PhotoLibraryOptions) {
    this.store = new PhotoStore(options.openStorage);
    this.editor = new PhotoEditor(this.store);
    this.marking = new MarksEditor(this.store);
    this.news = new News(this.store);
    this.#site = { store: this.store, host: options.host };
    this.queue = new DetectionQueue(this.#site, {
      onNote: (message, file) => this.news.hear({ kind: 'note', message, file }),
      onProblem: this.news.hearProblem,
    });
    this.learning = new Learning(this.#site, options.taught, (model, replaced) =>
      this.#useLearned(model, replaced),
    );
    this.store.onRemovedElsewhere = ({ id, name }: Photo) => {
      this.#forget([id]);
      this.news.hear({ kind: 'note', message: `${name} was removed in another tab.` });
    };
    const { store, editor, marking, queue, news } = this;
    this.#intake = new Intake({
      ...{ store, editor, marking, queue, news },
      shownModel: () => this.model,
      modelForNew: async () => {
        await this.#chooseFirst();
        return this.model;
      },
    });
    this.#opened = this.#open();
  }

  /** Models that points can be learned on top of. */
  get bases(): readonly ModelChoice[] {
    return this.choices.filter(({ isBase }) => isBase);
  }

  /** Id of the model that is taught; null until the list of models is here. */
  get base(): string | null {
    const wishes = [this.chosenBase, this.bases[0]?.id ?? null];
    return wishes.find((wish) => this.bases.some(({ id }) => id === wish)) ?? null;
  }

  /** Of the engine, while work waits for it. */
  get engineProgress() {
    return this.options.host.progress;
  }

  /** Adds pictures, points and marks, also out of ZIPs. */
  async add(incoming: Listing): Promise<void> {
    const listing = await unpackZips(incoming);
    await this.#opened;
    await this.#intake.take(listing);
  }

  /** Resolves once all that was added is in storage, or has failed to get there. */
  async kept(): Promise<void> {
    await this.queue.whenAdded();
    await this.store.settled();
  }

  /** Work begins and ends with the page: what needs the engine elsewhere goes first. */
  setShown(shown: boolean): void {
    if (!shown) return this.queue.pause();
    this.queue.resume();
    // Room may have been made on another page.
    this.store.retry();
    // A model may have come or gone meanwhile.
    if (this.model !== null) this.#listModels();
  }

  remove(ids: readonly string[]): void {
    this.store.remove(ids);
    this.#forget(ids);
  }

  /** Removes all pictures, points of a person's own and what was learned of them; models stay. @throws StorageError */
  async clear(): Promise<void> {
    await this.#opened;
    this.learning.cancel();
    const ids = this.store.photos.map(({ id }) => id);
    this.#forget(ids);
    this.news.forgetQuestions();
    await this.store.clear();
  }

  /** Makes it the model that is shown, and has it process every picture it has not. */
  chooseModel(id: string): void {
    this.model = id;
    this.queue.detectAll(this.store.photos, id);
  }

  /** Heatmaps of a face, from the model that is shown. @throws when it has none */
  heatmaps(photoId: string, box: Box<'image'>): Promise<Activations> {
    return heatmapsOf(this.#site, { photoId, model: this.shown(), priority: 'viewed' }, box);
  }

  /** Where the eyes of a face look, by its points as they stand. @returns null where neither eye is seen */
  gaze(photoId: string, face: PhotoFace, signal: AbortSignal): Promise<Gaze | null> {
    return gazeOf(this.#site, { photoId, model: this.shown(), priority: 'viewed', signal }, face);
  }

  /** Adds the face in a box drawn by hand. @returns its id, or null when that failed */
  async addFace(photoId: string, box: Box<'image'>): Promise<number | null> {
    const faces = await this.#correctFrom(photoId, box, addFace);
    return faces?.at(-1)?.id ?? null;
  }

  /** Detects a face again, in a box drawn by hand. @returns whether that worked */
  async replaceFace(photoId: string, faceId: number, box: Box<'image'>): Promise<boolean> {
    const change = (faces: Faces, found: Face) => replaceFace(faces, faceId, found);
    return (await this.#correctFrom(photoId, box, change)) !== null;
  }

  /** Id of the model that is shown. @throws when none is chosen yet */
  shown(): string {
    if (this.model === null) throw new Error('no model is chosen yet');
    return this.model;
  }

  /** Resolves once the pictures that storage keeps are here. */
  opened(): Promise<void> {
    return this.#opened;
  }

  /** Whoever waits for the pictures need not wait for the list of models, which may have to come from far away. */
  async #open(): Promise<void> {
    await this.store.open();
    this.isReady = true;
    void this.#detectUnprocessed();
  }

  /** Shows pictures that came into storage from elsewhere, and goes on with them. @throws StorageError */
  async refresh(): Promise<void> {
    await this.#opened;
    await this.store.refresh();
    void this.#detectUnprocessed();
  }

  async #detectUnprocessed(): Promise<void> {
    await this.#chooseFirst();
    if (this.model === null) return;
    const { model } = this;
    // Pictures whose turn had not come when the page was left, and those of which only corrections are known.
    const isUnprocessed = ({ results }: Photo) => {
      const all = Object.values(results);
      return all.length === 0 || (results[model] && !results[model].found);
    };
    this.queue.detectAll(this.store.photos.filter(isUnprocessed), model);
  }

  #listModels(): void {
    void this.options.models().then(
      (choices) => (this.choices = choices),
      () => undefined,
    );
  }

  /** A model that took the place of another does so on the screen too. */
  #useLearned(model: string, replaced: string | null): void {
    this.#listModels();
    if (this.model !== null && this.model === replaced) this.chooseModel(model);
  }

  /** Chooses a model where none is chosen yet. */
  async #chooseFirst(): Promise<void> {
    if (this.model !== null) return;
    try {
      this.choices = await this.options.models();
      const newest = Object.keys(this.store.photos.at(-1)?.results ?? {});
      const wishes = [this.options.settings.model, ...newest, this.choices[0]?.id];
      this.model ??= wishes.find((wish) => this.choices.some(({ id }) => id === wish)) ?? null;
    } catch (thrown) {
      this.news.hearProblem(thrown);
    }
  }

  /** Corrects by what the network finds in a box. @returns the faces then; null when that failed */
  async #correctFrom(
    photoId: string,
    box: Box<'image'>,
    change: (faces: Faces, found: Face) => Faces,
  ): Promise<Faces | null> {
    try {
      const model = this.shown();
      const found = await detectInBox(this.#site, { photoId, model, priority: 'viewed' }, box);
      // In a picture that could not be processed as a whole, faces can still be placed by hand.
      if (!this.store.get(photoId).results[model]) this.store.setResult(photoId, model, {});
      this.editor.correct(photoId, model, (faces) => change(faces, found));
      return shownFaces(this.store.get(photoId).results[model]);
    } catch (thrown) {
      this.news.hearProblem(thrown);
      return null;
    }
  }

  #forget(ids: readonly string[]): void {
    this.queue.forget(ids);
    this.editor.forget(ids);
    this.marking.forget(ids);
  }
}
