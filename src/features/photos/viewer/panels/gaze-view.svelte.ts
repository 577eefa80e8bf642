/** Where the eyes of the chosen face look: asked of the engine once the face was left as it is for a moment. */

import type { Gaze } from '../../../../engine/types';
import { errorMessage } from '../../../../shared/format/error';
import type { PhotoFace } from '../../types';

export type GazeState =
  | { readonly kind: 'off' }
  /** The eye network is on its way, which it is once. */
  | { readonly kind: 'fetching' }
  | { readonly kind: 'reading' }
  /** Null: neither eye is seen. */
  | { readonly kind: 'told'; readonly gaze: Gaze | null }
  /** A sentence, and what was thrown. */
  | { readonly kind: 'failed'; readonly message: string; readonly detail: string };

/** How the card of a face comes by its gaze. */
export interface GazeAccess {
  /** Whether a person wants it. */
  readonly isOn: boolean;
  readonly onswitch: (isOn: boolean) => void;
  /** By the face's points as they stand. @returns null where neither eye is seen */
  readonly read: (face: PhotoFace, signal: AbortSignal) => Promise<Gaze | null>;
}

export type ReadGaze = (signal: AbortSignal) => Promise<Gaze | null>;

/** A face whose points are being dragged is not read at each step, ms. */
export const STEADY_MS = 200;

export class GazeView {
  state = $state.raw<GazeState>({ kind: 'off' });
  #isHere = false;
  #call = new AbortController();

  /** @param fetchNetwork resolves once the eye network is in the browser's cache */
  constructor(private readonly fetchNetwork: () => Promise<void>) {}

  /** Tells the gaze of another face, or of the same with other points. @param read null: of none */
  async show(read: ReadGaze | null): Promise<void> {
    this.#call.abort();
    const { signal } = (this.#call = new AbortController());
    this.state = { kind: read ? 'reading' : 'off' };
    if (!read) return;
    try {
      await new Promise((resolve) => setTimeout(resolve, STEADY_MS));
      if (signal.aborted) return;
      if (!this.#isHere) await this.#fetch(signal);
      if (signal.aborted) return;
      this.state = { kind: 'reading' };
      const gaze = await read(signal);
      if (!signal.aborted) this.state = { kind: 'told', gaze };
    } catch (thrown) {
      if (signal.aborted) return;
      const message = this.#isHere
        ? 'The eyes could not be read.'
        : 'The network for gaze could not be fetched. Check the connection.';
      this.state = { kind: 'failed', message, detail: errorMessage(thrown) };
    }
  }

  async #fetch(signal: AbortSignal): Promise<void> {
    if (!signal.aborted) this.state = { kind: 'fetching' };
    await this.fetchNetwork();
    this.#isHere = true;
  }
}
