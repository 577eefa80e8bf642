/** What the engine measures besides points: signals while anything shows, keeps or sends them, and gaze once its network is here. */

import type { Settings } from '../../../services/settings';
import type { TurnTuning } from '../../../services/engine/tune-engine';
import { GazeNetwork, type GazeNetworkEvents } from './gaze-network.svelte';

/** What decides on it. */
export interface SignalUse {
  readonly settings: Pick<Settings, 'signals' | 'axes' | 'gaze'>;
  /** Whether the page Live is shown. */
  readonly isShown: boolean;
  readonly isRecording: boolean;
  readonly isSending: boolean;
}

export class MeasuredSignals {
  readonly #gazeNetwork: GazeNetwork;

  /** @param use as it is now. @param fetchEyeNetwork fetches the network that gaze needs */
  constructor(
    private readonly use: () => SignalUse,
    fetchEyeNetwork: () => Promise<void>,
    events: GazeNetworkEvents,
  ) {
    this.#gazeNetwork = new GazeNetwork(fetchEyeNetwork, events);
  }

  /** Whether anything shows, keeps or sends what a face does: the engine measures it only then. */
  get isWanted(): boolean {
    const { settings, isShown, isRecording, isSending } = this.use();
    const { signals, axes, gaze } = settings;
    return isShown && (signals || axes || gaze || isRecording || isSending);
  }

  /** Frames are without the gaze that is wanted, until its network is here. */
  get isFetchingGaze(): boolean {
    return this.isWanted && this.use().settings.gaze && this.#gazeNetwork.isSlow;
  }

  /** For the next frame. The network that gaze needs is fetched where it is not here. */
  tuning(): Pick<TurnTuning, 'signals' | 'gaze'> {
    const signals = this.isWanted;
    return { signals, gaze: signals && this.use().settings.gaze && this.#gazeNetwork.want() };
  }
}
