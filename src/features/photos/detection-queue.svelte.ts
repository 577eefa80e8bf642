/**
 * Adds pictures and has models process them, a few at a time; what fails takes nothing else with it. Work is keyed: a picture
 * that waits for a model does not wait twice, and nor does a file that is dropped again before it was opened.
 */

import { fromNetwork } from './corrections/faces';
import { detectFaces, type Site } from './detection';
import { isOfEngine } from './engine-access';
import { openPicture, PictureError, type IncomingPicture, type OpenedPhoto } from './import';
import { truthWithin } from './import/outside';
import { JobQueue, type Job } from './job-queue.svelte';
import { pathOf } from '../../shared/imaging/file-listing';
import { decodedPixels } from './pixel-budget';
import type { Photo } from './types';

/** What happens on the way that a person should know. */
export interface Listener {
  /** @param file path of the one that it is on, if there is one */
  onNote(message: string, file?: string): void;
  onProblem(thrown: unknown): void;
}

/** What a job is about: a picture, and before that a file that may be one. */
interface Subject {
  /** Null until the picture is in the store. */
  photoId: string | null;
  /** Somebody waits for it and hears of its faults. */
  isViewed: boolean;
  /** Ground truth of a picture that is not in the store yet; more may come while it waits. */
  truth: IncomingPicture['truth'];
}

/** One is decoded while the network processes the other. */
const CONCURRENCY = 2;

const keyOf = (photoId: string, model: string) => `${photoId} ${model}`;
const keyOfFile = ({ folder, file }: IncomingPicture) => `${folder}/${file.name} of ${file.size} bytes`;

export class DetectionQueue extends JobQueue<Subject> {
  /** The model whose engine failed: the rest of the batch does not wait for it again. */
  #broken: string | null = null;
  /** Of each picture that is not in the store yet; settles once it is, or turned out to be none. */
  #arrivals: readonly Promise<void>[] = [];
  /** Settles once the picture that came in last is in the store, or turned out to be none. */
  #lastAdded: Promise<unknown> = Promise.resolve();
  /** Settles once the picture that came in last may be decoded, or turned out to be none. */
  #lastAdmitted: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly site: Site,
    private readonly listener: Listener,
  ) {
    super(CONCURRENCY);
  }

  /** Adds pictures; those that are here already are not added twice, but learn the truth that comes with them. */
  add(pictures: readonly IncomingPicture[], model: string | null): void {
    this.#broken = null;
    const here: string[] = [];
    for (const incoming of pictures) {
      const { folder, file, truth } = incoming;
      const waiting = this.jobs.get(keyOfFile(incoming));
      const same = this.site.store.findSame(folder, file.name, file.size);
      if (same || waiting) here.push(file.name);
      else this.#addPicture(incoming, model);
      if (same && truth.length) this.#changeTruth(same, truth);
      else if (waiting && truth.length) waiting.subject.truth = truth;
      if (same && model !== null) this.detectAll([same], model);
    }
    if (here.length === 1) this.listener.onNote(`${here[0]} was here already.`);
    if (here.length > 1) this.listener.onNote(`${here.length} pictures were here already.`);
  }

  readonly #tellOutside = (note: string, path: string) => this.listener.onNote(note, path);

  #changeTruth(photo: Photo, truth: IncomingPicture['truth']): void {
    const inside = truthWithin(photo, truth, this.#tellOutside);
    if (inside.length) this.site.store.change(photo.id, { truth: inside });
  }

  /** Has a model process those of the pictures that it has not. */
  detectAll(photos: readonly Photo[], model: string): void {
    this.#broken = null;
    for (const { id, results } of photos) {
      if (results[model]?.found || this.jobs.has(keyOf(id, model))) continue;
      this.#inBackground(this.#detect(id, model));
    }
  }

  /** Has a model process one picture before all others, again if it has. @throws when it cannot */
  detectNow(photoId: string, model: string): Promise<void> {
    const { done } = this.#detect(photoId, model, true);
    this.prioritise(photoId, model);
    return done;
  }

  /** Has a picture that waits for a model processed next: it is being viewed. */
  prioritise(photoId: string, model: string): void {
    const job = this.jobs.get(keyOf(photoId, model));
    if (job) this.moveToFront(job);
  }

  /** Cancels the work on pictures that are gone. */
  forget(photoIds: readonly string[]): void {
    this.drop(({ photoId }) => photoId !== null && photoIds.includes(photoId));
  }

  /** Resolves when no picture waits to be added; models may still have to process some. */
  async whenAdded(): Promise<void> {
    while (this.#arrivals.length) await Promise.all(this.#arrivals);
  }

  #addPicture(incoming: IncomingPicture, model: string | null): void {
    const subject = { photoId: null, isViewed: false, truth: incoming.truth };
    const arrive = this.#expectArrival();
    const job = this.enqueue(keyOfFile(incoming), subject, async (current) => {
      const release: (() => void)[] = [];
      try {
        const { bitmap, notes } = await this.#open(incoming, current, release);
        arrive();
        notes.forEach((note) => this.listener.onNote(note, pathOf(incoming)));
        try {
          if (model === null) return;
          this.rename(current, keyOf(current.subject.photoId!, model));
          await this.#run(current, model, bitmap);
        } finally {
          bitmap.close();
        }
      } finally {
        release.forEach((give) => give());
      }
    });
    job.done.then(arrive, arrive);
    this.#inBackground(job);
  }

  /** @returns what ends the wait for it */
  #expectArrival(): () => void {
    let arrive = () => {};
    const arrival = new Promise<void>((resolve) => (arrive = resolve));
    this.#arrivals = [...this.#arrivals, arrival];
    return () => {
      this.#arrivals = this.#arrivals.filter((one) => one !== arrival);
      arrive();
    };
  }

  /**
   * Those that are decoded sooner wait for the ones before them, so that all are in the store in the order they came in. They
   * get room in that order too, or one would hold the room that the one before it waits for.
   */
  #open(incoming: IncomingPicture, job: Job<Subject>, release: (() => void)[]): Promise<OpenedPhoto> {
    const [addedBefore, admittedBefore] = [this.#lastAdded, this.#lastAdmitted];
    let admit = () => {};
    const admitted = new Promise<void>((resolve) => (admit = resolve));
    const opening = openPicture(incoming, async ({ width, height }) => {
      await admittedBefore;
      release.push(await decodedPixels.reserve(width * height));
      admit();
    });
    this.#lastAdmitted = Promise.allSettled([admittedBefore, Promise.race([admitted, opening])]);
    const added = Promise.allSettled([addedBefore, opening]).then(async () => {
      const opened = await opening;
      const { photo } = opened;
      // The same file may have come again after this job was cancelled.
      const same = this.site.store.findSame(photo.folder, photo.name, photo.file.size);
      const { subject } = job;
      const truth = truthWithin(photo, subject.truth, this.#tellOutside);
      subject.photoId = (same ?? this.site.store.add({ ...photo, truth })).id;
      return opened;
    });
    this.#lastAdded = added;
    return added;
  }

  #detect(photoId: string, model: string, isViewed = false): Job<Subject> {
    const key = keyOf(photoId, model);
    const job = this.jobs.get(key);
    if (!job) return this.enqueue(key, { photoId, isViewed, truth: [] }, (own) => this.#run(own, model));
    job.subject.isViewed ||= isViewed;
    return job;
  }

  /** The engine's fault is told once, not with every picture. */
  async #run(job: Job<Subject>, model: string, bitmap?: ImageBitmap): Promise<void> {
    const { signal } = job.abort;
    if (signal.aborted || (model === this.#broken && !job.subject.isViewed)) return;
    try {
      await this.#process(job, model, bitmap);
    } catch (thrown) {
      if (job.subject.isViewed || !isOfEngine(thrown) || signal.aborted) throw thrown;
      if (this.#broken !== model) this.listener.onProblem(thrown);
      this.#broken = model;
    }
  }

  async #process(
    { subject: { photoId, isViewed }, abort: { signal } }: Job<Subject>,
    model: string,
    bitmap?: ImageBitmap,
  ) {
    const { store } = this.site;
    const { id, name } = store.get(photoId!);
    const priority = isViewed ? 'viewed' : 'batch';
    store.change(id, { work: { kind: 'running' } });
    try {
      const faces = await detectFaces(this.site, { photoId: id, model, priority, signal }, bitmap);
      signal.throwIfAborted();
      store.setResult(id, model, { found: fromNetwork(faces) });
      store.change(id, { work: { kind: 'done' } });
    } catch (thrown) {
      const isOfPicture = !isOfEngine(thrown) && !signal.aborted;
      const message =
        thrown instanceof PictureError
          ? thrown.message
          : `${name} could not be processed (${(thrown as Error).message}).`;
      // Not as it was: another model may have been at it then.
      const isProcessed = Object.keys(store.find(id)?.results ?? {}).length > 0;
      store.change(id, {
        work: isOfPicture ? { kind: 'failed', message } : { kind: isProcessed ? 'done' : 'waiting' },
      });
      throw isOfPicture ? new Error(message, { cause: thrown }) : thrown;
    }
  }

  #inBackground({ done, abort }: Job<Subject>): void {
    done.catch((thrown: unknown) => {
      if (!abort.signal.aborted) this.listener.onProblem(thrown);
    });
  }
}
