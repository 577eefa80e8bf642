/** What can be wrong with the place where pictures and corrections are kept. */

export type StorageProblem =
  /** The browser grants no more room; what was kept before is untouched. */
  | 'full'
  /** The browser gives this page no database: a private window, or storage is forbidden. */
  | 'unavailable'
  /** The database was made by a newer version of the app. */
  | 'newer'
  /** Another tab holds an older version of the database. */
  | 'blocked'
  /** The database was closed under the page: a newer version wants it in another tab, or its data was cleared. */
  | 'closed'
  /** Anything else: a broken disk, a defect. */
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

/** Names of the DOMExceptions of IndexedDB that tell what is the matter. */
const problems: Readonly<Record<string, StorageProblem>> = {
  QuotaExceededError: 'full',
  VersionError: 'newer',
  SecurityError: 'unavailable',
  // A transaction on a connection that is closing, or was.
  InvalidStateError: 'closed',
};

/** Any value thrown by IndexedDB as a `StorageError`. @param subject what was being done, such as `picture anna.jpg` */
export function toStorageError(thrown: unknown, subject: string): StorageError {
  if (thrown instanceof StorageError) return thrown;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const problem = problems[error.name] ?? 'failed';
  return new StorageError(problem, `${subject}: ${error.message || error.name}`, { cause: thrown });
}
