/** What is being recorded, and what was recorded and is kept. */

import type { Result } from '../../../engine/types';
import type { OverlayStyle } from '../../../shared/overlay/style';
import { errorMessage } from '../../../shared/format/error';
import { askToPersist } from '../../../shared/storage/persist';
import { StorageError, toStorageError } from '../../../shared/storage/storage-error';
import { unopenedMessage } from '../../../shared/storage/unopened-message';
import type { RecordingPart, RecordingRecord, RecordingStore } from './recording-storage';
import { toCsv, toJson } from './frames';
import { formatStamp } from './labels';
import { RecordingUnderWay, type RecordingScene } from './under-way';
import { endingOf, videoType } from './video';

export type RecordingFile = 'video' | 'json' | 'csv';

export class Recordings {
  /** The newest first. */
  kept = $state.raw<readonly RecordingRecord[]>([]);
  isRecording = $state(false);
  /** Of the recording under way, ms; changes about once a second. */
  elapsedMs = $state(0);
  /** Why the last recording ended by itself, or what could not be done with one. */
  problem = $state('');
  /** What a person should know of the last recording, though nothing went wrong. */
  note = $state('');

  #current: RecordingUnderWay | null = null;
  #opening: Promise<RecordingStore> | null = null;
  /** Why recordings are kept in memory. */
  #fault: StorageError | null = null;

  #isMuted = false;

  constructor() {
    document.addEventListener('visibilitychange', () => this.#pauseOrResume());
  }

  /** Whether this browser can record at all. */
  get canRecord(): boolean {
    return videoType() !== null;
  }

  /** Reads what is kept. */
  async load(): Promise<void> {
    await this.#do(async (store) => {
      const kept = await store.load();
      // What is being recorded shows up once it has ended.
      this.kept = kept.filter(({ id }) => id !== this.#current?.id);
      // Where nothing can be kept, that matters once there is a recording.
      if (this.#fault && (this.kept.length || this.#fault.problem !== 'unavailable'))
        this.problem ||= unopenedMessage(this.#fault, 'Recordings');
    });
  }

  start(scene: RecordingScene): void {
    const type = videoType();
    if (this.#current || type === null) return;
    try {
      this.#current = this.#begin(scene, type);
    } catch (thrown) {
      this.problem = `There is no recording: ${errorMessage(thrown)}`;
      return;
    }
    this.isRecording = true;
    this.elapsedMs = 0;
    this.problem = '';
    this.note = '';
  }

  #begin(scene: RecordingScene, type: string): RecordingUnderWay {
    const recording: RecordingUnderWay = new RecordingUnderWay(scene, type, {
      append: async (...part) => (await this.#store()).append(...part),
      onLonger: (durationMs) => {
        if (recording === this.#current) this.elapsedMs = durationMs;
      },
      onFailed: (why) => void this.#end(recording, why),
    });
    return recording;
  }

  /** While the camera gives no picture, the recording under way rests. */
  setMuted(muted: boolean): void {
    this.#isMuted = muted;
    this.#pauseOrResume();
  }

  /** A frame that goes to the engine. */
  take(frame: ImageBitmap): void {
    this.#safely((current) => current.take(frame));
  }

  /** What was found in the frame taken last. */
  add(result: Result, style: OverlayStyle): void {
    this.#safely((current) => current.add(result, style));
  }

  /** The live view goes on, whatever happens to its recording. */
  #safely(run: (current: RecordingUnderWay) => void): void {
    const current = this.#current;
    if (!current) return;
    try {
      run(current);
    } catch (thrown) {
      void this.#end(current, thrown);
    }
  }

  /** Ends the recording under way, if any, and keeps it. @param why told to the person, where they did not ask for it */
  async stop(why = ''): Promise<void> {
    if (!this.#current) return;
    this.note = why;
    await this.#end(this.#current, null);
  }

  /** A file of a recording, ready to be saved. @returns null when storage has lost it; `problem` says so */
  async file(record: RecordingRecord, kind: RecordingFile): Promise<{ name: string; blob: Blob } | null> {
    return this.#do(async (store) => {
      const parts = await store.parts(record.id);
      const stamp = formatStamp(record.startedMs);
      if (kind === 'video') {
        const blob = new Blob(
          parts.map(({ video }) => video),
          { type: record.type },
        );
        if (!blob.size) throw new Error('This recording has no video: the browser gave none.');
        const name = `mien-${stamp}.${endingOf(record.type)}`;
        return { name, blob: await seekable(blob, name) };
      }
      const write = kind === 'json' ? toJson : toCsv;
      const frames = parts.map((part) => part.frames);
      return { name: `mien-${stamp}.${kind}`, blob: await write(record, frames) };
    });
  }

  /** The video as a film, dated by when it was recorded. @throws Error when storage has lost it */
  async film(id: string): Promise<File> {
    const record = this.kept.find((one) => one.id === id);
    const made = record && (await this.file(record, 'video'));
    if (!made) throw new Error(this.problem || 'This recording has been removed.');
    return new File([made.blob], made.name, { type: made.blob.type, lastModified: record.startedMs });
  }

  async remove(id: string): Promise<void> {
    await this.#do(async (store) => {
      await store.remove(id);
      this.kept = this.kept.filter((record) => record.id !== id);
    });
  }

  /** How much room each of the kept recordings takes. @throws StorageError */
  async sizes(): Promise<readonly { readonly bytes: number }[]> {
    const store = await this.#store();
    const sizeOf = async ({ id }: RecordingRecord) => {
      const parts = await store.parts(id);
      return { bytes: parts.reduce((sum, { video, frames }) => sum + video.size + frames.size, 0) };
    };
    return Promise.all((await store.load()).map(sizeOf));
  }

  /** Why recordings last only until the page is closed; null where the browser keeps them. */
  async fault(): Promise<StorageError | null> {
    await this.#store();
    return this.#fault;
  }

  /** Recordings that the browser does not keep, with their parts: they last until the page is closed. */
  async unkept(): Promise<
    readonly { readonly record: RecordingRecord; readonly parts: readonly RecordingPart[] }[]
  > {
    const store = await this.#store();
    if (!this.#fault) return [];
    const records = await store.load();
    return Promise.all(records.map(async (record) => ({ record, parts: await store.parts(record.id) })));
  }

  /** Removes all but the one under way. @throws StorageError */
  async removeAll(): Promise<void> {
    const store = await this.#store();
    const ended = (await store.load()).filter(({ id }) => id !== this.#current?.id);
    for (const { id } of ended) await store.remove(id);
    await this.load();
  }

  async #end(current: RecordingUnderWay, reason: unknown): Promise<void> {
    if (reason !== null) this.problem = endMessage(reason);
    if (current !== this.#current) return;
    this.#current = null;
    this.isRecording = false;
    if (await current.end())
      this.problem ||= 'This browser gave no video of the recording. Its points are kept.';
    askToPersist();
    await this.load();
  }

  #pauseOrResume(): void {
    this.#current?.setResting(document.hidden || this.#isMuted);
  }

  #store(): Promise<RecordingStore> {
    // What failed to load is asked for again the next time.
    return (this.#opening ??= this.#open().catch((thrown: unknown) => {
      this.#opening = null;
      throw thrown;
    }));
  }

  async #open(): Promise<RecordingStore> {
    const { createMemoryStore, openRecordingStore } = await import('./recording-storage');
    return openRecordingStore().catch((thrown: unknown) => {
      this.#fault = toStorageError(thrown, 'storage');
      return createMemoryStore();
    });
  }

  async #do<T>(run: (store: RecordingStore) => Promise<T>): Promise<T | null> {
    try {
      return await run(await this.#store());
    } catch (thrown) {
      this.problem = errorMessage(thrown);
      return null;
    }
  }
}

function endMessage(reason: unknown): string {
  const problem = reason instanceof StorageError ? reason.problem : null;
  if (problem === 'removed') return 'The recording ended: it was removed in another tab.';
  const why =
    problem === 'full'
      ? 'The recording ended: the browser’s storage is full. The page About shows what takes room, and saves everything as one file.'
      : 'The recording ended.';
  return `${why} What was recorded until then is kept. (${errorMessage(reason)})`;
}

/** Browsers record without a length and a table of frames. What cannot be given them stays as it was recorded. */
async function seekable(blob: Blob, name: string): Promise<Blob> {
  try {
    const { makeSeekable } = await import('../../../shared/video/remux');
    return await makeSeekable(blob, name);
  } catch (thrown) {
    console.warn(`${name}: is saved as it was recorded`, thrown);
    return blob;
  }
}
