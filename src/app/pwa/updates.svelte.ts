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
    workbox.addEventListener('controlling', ({ isUpdate, isExternal }) => {
      if (this.#wanted) location.reload();
      // The first version of all takes over without a word.
      else if (isUpdate || isExternal) this.state = 'replaced';
    });
    await workbox.register();
  }

  /** Loads the page anew with the newest version. */
  take(): void {
    if (this.state === 'replaced') return location.reload();
    this.#wanted = true;
    this.#workbox?.messageSkipWaiting();
  }
}
