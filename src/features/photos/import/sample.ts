/** The sample that ships with the app, as if it had been dropped onto the page. */

import { sampleUrl } from '../../../shared/addresses';
import { filesOfList, type Listing } from '../../../shared/imaging/file-listing';
import { PictureError } from '../../../shared/imaging/picture-error';

/** Where it cannot be fetched (offline before it was kept), the listing has a problem instead. */
export async function listSample(): Promise<Listing> {
  try {
    const response = await fetch(sampleUrl());
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    const blob = await response.blob();
    return filesOfList([new File([blob], 'astronaut.png', { type: blob.type })]);
  } catch (cause) {
    const message = 'The sample could not be loaded. Check the connection, then try again.';
    return { files: [], problems: [new PictureError('unreadable', 'sample', message, { cause })] };
  }
}
