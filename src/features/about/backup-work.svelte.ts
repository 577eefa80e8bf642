/** Saving everything or reading it back, while it is under way and after: it goes on while the person looks at other pages. */

import type { Backup, BackupHooks, BackupProgress } from '../../services/backup/types';
import { errorMessage } from '../../shared/format/error';
import { formatMegabytes } from '../../shared/format/progress';
import { saveFile } from '../../shared/imaging/save';

/** Without a word for so long, it is said what may hold it up, ms. */
const SLOW_MS = 20_000;
/** What was stopped and has not ended after so long waits for something that may never come, ms. */
const STOPPING_MS = 5000;

export type BackupStatus =
  | { readonly kind: 'idle' }
  | { readonly kind: 'working'; readonly progress: BackupProgress | null }
  | { readonly kind: 'done'; readonly notes: readonly string[] }
  | { readonly kind: 'failed'; readonly message: string };

export class BackupWork {
  status = $state.raw<BackupStatus>({ kind: 'idle' });
  /** How often something was read back. */
  restored = $state(0);
  /** Nothing has gone on for a while. */
  isSlow = $state(false);
  #abort = new AbortController();
  #slow: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly backup: Backup) {}

  save(): Promise<void> {
    return this.#work(async (hooks) => {
      const { name, blob, notes } = await this.backup.save(hooks);
      saveFile(blob, name);
      return [`Saved ${name}, ${formatMegabytes(blob.size)}.`, ...notes];
    });
  }

  async restore(file: File): Promise<void> {
    await this.#work((hooks) => this.backup.restore(file, hooks));
    this.restored += 1;
  }

  stop(): void {
    this.#abort.abort();
  }

  /** @param run returns what is told afterwards */
  async #work(run: (hooks: BackupHooks) => Promise<readonly string[]>): Promise<void> {
    if (this.status.kind === 'working') return;
    const { signal } = (this.#abort = new AbortController());
    let isOver = false;
    const tell = (progress: BackupProgress | null) => {
      if (isOver) return;
      this.status = { kind: 'working', progress };
      this.isSlow = false;
      clearTimeout(this.#slow);
      this.#slow = setTimeout(() => (this.isSlow = true), SLOW_MS);
    };
    tell(null);
    try {
      const working = run({ signal, onProgress: tell });
      this.status = { kind: 'done', notes: await Promise.race([working, stoppedInVain(signal)]) };
    } catch (thrown) {
      const message =
        thrown === signal.reason ? 'It was stopped; nothing was changed.' : errorMessage(thrown);
      this.status = { kind: 'failed', message };
    } finally {
      isOver = true;
      this.isSlow = false;
      clearTimeout(this.#slow);
    }
  }
}

/** Rejects where what was to stop does not: it waits for storage that does not answer. */
function stoppedInVain(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const giveUp = () =>
      reject(
        new Error(
          'It was stopped while the browser’s storage did not answer. Reload the page, then try again.',
        ),
      );
    signal.addEventListener('abort', () => setTimeout(giveUp, STOPPING_MS), { once: true });
  });
}
