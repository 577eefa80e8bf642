import type { StorageError } from './storage-error';

/** What a person should know of a storage that cannot be opened. @param what it keeps, as `Recordings` */
export function unopenedWords({ problem, message }: StorageError, what: string): string {
  switch (problem) {
    case 'blocked':
      return `${what} cannot be read while Mien is open in another tab in an older version. Close that tab, then reload this page.`;
    case 'newer':
      return `${what} belong to a newer version of Mien; reload the page to get it.`;
    case 'unavailable':
      return `The browser keeps nothing for this page, as in a private window: ${what.toLowerCase()} last until it is closed.`;
    case 'closed':
      return `${what} cannot be read: the browser closed its storage, for another tab or because its data was cleared. Reload this page.`;
    case 'failed':
      return `${what} cannot be read: the browser’s storage failed. (${message})`;
    default:
      return `${what} cannot be kept, and last until this page is closed. (${message})`;
  }
}

/** What a person should know of a thing that found no place in storage. @param what its name */
export function unkeptWords({ problem, message }: StorageError, what: string): string {
  const serves = `${what} lasts until this page is closed`;
  return problem === 'full'
    ? `The browser’s storage is full: ${serves}. The page About says what is kept, to make room; then bring it again. (${message})`
    : `The browser could not keep it: ${serves}. (${message})`;
}
