/** The settings as they are now: those that were saved, and what the address asked for until something else is chosen. */

import { DETECTOR_NAMES } from '../engine/options';
import type { DetectorName, EngineOptions } from '../engine/types';
import { defaultSettings, forgetSettings, loadSettings, saveSettings, type Settings } from './settings';

/** What the address may ask for; it is never saved. */
export interface AskedFor {
  /** Id of a model; null for none. */
  readonly model: string | null;
  readonly backend: NonNullable<EngineOptions['backend']>;
  readonly thread: NonNullable<EngineOptions['thread']>;
}

export type SettingsListener = (changed: Partial<Settings>) => void;

const nothing: AskedFor = { model: null, backend: 'auto', thread: 'auto' };

export class SettingsService {
  #saved = $state.raw(loadSettings());
  #asked = $state.raw(nothing);
  /** Whether the browser had room for them. */
  #isKept = true;
  /** Read with every frame that is drawn. */
  readonly #current = $derived<Settings>({ ...this.#saved, model: this.#asked.model ?? this.#saved.model });
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing on the screen reads it
  readonly #listeners = new Set<SettingsListener>();

  constructor(asked: AskedFor = nothing) {
    this.#asked = asked;
  }

  /** `model` is the one that the address asked for, until another is chosen. */
  get current(): Settings {
    return this.#current;
  }

  /** What is kept, by other tabs too, or was to be where the browser has no room: without what the address asked for. */
  get saved(): Settings {
    return this.#isKept ? loadSettings() : this.#saved;
  }

  /** The network that finds faces. */
  get detector(): DetectorName {
    return this.#current.detector ?? DETECTOR_NAMES[0];
  }

  /** Where the engine is to run. */
  get place(): Pick<AskedFor, 'backend' | 'thread'> {
    const { backend, thread } = this.#asked;
    return { backend, thread };
  }

  /** Whether the engine chooses its backend and its thread itself. */
  get isPlaceFree(): boolean {
    return this.#asked.backend === 'auto' && this.#asked.thread === 'auto';
  }

  /** Changes and saves settings, then tells those who listen which of them. */
  update(patch: Partial<Settings>): void {
    if (patch.model !== undefined) this.#asked = { ...this.#asked, model: null };
    this.#saved = { ...this.#saved, ...patch };
    this.#isKept = saveSettings(this.#saved);
    this.#notify(patch);
  }

  /** Lets the engine choose backend and thread, whatever the address asked for. */
  choosePlaceAutomatically(): void {
    this.#asked = { ...this.#asked, backend: 'auto', thread: 'auto' };
  }

  /** Everything as at the first visit; nothing is kept in the browser. */
  reset(): void {
    const before = this.current;
    this.#asked = { ...this.#asked, model: null };
    this.#saved = defaultSettings;
    forgetSettings();
    this.#isKept = true;
    const changed = Object.entries(defaultSettings).filter(
      ([name, value]) => before[name as keyof Settings] !== value,
    );
    this.#notify(Object.fromEntries(changed));
  }

  /** @returns stops listening */
  onChange(listener: SettingsListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The settings have changed already: a listener that fails takes neither them nor the others with it. */
  #notify(changed: Partial<Settings>): void {
    for (const listener of this.#listeners) {
      try {
        listener(changed);
      } catch (thrown) {
        console.error('settings: a listener failed', thrown);
      }
    }
  }
}
