/** The app's versions on this device: the one that runs, and a newer one that waits until the person wants it. */

import { Workbox } from 'workbox-window';
import { trustScript } from '../../engine/trusted-script';
import { serviceWorkerUrl } from '../../shared/addresses';

export type VersionState =
  | 'newest'
  /** A newer version is on this device and takes over when it is asked to. */
  | 'waiting'
  /** Another tab asked it to: this page goes on with what it has until it is loaded anew. */
  | 'replaced';

export class Updates {
  state = $state<VersionState>('newest');
  #workbox: Workbox | null = null;
  #wanted = false;

  /** Makes the app run offline, or looks for a newer version of it; needs a browser with service workers. */
  async register(): Promise<void> {
    if (!('serviceWorker' in navigator)) return;
    const workbox = new Workbox(trustScript(serviceWorkerUrl()));
    this.#workbox = workbox;
    workbox.addEventListener('waiting', () => (this.state = 'waiting'));
    // The first version of all takes over without a word, be it one that an earlier page of this visit began to fetch.
    let isKept = navigator.serviceWorker.controller !== null;
    workbox.addEventListener('controlling', () => {
      if (this.#wanted) location.reload();
      else if (isKept) this.state = 'replaced';
      isKept = true;
    });
    const registration = await workbox.register();
    // A page that was loaded past what is kept has no controller.
    isKept ||= registration?.active?.state === 'activated';
  }

  /** Loads the page anew with the newest version. */
  take(): void {
    if (this.state === 'replaced') return location.reload();
    this.#wanted = true;
    this.#workbox?.messageSkipWaiting();
  }
}
