/** What is said of things that go wrong with pictures, in sentences that name their subject. */

import { EngineError } from '../engine/errors';
import { problemOf } from '../pages/problems';
import type { StorageProblem } from '../storage/storage-error';
import { PhotoError } from './intake/photo-error';
import type { StorageState } from './keeper';
import { picturesInWords } from './ui/photo-words';

/** Any thrown value as a sentence or two. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof PhotoError) return thrown.message;
  if (!(thrown instanceof EngineError)) return thrown instanceof Error ? thrown.message : String(thrown);
  const { title, text, detail } = problemOf(thrown);
  return `${title}. ${text} (${detail})`;
}

const picturesAre = (count: number) => `${picturesInWords(count)} ${count === 1 ? 'is' : 'are'}`;

const lasting = 'Pictures and corrections last until this page is closed; export them before.';

const blockedWords =
  'Mien is open in another tab in an older version. Close that tab, so that kept pictures can be read.';

const storageWords: Readonly<Record<StorageProblem, (unsavedCount: number) => string>> = {
  full: (count) =>
    `The browser’s storage is full: ${picturesAre(count)} not kept as on the screen. What was kept before is safe. ` +
    'Export what is new, or remove pictures to make room.',
  unavailable: () => `The browser keeps nothing for this page, as in a private window. ${lasting}`,
  newer: () => `Kept pictures belong to a newer version of Mien; reload the page to get it. ${lasting}`,
  blocked: () => blockedWords,
  closed: (count) =>
    `The browser closed its storage, for another tab or because its data was cleared: ${picturesAre(count)} not kept as on ` +
    'the screen. Export what is new, then reload the page.',
  failed: (count) =>
    `The browser’s storage failed: ${picturesAre(count)} not kept as on the screen. What was kept before is safe.`,
};

/** What a person should know of the storage; null when all is well. */
export function storageMessage(state: StorageState): string | null {
  switch (state.kind) {
    case 'opening':
    case 'ready':
      return null;
    case 'blocked':
      return blockedWords;
    case 'failed': {
      const { error, unsavedCount } = state;
      return `${storageWords[error.problem](unsavedCount)} (${error.message})`;
    }
  }
}
