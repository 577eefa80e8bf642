/** Types of teaching in a browser. */

import type { LearnRequestOf, MarkedPictureOf } from './teach-request';

export type * from './teach-request';

export type MarkedPicture = MarkedPictureOf<ImageBitmapSource>;
export type LearnRequest = LearnRequestOf<ImageBitmapSource>;
