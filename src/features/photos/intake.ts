/** What comes in: pictures, points of theirs, marks, landmarks that were exported before, also out of ZIPs. */

import type { PhotoEditor } from './corrections/editor.svelte';
import type { DetectionQueue } from './detection-queue.svelte';
import { gather, isPointFile, type IncomingFile, type Listing, type TruthFor } from './import';
import type { ImportedResult } from './import/imported-results';
import { importLandmarks, type Known } from './import/landmarks';
import { truthWithin } from './import/outside';
import { importMarks, isMarks } from './import-marks';
import type { MarksEditor } from './marks/editor.svelte';
import type { News } from './news.svelte';
import type { PhotoStore } from './store.svelte';

export interface IntakeParts {
  readonly store: PhotoStore;
  readonly editor: PhotoEditor;
  readonly marking: MarksEditor;
  readonly queue: DetectionQueue;
  readonly news: News;
  /** Id of the model whose points are shown; null until one is known. */
  readonly shownModel: () => string | null;
  /** Id of the model that new pictures are for: one is chosen where none was; null where the list of models cannot be had. */
  readonly modelForNew: () => Promise<string | null>;
}

export class Intake {
  constructor(private readonly parts: IntakeParts) {}

  readonly #tellOutside = (message: string, file: string) =>
    this.parts.news.hear({ kind: 'note', message, file });

  /** @param listing ZIPs are unpacked already */
  async take(listing: Listing): Promise<void> {
    const { store, queue, news } = this.parts;
    // Points that come alone may be those of a picture that is still on its way.
    if (listing.files.some(({ file }) => isPointFile(file.name))) await queue.whenAdded();
    const gathered = await gather(listing, store.photos);
    const { pictures, truths, doubts, landmarkFiles, problems } = gathered;
    problems.forEach(news.hearProblem);
    for (const { photoId, truth, isFurther } of truths) {
      const photo = store.get(photoId);
      const inside = truthWithin(photo, truth, this.#tellOutside);
      if (inside.length === 0) continue;
      store.change(photoId, { truth: isFurther ? [...photo.truth, ...inside] : inside });
      news.hear({ kind: 'note', message: `${photo.name}: ground truth added.` });
    }
    for (const doubt of doubts) news.ask(doubt, (pairs) => this.#addTruth(pairs));
    // Without a list of models the pictures are added all the same.
    queue.add(pictures, await this.parts.modelForNew());
    await this.#importAll(landmarkFiles, pictures);
  }

  /**
   * Takes over marks and landmarks that were exported before. Their pictures may be among those that are just being added: marks
   * need them to be here, landmarks to have been processed.
   */
  async #importAll(files: readonly IncomingFile[], beside: readonly IncomingFile[]): Promise<void> {
    const { queue, news } = this.parts;
    const landmarkFiles: IncomingFile[] = [];
    for (const file of files) {
      try {
        if (!(await isMarks(file))) landmarkFiles.push(file);
        else await this.#importMarks(file, beside);
      } catch (thrown) {
        news.hearProblem(thrown);
      }
    }
    if (landmarkFiles.length) await queue.whenIdle();
    for (const file of landmarkFiles) await this.#importLandmarks(file);
  }

  async #importMarks(file: IncomingFile, beside: readonly IncomingFile[]): Promise<void> {
    const { store, marking, queue, news } = this.parts;
    await queue.whenAdded();
    for (const message of await importMarks(file, store, marking, beside))
      news.hear({ kind: 'note', message });
  }

  async #importLandmarks(file: IncomingFile): Promise<void> {
    const { news } = this.parts;
    try {
      const { results, message, notes, doubts } = await importLandmarks(file, this.#known());
      this.#takeOver(results);
      for (const note of [message, ...notes]) news.hear({ kind: 'note', message: note });
      for (const doubt of doubts)
        news.ask(doubt, (answers) => this.#takeOver(answers.flatMap((results) => results(this.#known()))));
    } catch (thrown) {
      news.hearProblem(thrown);
    }
  }

  #known(): Known {
    const { photos, models } = this.parts.store;
    return { photos, models, shown: this.parts.shownModel() };
  }

  #takeOver(results: readonly ImportedResult[]): void {
    const { store, editor } = this.parts;
    for (const { photoId, model, found, corrected } of results) {
      if (found || !store.get(photoId).results[model])
        store.setResult(photoId, model, found ? { found } : {});
      editor.correct(photoId, model, () => corrected);
    }
  }

  /** Adds ground truth to pictures that a person named. */
  async #addTruth(pairs: readonly TruthFor[]): Promise<void> {
    const { store, queue, news } = this.parts;
    await queue.whenAdded();
    for (const { photoId, folder, name, bytes, truth } of pairs) {
      const photo = photoId ? store.find(photoId) : store.findSame(folder, name, bytes ?? 0);
      if (photo) {
        const inside = truthWithin(photo, truth, this.#tellOutside);
        store.change(photo.id, { truth: [...photo.truth, ...inside] });
      } else news.hearProblem(new Error(`${name} is not here any more.`));
    }
  }
}
