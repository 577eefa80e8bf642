/** What the followed face does, as it comes with every frame: for the panel, the strips and the puppet. */

import { largerSide } from '../../../engine/geometry';
import type { Face, Result, Signals } from '../../../engine/types';
import { SignalEvents, type SignalEvent } from './events';
import { SignalHistory } from './history';

/** So many are listed, the newest first. */
const SHOWN_EVENTS = 8;

export interface SignalsReading {
  /** Ids of the faces in view. */
  readonly ids: readonly number[];
  /** The one whose signals are shown. */
  readonly id: number;
  readonly signals: Signals;
}

export class LiveSignals {
  /** Of the newest frame; null without a face. Changes at most four times a second, for the screen. */
  reading = $state.raw<SignalsReading | null>(null);
  events = $state.raw<readonly SignalEvent[]>([]);
  /** Time of the newest frame. Changes with `reading`. */
  nowMs = $state(0);
  /** Id of the face that a person chose; null: the largest. */
  chosenId = $state.raw<number | null>(null);

  readonly history = new SignalHistory();
  /** Of the newest frame; what draws by itself reads it then. */
  latest: Signals | null = null;

  readonly #named = new SignalEvents();
  #newest: SignalsReading | null = null;
  #heard: readonly SignalEvent[] = [];

  add({ timeMs, faces }: Result): void {
    const face = this.#choose(faces);
    const signals = face?.signals ?? null;
    if (face?.id !== this.#newest?.id) this.#changeFace();
    this.#newest = face && signals ? { ids: faces.map(({ id }) => id), id: face.id, signals } : null;
    this.latest = signals;
    this.history.add(timeMs, signals);
    if (!signals) return;
    const happened = this.#named.add(timeMs, signals);
    if (happened.length) this.#heard = [...happened.reverse(), ...this.#heard].slice(0, SHOWN_EVENTS);
  }

  /** Brings what the screen shows up to date. */
  read(): void {
    this.reading = this.#newest;
    this.events = this.#heard;
    this.nowMs = this.history.newestMs;
  }

  /** Nobody is in view any more. */
  clear(): void {
    this.#changeFace();
    this.#newest = null;
    this.latest = null;
    this.read();
  }

  /** The chosen face, where it is in view, else the largest. */
  #choose(faces: readonly Face[]): Face | undefined {
    const chosen = faces.find(({ id }) => id === this.chosenId);
    if (chosen || faces.length < 2) return chosen ?? faces[0];
    return faces.reduce((one, other) => (largerSide(other.box) > largerSide(one.box) ? other : one));
  }

  #changeFace(): void {
    this.history.cut();
    this.#named.clear();
  }
}
