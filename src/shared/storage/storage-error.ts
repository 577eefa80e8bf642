/** What can go wrong with stored pictures, recordings and models. */

export type StorageProblem =
  /** Quota exceeded; what was stored before is untouched. */
  | 'full'
  /** No database for this page: a private window, or storage is blocked. */
  | 'unavailable'
  /** The database was made by a newer version of the app. */
  | 'newer'
  /** Another tab holds an older version of the database. */
  | 'blocked'
  /** The database was closed while in use: by a newer version in another tab, or because its data was cleared. */
  | 'closed'
  /** What was to be added to has been removed meanwhile, as another tab can. */
  | 'removed'
  /** Anything else: a disk error, a bug. */
  | 'failed';

export class StorageError extends Error {
  override readonly name = 'StorageError';

  constructor(
    readonly problem: StorageProblem,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** Names of IndexedDB's DOMExceptions that have a specific cause. */
const problems: Readonly<Record<string, StorageProblem>> = {
  QuotaExceededError: 'full',
  VersionError: 'newer',
  SecurityError: 'unavailable',
  // A transaction on a connection that is closing or closed.
  InvalidStateError: 'closed',
};

/** Any value thrown by IndexedDB as a `StorageError`. @param subject what was being done, such as `picture anna.jpg` */
export function toStorageError(thrown: unknown, subject: string): StorageError {
  if (thrown instanceof StorageError) return thrown;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const problem = problems[error.name] ?? 'failed';
  return new StorageError(problem, `${subject}: ${error.message || error.name}`, { cause: thrown });
}
