import type { StorageError } from './storage-error';

/** Message for a storage that cannot be opened. @param what its contents, such as `Recordings` */
export function unopenedMessage({ problem, message }: StorageError, what: string): string {
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

/** Message for something that could not be stored. @param what its name */
export function unsavedMessage({ problem, message }: StorageError, what: string): string {
  const lasts = `${what} lasts until this page is closed`;
  return problem === 'full'
    ? `The browser’s storage is full: ${lasts}. Free some space on the page About, which also saves everything as one file, then add it again. (${message})`
    : `The browser could not keep it: ${lasts}. (${message})`;
}
