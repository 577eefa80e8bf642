/** Pictures that other programs hand over: shared through the system's sheet, or opened with this app. */

import { filesOfHandles, filesOfList, PictureError, type Listing } from '../../features/photos';
import { takeShared } from './shared-files';

interface LaunchQueue {
  setConsumer(consume: (launch: { readonly files?: readonly FileSystemFileHandle[] }) => void): void;
}

declare global {
  interface Window {
    /** Only in browsers that install apps which open files. */
    readonly launchQueue?: LaunchQueue;
  }
}

/** @param take called with what waits now, and with whatever is opened from now on; resolves once it is kept */
export function receiveHandedOver(take: (listing: Listing) => Promise<void>): void {
  const takeSome = async (listing: Listing) => {
    if (listing.files.length || listing.problems.length) await take(listing);
  };
  takeShared((files) => takeSome(filesOfList(files))).catch((cause: unknown) => {
    const message = 'What was shared could not be read. Share it once more.';
    return take({
      files: [],
      problems: [new PictureError('unreadable', 'shared pictures', message, { cause })],
    });
  });
  window.launchQueue?.setConsumer(({ files = [] }) => void filesOfHandles(files).then(takeSome));
}
