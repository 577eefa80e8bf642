/** Puts the parts of Photos together: which model is shown, what goes in, and what a person is told of it. */

import type { Activations, Box, Face, Gaze } from '../../engine/types';
import { addFace, replaceFace, shownFaces, type Faces } from './corrections/faces';
import { PhotoEditor } from './corrections/editor.svelte';
import { detectInBox, gazeOf, heatmapsOf, type Site } from './detection';
import { MarksEditor } from './marks/editor.svelte';
import { DetectionQueue } from './detection-queue.svelte';
import type { EngineAccess } from './engine-access';
import { gather, isPointFile, unpackZips, type IncomingFile, type Listing, type TruthFor } from './import';
import type { Doubt } from './import/doubts';
import type { ImportedResult } from './import/imported-results';
import { importLandmarks, type Known } from './import/landmarks';
import { foldNotices, storageMessage, type Heard } from './messages';
import type { OpenPhotoStorage } from './storage/photo-storage';
import { importMarks, isMarks } from './import-marks';
import { Learning, type TaughtModels } from './teach/learning.svelte';
import { PhotoStore, type StorageState } from './store.svelte';
import type { ModelChoice, Notice, Photo, PhotoFace, Question } from './types';

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
  /** False until what is kept has been read from storage. */
  isReady = $state(false);
  /** Id of the model whose points are shown and corrected; null until one is known. */
  model = $state.raw<string | null>(null);
  choices = $state.raw<readonly ModelChoice[]>([]);
  /** Id of the model that a person wants to teach; null: the first that can be taught. */
  chosenBase = $state.raw<string | null>(null);
  /** What a person has to decide about files that came in, the oldest first. */
  questions = $state.raw<readonly Question[]>([]);

  #heard = $state.raw<readonly Heard[]>([]);
  readonly #told = $derived(foldNotices(this.#heard));
  /** A word about storage is dismissed until there is another. */
  #dismissed = $state.raw<StorageState | null>(null);
  readonly #site: Site;
  readonly #opened: Promise<void>;

  constructor(private readonly options: PhotoLibraryOptions) {
    this.store = new PhotoStore(options.openStorage);
    this.editor = new PhotoEditor(this.store);
    this.marking = new MarksEditor(this.store);
    this.#site = { store: this.store, host: options.host };
    this.queue = new DetectionQueue(this.#site, {
      onNote: (message, file) => this.#hear({ kind: 'note', message, file }),
      onProblem: this.#hearProblem,
    });
    this.learning = new Learning(this.#site, options.taught, (model, replaced) =>
      this.#useLearned(model, replaced),
    );
    this.store.onRemovedElsewhere = ({ id, name }: Photo) => {
      this.#forget([id]);
      this.#hear({ kind: 'note', message: `${name} was removed in another tab.` });
    };
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

  get notices(): readonly Notice[] {
    const { storage } = this.store;
    const message = storage === this.#dismissed ? null : storageMessage(storage);
    return message === null ? this.#told : [{ kind: 'problem', message }, ...this.#told];
  }

  /** Whether a notice is about pictures that are not in storage as they are here. */
  get hasUnsaved(): boolean {
    const { storage } = this.store;
    return storage !== this.#dismissed && storage.kind === 'failed' && storage.unsavedCount > 0;
  }

  dismissNotices(): void {
    this.#heard = [];
    this.#dismissed = this.store.storage;
  }

  /** @param choice index of the answer; null leaves the files out */
  async answer(question: Question, choice: number | null): Promise<void> {
    this.questions = this.questions.filter((one) => one !== question);
    try {
      if (choice !== null) await question.choices[choice].apply();
    } catch (thrown) {
      this.#hearProblem(thrown);
    }
  }

  /** Adds pictures, points and marks, also out of ZIPs. */
  async add(incoming: Listing): Promise<void> {
    const listing = await unpackZips(incoming);
    await this.#opened;
    // Points that come alone may be those of a picture that is still on its way.
    if (listing.files.some(({ file }) => isPointFile(file.name))) await this.queue.whenAdded();
    const gathered = await gather(listing, this.store.photos);
    const { pictures, truths, doubts, landmarkFiles, problems } = gathered;
    problems.forEach(this.#hearProblem);
    for (const { photoId, truth, isFurther } of truths) {
      const photo = this.store.get(photoId);
      this.store.change(photoId, { truth: isFurther ? [...photo.truth, ...truth] : truth });
      this.#hear({ kind: 'note', message: `${photo.name}: ground truth added.` });
    }
    for (const doubt of doubts) this.#ask(doubt, (pairs) => this.#addTruth(pairs));
    // Without a list of models the pictures are added all the same.
    await this.#chooseFirst();
    this.queue.add(pictures, this.model);
    await this.#importAll(landmarkFiles, pictures);
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
    this.questions = [];
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

  /**
   * Takes over marks and landmarks that were exported before. Their pictures may be among those that are just being added: marks
   * need them to be here, landmarks to have been processed.
   */
  async #importAll(files: readonly IncomingFile[], beside: readonly IncomingFile[]): Promise<void> {
    const landmarkFiles: IncomingFile[] = [];
    for (const file of files) {
      try {
        if (!(await isMarks(file))) landmarkFiles.push(file);
        else await this.#importMarks(file, beside);
      } catch (thrown) {
        this.#hearProblem(thrown);
      }
    }
    if (landmarkFiles.length) await this.queue.whenIdle();
    for (const file of landmarkFiles) await this.#importLandmarks(file);
  }

  async #importMarks(file: IncomingFile, beside: readonly IncomingFile[]): Promise<void> {
    await this.queue.whenAdded();
    for (const message of await importMarks(file, this.store, this.marking, beside))
      this.#hear({ kind: 'note', message });
  }

  async #importLandmarks(file: IncomingFile): Promise<void> {
    try {
      const { results, message, notes, doubts } = await importLandmarks(file, this.#known());
      this.#takeOver(results);
      for (const note of [message, ...notes]) this.#hear({ kind: 'note', message: note });
      for (const doubt of doubts)
        this.#ask(doubt, (answers) => this.#takeOver(answers.flatMap((results) => results(this.#known()))));
    } catch (thrown) {
      this.#hearProblem(thrown);
    }
  }

  #known(): Known {
    const { photos, models } = this.store;
    return { photos, models, shown: this.model };
  }

  #takeOver(results: readonly ImportedResult[]): void {
    for (const { photoId, model, found, corrected } of results) {
      if (found || !this.store.get(photoId).results[model])
        this.store.setResult(photoId, model, found ? { found } : {});
      this.editor.correct(photoId, model, () => corrected);
    }
  }

  /** Adds ground truth to pictures that a person named. */
  async #addTruth(pairs: readonly TruthFor[]): Promise<void> {
    await this.queue.whenAdded();
    for (const { photoId, folder, name, bytes, truth } of pairs) {
      const photo = photoId ? this.store.find(photoId) : this.store.findSame(folder, name, bytes ?? 0);
      if (photo) this.store.change(photo.id, { truth: [...photo.truth, ...truth] });
      else this.#hearProblem(new Error(`${name} is not here any more.`));
    }
  }

  #ask<A>({ text, choices }: Doubt<A>, take: (answers: readonly A[]) => void | Promise<void>): void {
    const question: Question = {
      text,
      choices: choices.map(({ label, answers }) => ({ label, apply: () => take(answers) })),
    };
    this.questions = [...this.questions, question];
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
      this.#hearProblem(thrown);
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
      this.#hearProblem(thrown);
      return null;
    }
  }

  #forget(ids: readonly string[]): void {
    this.queue.forget(ids);
    this.editor.forget(ids);
    this.marking.forget(ids);
  }

  readonly #hearProblem = (thrown: unknown): void => this.#hear({ kind: 'problem', thrown });

  #hear(heard: Heard): void {
    this.#heard = [...this.#heard, heard];
  }
}
