/** Takes pictures in and has networks look at them, one after the other; what fails takes nothing else with it. */

import { boxOf } from '../engine/geometry';
import { EngineError } from '../engine/errors';
import type { Box, Engine, Face } from '../engine/types';
import { fromNetwork } from './edit/faces';
import type { PhotoEditor } from './editor.svelte';
import type { EngineDoor } from './engine-door.svelte';
import { createQueue, decodePicture, openPicture, type IncomingPicture, type Queue } from './intake';
import type { PhotoShelf } from './shelf.svelte';
import type { Photo, PhotoModel } from './types';

/** A picture to take in, or one that is here; and the model that is to look at it, where one is known. */
type Task =
  | { readonly incoming: IncomingPicture; readonly model: string | null }
  | { readonly photoId: string; readonly model: string };

interface TakenIn {
  readonly photoId: string;
  readonly bitmap: ImageBitmap;
}

/** What happens on the way that a person should know. */
export interface Listener {
  onNote(message: string): void;
  onProblem(thrown: unknown): void;
}

/** One is decoded while the network looks at the other. */
const atOnce = 2;

export class PhotoLooker {
  /** Pictures being taken in and looked at; null while nothing is. */
  progress = $state.raw<{ readonly done: number; readonly total: number } | null>(null);

  readonly #queue: Queue<Task>;
  /** The model whose engine failed: the rest of the batch does not wait for it again. */
  #broken: string | null = null;
  /** Settles once the picture that came in last is on the shelf, or turned out to be none. */
  #lastTaken: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly shelf: PhotoShelf,
    private readonly editor: PhotoEditor,
    private readonly door: EngineDoor,
    private readonly listener: Listener,
  ) {
    this.#queue = createQueue((task, signal) => this.#do(task, signal), {
      concurrency: atOnce,
      onChange: ({ done, failed, total }) => {
        this.progress = done + failed < total ? { done: done + failed, total } : null;
      },
      onFailure: (_, thrown) => listener.onProblem(thrown),
    });
  }

  /** Takes pictures in; those that are here already are not taken twice, but learn the truth that comes with them. */
  add(pictures: readonly IncomingPicture[], model: string | null): void {
    this.#broken = null;
    const here: Photo[] = [];
    const tasks: Task[] = [];
    for (const incoming of pictures) {
      const same = this.shelf.findSame(incoming.folder, incoming.file.name, incoming.file.size);
      if (!same) tasks.push({ incoming, model });
      else here.push(same);
      if (same && incoming.truth.length) this.shelf.change(same.id, { truth: incoming.truth });
    }
    if (here.length === 1) this.listener.onNote(`${here[0].name} was here already.`);
    if (here.length > 1) this.listener.onNote(`${here.length} pictures were here already.`);
    this.#queue.add(tasks);
    if (model !== null) this.look(here, model);
  }

  /** Has a model look at those of the pictures that it has not seen. */
  look(photos: readonly Photo[], model: string): void {
    this.#broken = null;
    const unseen = photos.filter(({ results }) => !(model in results));
    this.#queue.add(unseen.map(({ id }) => ({ photoId: id, model })));
  }

  /** Has a model look at one picture, again if it has seen it. @throws when it cannot */
  async lookNow(photoId: string, model: string): Promise<void> {
    const bitmap = await this.#decode(photoId);
    try {
      await this.#detect(photoId, model, bitmap, new AbortController().signal);
    } finally {
      bitmap.close();
    }
  }

  /**
   * The face in a box drawn by hand, from two passes of the network: the second in the box of the first's points, since
   * nobody draws a box as training did.
   */
  async lookIn(photoId: string, model: string, box: Box<'image'>): Promise<Face> {
    const bitmap = await this.#decode(photoId);
    try {
      return await this.door.use(model, async (engine) => {
        this.shelf.learn(toPhotoModel(model, engine));
        const [rough] = (await engine.landmarks(bitmap, [box])).faces;
        const outline = boxOf(rough.points);
        if (!(outline.width > 0 && outline.height > 0)) return rough;
        return (await engine.landmarks(bitmap, [outline])).faces[0];
      });
    } finally {
      bitmap.close();
    }
  }

  /** Resolves when all that was asked for is done or called off. */
  whenIdle(): Promise<void> {
    return this.#queue.whenIdle();
  }

  cancel(): void {
    this.#queue.cancel();
  }

  async #do(task: Task, signal: AbortSignal): Promise<void> {
    await this.door.whenOpen();
    const { model } = task;
    const isPointless = () => model === null || model === this.#broken || signal.aborted;
    if (signal.aborted || ('photoId' in task && isPointless())) return;
    const { photoId, bitmap } =
      'incoming' in task
        ? await this.#takeIn(task.incoming)
        : { photoId: task.photoId, bitmap: await this.#decode(task.photoId) };
    try {
      if (model !== null && !isPointless()) await this.#detect(photoId, model, bitmap, signal);
    } catch (thrown) {
      if (!isOfEngine(thrown) || signal.aborted) throw thrown;
      // The engine's fault is told once, not with every picture.
      if (this.#broken !== model) this.listener.onProblem(thrown);
      this.#broken = model;
    } finally {
      bitmap.close();
    }
  }

  /** Those that are decoded sooner wait for the ones before them, so that all stand on the shelf in the order they came in. */
  #takeIn(incoming: IncomingPicture): Promise<TakenIn> {
    const opening = openPicture(incoming);
    const taken = Promise.allSettled([this.#lastTaken, opening]).then(async () => {
      const { photo, bitmap, notes } = await opening;
      notes.forEach((note) => this.listener.onNote(note));
      return { photoId: this.shelf.add(photo).id, bitmap };
    });
    this.#lastTaken = taken;
    return taken;
  }

  async #decode(photoId: string): Promise<ImageBitmap> {
    const file = await this.shelf.file(photoId);
    return decodePicture(file, this.shelf.get(photoId).name);
  }

  async #detect(photoId: string, model: string, bitmap: ImageBitmap, signal: AbortSignal): Promise<void> {
    const { name, work } = this.shelf.get(photoId);
    this.shelf.change(photoId, { work: { kind: 'running' } });
    try {
      const look = async (engine: Engine) => {
        const { faces } = await engine.detect(bitmap, { signal });
        this.shelf.learn(toPhotoModel(model, engine));
        this.editor.setFound(photoId, model, fromNetwork(faces));
      };
      await this.door.use(model, look, signal);
      this.shelf.change(photoId, { work: { kind: 'done' } });
    } catch (thrown) {
      const isOfPicture = !isOfEngine(thrown) && !signal.aborted;
      const message = `${name} could not be looked at (${(thrown as Error).message}).`;
      this.shelf.change(photoId, { work: isOfPicture ? { kind: 'failed', message } : work });
      throw isOfPicture ? new Error(message, { cause: thrown }) : thrown;
    }
  }
}

/** Faults that say nothing of the picture that was being looked at. */
function isOfEngine(thrown: unknown): boolean {
  return thrown instanceof EngineError && !['bad-image', 'internal'].includes(thrown.code);
}

function toPhotoModel(id: string, { info }: Engine): PhotoModel {
  const { title, family, scheme } = info.manifest;
  return { id, title, family, scheme };
}
