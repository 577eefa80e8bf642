/** The film that is open: its data, who is who in it, and the frame that is shown. */

import { boxOf } from '../../../engine/geometry';
import type { Face } from '../../../engine/types';
import type { FilmAbout, FilmFrame, FilmSummary } from '../../../shared/formats/film';
import { openFilm } from '../../../shared/video/open-film';
import { presentedMs } from '../../../shared/video/presentation';
import type { FilmReader } from '../../../shared/video/types';
import type { FilmLibrary } from '../library.svelte';
import { messageOf } from '../messages';
import { createPlayClock } from './clock';
import { createFilmSound, type FilmSound } from './sound';
import { frameAt, gatherFilmData, type FilmData } from '../results/film-data';
import { aboutFilm, toFilmFrame } from '../results/output';
import { peopleOf, personFinder, spansOf, type PersonFinder, type Span } from '../results/people';
import { summarise } from '../results/summary';
import type { Chunk } from '../storage/film-storage';
import type { FilmRecord, TrackedFrame } from '../types';

/** The clock is read again so soon, for sound that starts late or stalls. */
const MAX_WAIT_MS = 100;

export class FilmView {
  data = $state.raw<FilmData | null>(null);
  /** The frame that is shown, from 0. */
  frame = $state(0);
  isPlaying = $state(false);
  isMuted = $state(false);
  problem = $state('');

  readonly #film = $derived.by(() => this.library.films.find(({ id }) => id === this.id));
  readonly spans = $derived<readonly Span[]>(
    this.data ? spansOf(this.data.segments, this.film.edits, this.film.people) : [],
  );
  readonly people = $derived(peopleOf(this.spans));
  readonly personOf = $derived<PersonFinder>(personFinder(this.spans));
  readonly summary = $derived<FilmSummary | null>(this.data && summarise(this.data, this.spans, this.film));

  /** Read by an earlier version, which took frames before the start of a trimmed film for its own. */
  readonly countsEarlyFrames = $derived(
    this.data !== null && this.data.times.length > 0 && presentedMs(this.data.times[0]) === null,
  );

  /** Draws a frame and its faces; set by the player. */
  show: (reader: FilmReader | null, frame: number, timeMs: number, faces: readonly Face[]) => Promise<void> =
    async () => undefined;

  #reader: FilmReader | null = null;
  #sound: FilmSound | null = null;
  #chunk: Chunk = [];
  #drawing: Promise<void> | null = null;
  #isStale = false;
  #playing: AbortController | null = null;
  #isClosed = false;
  #isGathering = false;

  constructor(
    private readonly library: FilmLibrary,
    private readonly id: string,
    private readonly first: FilmRecord,
  ) {}

  /** As it is now; as it was when it is being removed. */
  get film(): FilmRecord {
    return this.#film ?? this.first;
  }

  get timeMs(): number {
    return this.data?.times[this.frame] ?? 0;
  }

  async open(): Promise<void> {
    try {
      const file = this.library.file(this.id);
      const [data, reader] = await Promise.all([
        gatherFilmData(this.library.storage.outlines(this.id)),
        file && openFilm(file, this.film.name),
      ]);
      if (this.#isClosed) return reader?.close();
      this.#reader = reader;
      if (file && this.film.hasSound) this.#sound = createFilmSound(file);
      this.data = data;
      if (!file)
        this.problem =
          'The file is not here after a reload: add it again on the page Films to see its picture.';
      this.redraw();
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  }

  /** Takes in what was read of the film since; called whenever more of it is stored. */
  async follow(): Promise<void> {
    if (this.#isGathering) return;
    this.#isGathering = true;
    try {
      while (!this.#isClosed && this.data && this.data.times.length < this.film.done) {
        const before = this.data.times.length;
        const data = await gatherFilmData(this.library.storage.outlines(this.id));
        if (data.times.length <= before) return;
        this.data = data;
      }
    } catch (thrown) {
      this.problem = messageOf(thrown);
    } finally {
      this.#isGathering = false;
    }
  }

  close(): void {
    this.#isClosed = true;
    this.pause();
    this.#sound?.close();
    const reader = this.#reader;
    this.#reader = null;
    void (this.#drawing ?? Promise.resolve()).finally(() => reader?.close());
  }

  go(frame: number): void {
    if (!this.data) return;
    this.pause();
    this.#show(frame);
  }

  step(count: number): void {
    this.go(this.frame + count);
  }

  goToTime(timeMs: number): void {
    if (this.data) this.go(frameAt(this.data.times, timeMs));
  }

  #show(frame: number): void {
    this.frame = Math.min(this.data!.times.length - 1, Math.max(0, frame));
    this.redraw();
  }

  /** Draws the current frame; while one is being drawn, only the newest that is wanted comes next. */
  redraw(): void {
    this.#isStale = true;
    this.#drawing ??= this.#drawStale().finally(() => (this.#drawing = null));
  }

  async #drawStale(): Promise<void> {
    while (this.#isStale && !this.#isClosed) {
      this.#isStale = false;
      try {
        await this.show(this.#reader, this.frame, this.timeMs, await this.facesIn(this.frame));
      } catch (thrown) {
        this.problem = messageOf(thrown);
      }
    }
  }

  /** The faces of a frame that are shown, by the ids of people. */
  async facesIn(frame: number): Promise<Face[]> {
    const tracked = await this.#trackedFrame(frame);
    if (!tracked) return [];
    return this.#withPeople(tracked).faces.map((face) => ({ ...face, box: boxOf(face.points) }));
  }

  async #trackedFrame(frame: number): Promise<TrackedFrame | undefined> {
    const find = () => this.#chunk.find(({ index }) => index === frame);
    if (!find()) this.#chunk = await this.library.storage.chunkAt(this.id, frame);
    return find();
  }

  /** All frames that are known now, with the people as they are now, as they go into files: also while more are read. */
  frames(): AsyncGenerator<FilmFrame> {
    const count = this.data?.times.length ?? 0;
    const { personOf } = this;
    const { hidden } = this.film;
    const stored = this.library.storage.frames(this.id);
    return (async function* () {
      for await (const frame of stored) {
        if (frame.index >= count) return;
        // Films read before these were left out still have them.
        if (presentedMs(frame.timeMs) === null) continue;
        yield toFilmFrame(frame, personOf, hidden);
      }
    })();
  }

  #withPeople(frame: TrackedFrame): FilmFrame {
    return toFilmFrame(frame, this.personOf, this.film.hidden);
  }

  /** @throws while the data is not there */
  about(): FilmAbout {
    if (!this.data || !this.summary) throw new Error(`${this.film.name}: nothing has been read yet`);
    return aboutFilm(this.film, this.data, this.summary);
  }

  toggle(): void {
    if (this.isPlaying) this.pause();
    else void this.#play();
  }

  pause(): void {
    this.#playing?.abort();
    this.#sound?.pause();
    this.isPlaying = false;
  }

  setMuted(isMuted: boolean): void {
    this.isMuted = isMuted;
    this.#sound?.setMuted(isMuted);
  }

  /** Plays at the pace of the film's sound, or its own where there is none; frames that come too late are left out on the screen. */
  async #play(): Promise<void> {
    if (!this.data || !this.#reader) return;
    let { times } = this.data;
    if (this.frame >= times.length - 1) this.#show(0);
    const { signal } = (this.#playing = new AbortController());
    this.isPlaying = true;
    await this.#sound?.play(this.timeMs);
    if (signal.aborted) return;
    const clock = createPlayClock(this.timeMs, () => this.#sound?.timeMs() ?? null);
    while (!signal.aborted && this.frame < times.length - 1) {
      await this.#drawing;
      const dueMs = times[this.frame + 1] - clock.now();
      await new Promise((resolve) => setTimeout(resolve, Math.min(MAX_WAIT_MS, Math.max(0, dueMs))));
      if (signal.aborted) return;
      const frame = frameAt(times, clock.now());
      if (frame > this.frame) this.#show(frame);
      // More may have been read meanwhile.
      ({ times } = this.data);
    }
    if (!signal.aborted) this.pause();
  }
}
