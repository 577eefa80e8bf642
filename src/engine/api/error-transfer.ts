/** Errors cross between page and worker with their code: Comlink by itself keeps message and stack alone. Both ends import this. */

import { transferHandlers, type TransferHandler } from 'comlink';
import { recordError, reviveError, type ErrorRecord } from '../errors';

/** Comlink's own handler tells what was thrown by a mark that it does not export. */
const thrown = transferHandlers.get('throw') as TransferHandler<{ value: unknown }, unknown>;

transferHandlers.set('throw', {
  canHandle: thrown.canHandle,
  serialize: ({ value }: { value: unknown }) => [recordError(value), []],
  deserialize(record: ErrorRecord) {
    throw reviveError(record);
  },
} satisfies TransferHandler<{ value: unknown }, ErrorRecord>);
