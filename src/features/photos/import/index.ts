/** Files in, pictures out. Points are px of the full-size picture everywhere; only what is drawn on the screen is smaller. */

export {
  filesOfHandles,
  filesOfList,
  filesOfTransfer,
  pathOf,
  type Listing,
} from '../../../shared/imaging/file-listing';
export { gather, isPointFile } from './gather';
export { acceptedFiles } from '../../../shared/imaging/sniff';
export { decodePicture, limits } from '../../../shared/imaging/decode';
export { PictureError, type PictureProblem } from '../../../shared/imaging/picture-error';
export { screenCopyOf, screenPx, thumbnailOf, thumbnailPx } from '../../../shared/imaging/scale';
export type { IncomingFile } from '../../../shared/imaging/types';
export { openPicture, type OpenedPhoto } from './open-picture';
export { unpackZips } from './zips';
export type * from './types';
