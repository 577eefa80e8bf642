/** What is known of the faces of a film, frame by frame, as it goes into files. All points are in px of the full frame. */

import type { Points, Scheme, Signals } from '../../../engine/types';

export interface FilmFace {
  /** Of the person, from 1: the same through gaps and after merging. */
  readonly id: number;
  /** Presence, 0..1. */
  readonly score: number;
  readonly points: Points<'image'>;
  /** Image px; null where the model does not say. */
  readonly spread: Float32Array | null;
  /** How likely each point is seen, 0..1; missing where the model does not say. */
  readonly visible?: Float32Array;
  readonly signals?: Signals;
}

export interface FilmFrame {
  /** From 0. */
  readonly index: number;
  /** Presentation time, ms. */
  readonly timeMs: number;
  /** From 0; rises by 1 at every cut. */
  readonly shot: number;
  readonly faces: readonly FilmFace[];
}

export interface FilmPerson {
  readonly id: number;
  /** As a person named it; '' where nobody did. */
  readonly name: string;
}

/** Lowest and highest, the 5th and 95th percentile; null where nothing was measured. */
export interface FilmRange {
  readonly low: number;
  readonly high: number;
}

export interface PersonSummary extends FilmPerson {
  readonly frames: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** Median over frames of the mean spread of the points, in % of the face's longer side; null without spread. */
  readonly medianSpreadPct: number | null;
  /** Of both eyes at once, a minute of being seen; null without signals. */
  readonly blinksPerMinute: number | null;
  /** Degrees; null without signals. */
  readonly yawDeg: FilmRange | null;
  readonly pitchDeg: FilmRange | null;
  readonly rollDeg: FilmRange | null;
  /** Missing where gaze was not told. */
  readonly gazeYawDeg?: FilmRange;
  readonly gazePitchDeg?: FilmRange;
}

export interface FilmSummary {
  readonly frames: number;
  readonly shots: number;
  readonly durationMs: number;
  /** 0..1 */
  readonly shareWithFace: number;
  readonly medianSpreadPct: number | null;
  readonly people: readonly PersonSummary[];
}

export interface FilmAbout {
  /** Name of the file. */
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Id of the model. */
  readonly model: string;
  readonly scheme: Scheme;
  /** Names of the expression weights that faces carry; none without signals. */
  readonly expressions: readonly string[];
  readonly hasSignals: boolean;
  /** Whether any face carries gaze. */
  readonly hasGaze: boolean;
  readonly summary: FilmSummary;
}

/** A text that is written frame by frame, so that a long film is never in memory. */
export interface FilmFormat {
  readonly label: string;
  /** What it holds and who reads it, in a sentence. */
  readonly about: string;
  /** Put after the name of the film, with its dot. */
  readonly extension: string;
  /** Whether it can hold such points; missing where it holds any. */
  readonly fits?: (scheme: Scheme) => boolean;
  /** What comes before the first frame. */
  begin(film: FilmAbout): string;
  frame(film: FilmAbout, frame: FilmFrame): string;
}
