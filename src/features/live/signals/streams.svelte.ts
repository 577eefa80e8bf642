/** Sends what faces do to other pages, once a person has allowed it: docs/streams.md. Nothing of it outlasts the visit. */

import type { Result } from '../../../engine/types';
import { streamedResult } from './streamed-result';

export const CHANNEL = 'mien';

export type AskerStatus = 'asking' | 'allowed' | 'refused';

/** A page that opened Mien or embeds it, and asked. */
export interface Asker {
  readonly origin: string;
  readonly status: AskerStatus;
}

interface Listener {
  readonly page: Window;
  asker: Asker;
}

type Page = Pick<Window, 'addEventListener' | 'opener' | 'parent'>;

export class SignalStreams {
  /** Those that asked, in that order. */
  askers = $state.raw<readonly Asker[]>([]);
  #isBroadcasting = $state(false);
  #channel: BroadcastChannel | null = null;
  #listeners: Listener[] = [];
  /** What the person answered, by origin: a page that asks again and again is not asked about again. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing on the screen reads it
  readonly #answers = new Map<string, 'allowed' | 'refused'>();

  constructor(private readonly own: Page) {
    own.addEventListener('message', (event) => this.#hear(event));
  }

  /** Whether anybody is sent anything. */
  get isOn(): boolean {
    return this.#isBroadcasting || this.askers.some(({ status }) => status === 'allowed');
  }

  /** Whether other pages of this site are sent what faces do. */
  get isBroadcasting(): boolean {
    return this.#isBroadcasting;
  }

  set isBroadcasting(wanted: boolean) {
    this.#isBroadcasting = wanted;
    this.#channel?.close();
    this.#channel = wanted ? new BroadcastChannel(CHANNEL) : null;
  }

  /** For the screen. */
  get recipients(): string[] {
    const allowed = this.askers.filter(({ status }) => status === 'allowed').map(({ origin }) => origin);
    return [...(this.#isBroadcasting ? ['pages of this site'] : []), ...allowed];
  }

  /** Origin of a page that waits for an answer. */
  get asking(): string | null {
    return this.askers.find(({ status }) => status === 'asking')?.origin ?? null;
  }

  /** Holds for this visit, for every page of that origin that asked. */
  answer(origin: string, status: 'allowed' | 'refused'): void {
    this.#answers.set(origin, status);
    for (const listener of this.#listeners.filter(({ asker }) => asker.origin === origin)) {
      listener.asker = { origin, status };
      this.#tell(listener);
    }
    this.#show();
  }

  /** The result of a frame, to all who may have it. */
  send(result: Result, mirrored: boolean): void {
    this.#dropClosed();
    if (!this.isOn) return;
    const message = streamedResult(result, mirrored);
    this.#channel?.postMessage(message);
    for (const { page, asker } of this.#listeners)
      if (asker.status === 'allowed') page.postMessage(message, asker.origin);
  }

  #hear({ source, origin, data }: MessageEvent): void {
    const { type, version } = (data ?? {}) as { type?: unknown; version?: unknown };
    const isRequest = (type === 'mien:subscribe' || type === 'mien:unsubscribe') && version === 1;
    if (!isRequest || !this.#mayAsk(source)) return;
    if (type === 'mien:unsubscribe') this.#listeners = this.#listeners.filter(({ page }) => page !== source);
    else this.#subscribe(source, origin);
    this.#show();
  }

  /** Only the page that opened this one, or that embeds it: a person sees that they belong together. */
  #mayAsk(source: unknown): source is Window {
    const { opener, parent } = this.own;
    return source !== null && source !== this.own && (source === opener || source === parent);
  }

  #subscribe(page: Window, origin: string): void {
    // A page from a file or a sandbox has no name that a person could judge, and none to send to.
    if (origin === 'null') return;
    // One that went to another address is asked about anew.
    this.#listeners = this.#listeners.filter((one) => one.page !== page || one.asker.origin === origin);
    let listener = this.#listeners.find((one) => one.page === page);
    if (!listener) {
      const status = this.#answers.get(origin) ?? 'asking';
      this.#listeners.push((listener = { page, asker: { origin, status } }));
    }
    this.#tell(listener);
  }

  /** A window gives no word when it is closed. */
  #dropClosed(): void {
    if (!this.#listeners.some(({ page }) => page.closed)) return;
    this.#listeners = this.#listeners.filter(({ page }) => !page.closed);
    this.#show();
  }

  #tell({ page, asker: { origin, status } }: Listener): void {
    page.postMessage({ type: 'mien:status', version: 1, status }, origin);
  }

  #show(): void {
    const all = this.#listeners.map(({ asker }) => asker);
    this.askers = all.filter(({ origin }, i) => all.findIndex((one) => one.origin === origin) === i);
  }
}
