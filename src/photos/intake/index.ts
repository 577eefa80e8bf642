/**
 * Bytes in, pictures out. A library takes files in like this:
 *
 * ```ts
 * const { pictures, problems } = await gather(await filesOfTransfer(event.dataTransfer), photosThatAreHere);
 * const queue = createQueue<IncomingPicture>(async (incoming, signal) => {
 *   const { photo, bitmap, notes } = await openPicture(incoming); // PhotoError: the file, in words
 *   try { await look(bitmap, signal) } finally { bitmap.close() }
 * }, { onChange, onFailure });
 * queue.add(pictures);
 * ```
 *
 * Points are px of the full-size picture everywhere; only what is drawn on the screen is smaller.
 */

export { filesOfHandles, filesOfList, filesOfTransfer, pathOf, type Listing } from './files';
export { gather } from './gather';
export { acceptedFiles } from './kinds';
export { decodePicture, limits, openPicture } from './open-picture';
export { PhotoError, type PhotoProblem } from './photo-error';
export { createQueue, type Queue, type QueueOptions, type QueueState } from './queue';
export { screenCopyOf, screenPx, thumbnailOf, thumbnailPx } from './scaled';
export type * from './types';
