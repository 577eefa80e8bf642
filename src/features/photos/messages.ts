/** What a person is told when something goes wrong with pictures, in sentences that name their subject. */

import { EngineError } from '../../engine/errors';
import { problemOf } from '../../services/messages';
import type { StorageProblem } from '../../shared/storage/storage-error';
import { PictureError } from '../../shared/imaging/picture-error';
import type { StorageState } from './store.svelte';
import { formatPictureCount } from './labels';
import type { Notice } from './types';
import { errorMessage } from '../../shared/format/error';

/** Any thrown value as a sentence or two. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof PictureError) return thrown.message;
  if (!(thrown instanceof EngineError)) return errorMessage(thrown);
  const { title, text, detail } = problemOf(thrown);
  return `${title}. ${text} (${detail})`;
}

/** A note, or what was thrown. */
export type Heard =
  /** `file`: path of the one that it is on, if there is one. */
  | { readonly kind: 'note'; readonly message: string; readonly file?: string }
  | { readonly kind: 'problem'; readonly thrown: unknown };

/** Names in a message before it says how many more there are. */
const MAX_NAMES = 3;

/** Of a message on one file: the file, and what makes the message another one. */
function subjectOf(heard: Heard): { readonly file: string; readonly about: string } | null {
  if (heard.kind === 'note')
    return heard.file === undefined ? null : { file: heard.file, about: heard.message };
  const { thrown } = heard;
  if (!(thrown instanceof PictureError)) return null;
  return { file: thrown.file, about: `${thrown.problem} ${thrown.message}` };
}

/** In their order, but one for all files of a folder of which the same is said: two hundred are told in one. */
export function foldNotices(heard: readonly Heard[]): readonly Notice[] {
  const groups = new Map<
    string,
    { readonly notice: Notice; readonly folder: string; readonly others: string[] }
  >();
  for (const [i, one] of heard.entries()) {
    const subject = subjectOf(one);
    const [, folder = '', name = ''] = /^(?:(.*)\/)?([^/]*)$/.exec(subject?.file ?? '') ?? [];
    const key = subject
      ? JSON.stringify([one.kind, folder, subject.about.replaceAll(subject.file, '')])
      : String(i);
    const message = one.kind === 'note' ? one.message : messageOf(one.thrown);
    const group = groups.get(key);
    if (group) group.others.push(name);
    else groups.set(key, { notice: { kind: one.kind, message }, folder, others: [] });
  }
  return Array.from(groups.values(), ({ notice, folder, others }) => {
    if (others.length === 0) return notice;
    const more = others.length - MAX_NAMES;
    const names = others.slice(0, MAX_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
    const where = folder ? ` in ${folder}` : '';
    return {
      ...notice,
      message: `${notice.message} The same goes for ${others.length} more${where}: ${names}.`,
    };
  });
}

const picturesAre = (count: number) => `${formatPictureCount(count)} ${count === 1 ? 'is' : 'are'}`;

const lasting =
  'Pictures and corrections are lost when you close this page; export them, or save everything as one file on the page About.';

const blockedMessage =
  'An older version of Mien is open in another tab. Close it to load your saved pictures.';

const storageMessages: Readonly<Record<StorageProblem, (unsavedCount: number) => string>> = {
  full: (count) =>
    `The browser’s storage is full: ${picturesAre(count)} not saved as shown. Everything saved earlier is safe. ` +
    'Remove pictures to make room; the page About shows what else takes room, and saves everything as one file.',
  unavailable: () => `This browser does not let Mien save anything, as in a private window. ${lasting}`,
  newer: () =>
    `Your saved pictures were written by a newer version of Mien; reload the page to get it. ${lasting}`,
  blocked: () => blockedMessage,
  closed: (count) =>
    `The browser closed its storage, for another tab or because its data was cleared: ${picturesAre(count)} not saved as ` +
    'shown. Export what is new, then reload the page.',
  removed: (count) =>
    `${picturesAre(count)} not saved as shown: another tab has removed what they were to be added to.`,
  failed: (count) =>
    `The browser’s storage failed: ${picturesAre(count)} not saved as shown. Everything saved earlier is safe.`,
};

/** What a person should know of the storage; null when all is well. */
export function storageMessage(state: StorageState): string | null {
  switch (state.kind) {
    case 'opening':
    case 'ready':
      return null;
    case 'blocked':
      return blockedMessage;
    case 'failed': {
      const { error, unsavedCount } = state;
      return `${storageMessages[error.problem](unsavedCount)} (${error.message})`;
    }
  }
}
