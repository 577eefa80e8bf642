/**
 * What comes of the frames: the newest result, for whoever draws, and what the screen tells of them. Numbers of single frames are not
 * reactive.
 */

import type { Result } from '../../engine/types';
import { createFrameMeter, type MeterReading } from './meter';
import { LiveSignals } from './signals/live-signals.svelte';

/** What the screen tells changes at most this often. */
export const READING_MS = 250;

export class LiveResults {
  /** Null while nothing runs. */
  reading = $state.raw<MeterReading | null>(null);
  /** Faces in view. */
  faceCount = $state(0);
  /** Results of this visit. */
  count = $state(0);

  readonly meter = createFrameMeter();
  readonly signals = new LiveSignals();
  /** Read by the overlay when it draws; null before the first of a view. */
  latest: Result | null = null;
  /** Called with every result; for tests and measurements. */
  onResult: ((result: Result) => void) | null = null;

  #newestCount = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** From now on the screen is brought up to date. @param onRead goes along with it */
  begin(onRead: () => void): void {
    this.#timer = setInterval(() => {
      this.#read();
      onRead();
    }, READING_MS);
  }

  /** Nothing runs any more. */
  end(): void {
    clearInterval(this.#timer);
    this.reading = null;
    this.forgetFaces();
  }

  add(result: Result): void {
    this.latest = result;
    this.signals.add(result);
    this.#newestCount += 1;
    this.onResult?.(result);
  }

  /** No face is claimed until the next result. */
  forgetFaces(): void {
    this.latest = null;
    this.faceCount = 0;
    this.signals.clear();
  }

  #read(): void {
    this.reading = this.meter.read(performance.now());
    this.faceCount = this.latest?.faces.length ?? 0;
    this.count = this.#newestCount;
    this.signals.read();
  }
}
