/** What a person is told when something goes wrong with films. */

import { EngineError } from '../../engine/errors';
import { problemOf } from '../../services/messages';
import { errorMessage } from '../../shared/format/error';
import { StorageError } from '../../shared/storage/storage-error';

/** Any thrown value as a sentence or two. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof StorageError && thrown.problem === 'full')
    return `The browser’s storage is full. What was read until then is kept. Remove films you no longer need, then go on; the page About shows what else takes room, and saves everything as one file. (${thrown.message})`;
  if (!(thrown instanceof EngineError)) return errorMessage(thrown);
  const { title, text, detail } = problemOf(thrown);
  return `${title}. ${text} (${detail})`;
}
