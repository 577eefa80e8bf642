/** Disturbs one picture of a face and asks the network each time, in turns that live frames may come between. */

import type { Disturbance, Probe } from '../../../engine/inspect/types';
import type { Lab } from '../lab.svelte';
import type { HeldPicture } from '../picture-requests';
import { problemOf } from '../../../services/messages';
import { amountsOf, disturbanceOf, patches, ranges } from './disturbances';
import { distancesPct, faceSizePx } from './errors';
import type { DisturbanceKind } from '../view';

/** Of one model, one picture and one kind of disturbance. */
export interface Experiment {
  readonly kind: DisturbanceKind;
  /** Of each step; none for patches. */
  readonly amounts: readonly number[];
  /** Of each step, each point's distance to where it was, % of the face. */
  readonly distances: readonly Float32Array[];
}

/** Steps of one turn on the engine. */
const STEPS_A_TURN = 16;
const CURVE_STEPS = 13;

export class Experiments {
  held = $state.raw<HeldPicture | null>(null);
  done = $state.raw<Experiment | null>(null);
  /** The crop as the slider disturbs it, and what was found in it. */
  preview = $state.raw<Probe | null>(null);
  /** 0..1; null while nothing runs. */
  progress = $state<number | null>(null);
  problem = $state('');
  #work = new AbortController();
  /** Of the picture: ends with it, whatever runs on it. */
  #holding = new AbortController();
  /** The newest amount asked for, while another one is shown. */
  #wanted: Disturbance | null = null;
  #isPreviewing = false;

  constructor(private readonly lab: Lab) {}

  /** Takes the next picture with a face in it. */
  async take(): Promise<void> {
    this.close();
    const { signal } = this.#holding;
    try {
      const held = await this.lab.hold(signal);
      if (signal.aborted) return held.bitmap.close();
      this.held = held;
    } catch (thrown) {
      this.#tell(thrown, signal);
    }
  }

  close(): void {
    this.cancel();
    this.#holding.abort(new DOMException('Another picture was asked for.', 'AbortError'));
    this.#holding = new AbortController();
    this.held?.bitmap.close();
    this.held = null;
    this.done = null;
    this.preview = null;
    this.problem = '';
  }

  cancel(): void {
    this.#work.abort(new DOMException('Something else was asked for.', 'AbortError'));
    this.#work = new AbortController();
    this.progress = null;
  }

  async run(kind: DisturbanceKind): Promise<void> {
    const { held } = this;
    if (!held) return;
    this.cancel();
    const { signal } = this.#work;
    this.done = null;
    this.problem = '';
    this.progress = 0;
    const amounts = kind === 'patch' ? [] : amountsOf(kind, CURVE_STEPS);
    const steps = kind === 'patch' ? patches() : amounts.map((amount) => disturbanceOf(kind, amount));
    const { points } = held.look.inspection;
    const sizePx = faceSizePx(points, held.look.info.manifest.scheme);
    const distances: Float32Array[] = [];
    try {
      for (let from = 0; from < steps.length; from += STEPS_A_TURN) {
        const probes = await this.#probe(held, steps.slice(from, from + STEPS_A_TURN), false, signal);
        distances.push(...probes.map((probe) => distancesPct(probe.points, points, sizePx)));
        this.progress = distances.length / steps.length;
      }
      this.done = { kind, amounts, distances };
      this.progress = null;
    } catch (thrown) {
      this.#tell(thrown, signal);
    }
  }

  /** Shows the face disturbed by this amount; of amounts that come meanwhile the newest. */
  async show(kind: DisturbanceKind, amount: number | null): Promise<void> {
    this.#wanted = kind === 'patch' ? { kind: 'none' } : disturbanceOf(kind, amount ?? ranges[kind].rest);
    if (this.#isPreviewing) return;
    this.#isPreviewing = true;
    const { signal } = this.#holding;
    try {
      while (this.#wanted && this.held && !signal.aborted) {
        const wanted = this.#wanted;
        this.#wanted = null;
        const { held } = this;
        const [probe] = await this.#probe(held, [wanted], true, signal);
        if (held === this.held) this.preview = probe;
      }
    } catch (thrown) {
      this.#tell(thrown, signal);
    } finally {
      this.#isPreviewing = false;
    }
  }

  #probe(
    { bitmap, look }: HeldPicture,
    steps: readonly Disturbance[],
    withGray: boolean,
    signal: AbortSignal,
  ): Promise<Probe[]> {
    const { host } = this.lab.services;
    const { id } = look.info.manifest;
    return host.run({ model: id, priority: 'viewed', signal }, (engine, inner) =>
      engine.probe(bitmap, look.inspection.crop, steps, { withGray, signal: inner }),
    );
  }

  #tell(thrown: unknown, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.progress = null;
    this.problem = problemOf(thrown).detail;
  }
}
