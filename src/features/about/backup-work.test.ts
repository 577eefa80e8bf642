import { expect, it, vi } from 'vitest';
import type { Backup, BackupHooks } from '../../services/backup/types';
import { BackupWork } from './backup-work.svelte';

/** A file that is read back until `finish` is called. */
function slowBackup() {
  let finish: (notes: readonly string[]) => void = () => undefined;
  const seen: BackupHooks[] = [];
  const backup = {
    restore: (_file: File, hooks: BackupHooks) => {
      seen.push(hooks);
      return new Promise<readonly string[]>((resolve, reject) => {
        finish = resolve;
        hooks.signal.addEventListener('abort', () => reject(hooks.signal.reason));
      });
    },
  } as unknown as Backup;
  return { work: new BackupWork(backup), seen, finish: (notes: readonly string[]) => finish(notes) };
}
const file = new File([], 'mien.zip');

it('tells how far it is and what came of it, whoever looks', async () => {
  const { work, seen, finish } = slowBackup();
  const reading = work.restore(file);
  const progress = { kind: 'reading back', title: 'Photos', done: 1, total: 3 } as const;
  seen[0].onProgress(progress);
  expect(work.status).toEqual({ kind: 'working', progress });
  finish(['Photos: 3 added.']);
  await reading;
  expect(work.status).toEqual({ kind: 'done', notes: ['Photos: 3 added.'] });
  expect(work.restored).toBe(1);
});

it('does one thing at a time, and stops when it is told to', async () => {
  const { work, seen } = slowBackup();
  const reading = work.restore(file);
  await work.restore(file);
  expect(seen).toHaveLength(1);
  work.stop();
  await reading;
  expect(work.status).toEqual({ kind: 'failed', message: 'It was stopped; nothing was changed.' });
});

it('that waits for storage without an answer says so, and can be stopped all the same', async () => {
  vi.useFakeTimers();
  try {
    let hooks!: BackupHooks;
    const stuck = { save: (given: BackupHooks) => ((hooks = given), new Promise(() => undefined)) };
    const work = new BackupWork(stuck as unknown as Backup);
    const saving = work.save();
    const progress = { kind: 'saving', title: 'Photos', done: 1, total: null } as const;
    await vi.advanceTimersByTimeAsync(15_000);
    hooks.onProgress(progress);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(work.isSlow).toBe(false);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(work.isSlow).toBe(true);
    work.stop();
    await vi.advanceTimersByTimeAsync(6000);
    await saving;
    const message =
      'It was stopped while the browser’s storage did not answer. Reload the page, then try again.';
    expect([work.status, work.isSlow]).toEqual([{ kind: 'failed', message }, false]);
    // A late word changes nothing.
    hooks.onProgress(progress);
    expect(work.status.kind).toBe('failed');
  } finally {
    vi.useRealTimers();
  }
});
