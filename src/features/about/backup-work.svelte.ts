/** Saving everything or reading it back, while it is under way and after: it goes on while the person looks at other pages. */

import type { Backup, BackupHooks, BackupProgress } from '../../services/backup/types';
import { errorMessage } from '../../shared/format/error';
import { formatMegabytes } from '../../shared/format/progress';
import { saveFile } from '../../shared/imaging/save';

export type BackupStatus =
  | { readonly kind: 'idle' }
  | { readonly kind: 'working'; readonly progress: BackupProgress | null }
  | { readonly kind: 'done'; readonly notes: readonly string[] }
  | { readonly kind: 'failed'; readonly message: string };

export class BackupWork {
  status = $state.raw<BackupStatus>({ kind: 'idle' });
  /** How often something was read back. */
  restored = $state(0);
  #abort = new AbortController();

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
    this.status = { kind: 'working', progress: null };
    try {
      const onProgress = (progress: BackupProgress) => (this.status = { kind: 'working', progress });
      this.status = { kind: 'done', notes: await run({ signal, onProgress }) };
    } catch (thrown) {
      const message =
        thrown === signal.reason ? 'It was stopped; nothing was changed.' : errorMessage(thrown);
      this.status = { kind: 'failed', message };
    }
  }
}
