/** A look at rest that a person is asked to show, and what became of it. */

import { CALIBRATION_MS } from '../../../engine/signals/calibration';
import type { Result } from '../../../engine/types';

interface Shown {
  readonly id: number;
  /** Time of the first frame of it; null before that. */
  readonly fromMs: number | null;
}

export class RestRequest {
  #shown: Shown | null = null;

  constructor(private readonly say: (words: string) => void) {}

  /** @param id of the face that shows it; null without one. @returns whether there is anything to take */
  begin(id: number | null): boolean {
    this.#shown = id === null ? null : { id, fromMs: null };
    this.say(this.#shown ? 'Hold this look for a second' : 'No face in view whose look could be taken');
    return this.#shown !== null;
  }

  /** The look was taken from what is shown: a frozen picture does not change within its time. */
  end(): void {
    this.#shown = null;
    this.say('This look counts as at rest');
  }

  add({ timeMs, faces }: Pick<Result, 'timeMs' | 'faces'>): void {
    if (!this.#shown) return;
    const { id, fromMs } = this.#shown;
    if (fromMs === null) this.#shown = { id, fromMs: timeMs };
    else if (timeMs - fromMs >= CALIBRATION_MS) {
      if (faces.some((face) => face.id === id)) return this.end();
      this.#shown = null;
      this.say('The face was lost: show its look at rest again');
    }
  }

  /** Something else goes on. */
  clear(): void {
    this.#shown = null;
  }
}
