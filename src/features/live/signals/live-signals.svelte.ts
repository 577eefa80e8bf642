/** What the followed face does, as it comes with every frame: for the panel, the strips and the puppet. */

import { largerSide } from '../../../engine/geometry';
import type { Face, Result, Signals } from '../../../engine/types';
import { SignalEvents, type SignalEvent } from './events';
import { SignalHistory } from './history';

/** So many are listed, the newest first. */
const SHOWN_EVENTS = 8;
/** A face has to be so much larger than the one that is followed to take its place: two as near as each other would take turns. */
const CLEARLY_LARGER = 1.2;

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

  readonly history = new SignalHistory();
  /** Of the newest frame; what draws by itself reads it then. */
  latest: Signals | null = null;

  #chosenId = $state.raw<number | null>(null);
  /** Id of the face that was in view last. */
  #followedId: number | null = null;
  readonly #named = new SignalEvents();
  #newest: SignalsReading | null = null;
  #heard: readonly SignalEvent[] = [];

  /** Id of the face that a person chose; null: the largest. */
  get chosenId(): number | null {
    return this.#chosenId;
  }

  set chosenId(id: number | null) {
    this.#chosenId = id;
    // The largest is that of now.
    this.#followedId = null;
  }

  add({ timeMs, faces }: Result): void {
    const face = this.#choose(faces);
    const signals = face?.signals ?? null;
    if (face && face.id !== this.#followedId) this.#follow(face.id);
    this.#newest = face && signals ? { ids: faces.map(({ id }) => id), id: face.id, signals } : null;
    this.latest = signals;
    this.history.add(timeMs, signals);
    if (!signals) return;
    const happened = this.#named.add(timeMs, signals);
    if (happened.length) this.#heard = [...happened.reverse(), ...this.#heard].slice(0, SHOWN_EVENTS);
  }

  /** Id of the face whose signals are those of the newest frame; null without one. */
  get shownId(): number | null {
    return this.#newest?.id ?? null;
  }

  /** Brings what the screen shows up to date. */
  read(): void {
    this.reading = this.#newest;
    this.events = this.#heard;
    this.nowMs = this.history.newestMs;
  }

  /** Nobody is in view any more: who comes next is somebody else. */
  clear(): void {
    this.#chosenId = null;
    this.#follow(null);
    this.#newest = null;
    this.latest = null;
    this.read();
  }

  /** The chosen face, where it is in view, else the largest. */
  #choose(faces: readonly Face[]): Face | undefined {
    const withId = (wanted: number | null) => faces.find(({ id }) => id === wanted);
    const chosen = withId(this.chosenId);
    if (chosen || faces.length < 2) return chosen ?? faces[0];
    const largest = faces.reduce((one, other) => (largerSide(other.box) > largerSide(one.box) ? other : one));
    const followed = withId(this.#followedId);
    const isOutgrown = !followed || largerSide(largest.box) > CLEARLY_LARGER * largerSide(followed.box);
    return isOutgrown ? largest : followed;
  }

  #follow(id: number | null): void {
    this.#followedId = id;
    this.history.cut();
    this.#named.clear();
  }
}
