/** The app's versions: the installed one, and one that waits until the person wants it. */

import { Workbox } from 'workbox-window';
import { trustScript } from '../engine/trusted-script';
import { serviceWorkerUrl } from '../pages/addresses';

export class Updates {
  isWaiting = $state(false);
  #workbox: Workbox | null = null;

  /** Makes the app run offline, or looks for a newer version of it; needs a browser with service workers. */
  async register(): Promise<void> {
    if (!('serviceWorker' in navigator)) return;
    const workbox = new Workbox(trustScript(serviceWorkerUrl()));
    this.#workbox = workbox;
    workbox.addEventListener('waiting', () => (this.isWaiting = true));
    workbox.addEventListener('controlling', ({ isUpdate }) => isUpdate && location.reload());
    await workbox.register();
  }

  /** Puts the waiting version in the place of this one; the page is loaded anew. */
  take(): void {
    this.#workbox?.messageSkipWaiting();
  }
}
