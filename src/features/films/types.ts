/** A film on the page, and what was found in its frames. */

import type { Points, Scheme, Signals } from '../../engine/types';
import type { ReadingMethod } from '../../shared/video/types';

export interface TrackedFace {
  /** From 1, in order of appearance; another after a gap or a cut. */
  readonly track: number;
  readonly score: number;
  readonly points: Points<'image'>;
  readonly spread: Float32Array | null;
  readonly visible?: Float32Array;
  readonly signals?: Signals;
}

export interface TrackedFrame {
  /** From 0. */
  readonly index: number;
  readonly timeMs: number;
  /** From 0. */
  readonly shot: number;
  readonly faces: readonly TrackedFace[];
}

/**
 * - `waiting`: for its turn, or for its file after a reload
 * - `paused`, `cancelled`: by the person; what was read is there, and the rest can be read
 */
export type FilmState = 'waiting' | 'reading' | 'paused' | 'cancelled' | 'done' | 'failed';

/** A change to who is who; they apply in the order in which they were made. */
export type Edit =
  | {
      readonly kind: 'merge';
      readonly person: number;
      readonly into: number;
      /** The second had no name and got the first's. */
      readonly givesName?: boolean;
    }
  /** From this frame on it is another person, of a new id. */
  | { readonly kind: 'split'; readonly person: number; readonly atFrame: number; readonly into: number };

export interface FilmRecord {
  readonly id: string;
  /** Name, size and date of the file: by these it is known when it is added again. */
  readonly name: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly addedMs: number;
  readonly state: FilmState;
  /** Why it failed; '' where it did not. */
  readonly problem: string;
  /** What a person should know of it, though nothing failed. */
  readonly notes: readonly string[];
  /** Whether the file is kept in this browser; otherwise it is lent until the page is closed. */
  readonly isKept: boolean;
  /** Px; 0 until it was opened. */
  readonly width: number;
  readonly height: number;
  readonly durationMs: number | null;
  readonly method: ReadingMethod | null;
  readonly hasSound: boolean;
  /** Frames that were read and are stored. */
  readonly done: number;
  /** Time of the last of them, ms. */
  readonly doneMs: number;
  /** Id of the model that was asked for; null: the registry's first. */
  readonly model: string | null;
  /** Of the model that was used; null until the first frame. */
  readonly usedModel: string | null;
  readonly scheme: Scheme | null;
  readonly maxFaces: number;
  readonly edits: readonly Edit[];
  /** Who each track was before edits when something was last said of people; missing in films of before, and where nothing was. */
  readonly people?: Readonly<Record<number, number>>;
  /** Names of people by their id. */
  readonly names: Readonly<Record<number, string>>;
  /** Ids of people who are not shown, nor written into files. */
  readonly hidden: readonly number[];
}

/** What a person says of who is who, and of which numbers it was said. */
export type SaidOfPeople = Pick<FilmRecord, 'people' | 'names' | 'edits' | 'hidden'>;

/** A film that the app keeps elsewhere, such as a recording of Live. */
export interface KeptFilm {
  readonly id: string;
  readonly title: string;
}

export interface KeptFilms {
  /** The newest first. */
  list(): Promise<readonly KeptFilm[]>;
  /** @throws Error when it is lost */
  open(id: string): Promise<File>;
}
