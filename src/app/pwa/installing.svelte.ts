/** Whether and how the browser can install the app: by a button of ours, or from a menu of its own. */

/** What TypeScript's DOM does not know. @see https://developer.mozilla.org/docs/Web/API/BeforeInstallPromptEvent */
interface InstallPromptEvent extends Event {
  prompt(): Promise<unknown>;
}

export type InstallMethod =
  | 'button'
  /** Browsers that tell a page whether it was opened from the home screen add it there from their share menu. */
  | 'share-menu'
  /** It is installed, or the browser installs nothing. */
  | 'none';

export class Installing {
  #prompt = $state.raw<InstallPromptEvent | null>(null);

  constructor() {
    addEventListener('beforeinstallprompt', (event) => {
      event.preventDefault();
      this.#prompt = event as InstallPromptEvent;
    });
    addEventListener('appinstalled', () => (this.#prompt = null));
  }

  get method(): InstallMethod {
    if (this.#prompt) return 'button';
    return 'standalone' in navigator && !navigator.standalone ? 'share-menu' : 'none';
  }

  /** Shows the browser's own question, which it answers once only. */
  ask(): void {
    void this.#prompt?.prompt();
    this.#prompt = null;
  }
}

export const installing = new Installing();
