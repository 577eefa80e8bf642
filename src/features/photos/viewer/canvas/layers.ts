/** What lies over the picture in the viewer: the faces of one model, or of two that are compared. */

import type { Scheme } from '../../../../engine/types';
import { faceColour } from '../../../../shared/overlay/colours';
import type { OverlayStyle } from '../../../../shared/overlay/style';
import type { PhotoFace, PhotoModel } from '../../types';

/** Compared models: drawn over each other, or each on a picture of its own. */
export type CompareMode = 'over' | 'beside';

/** One colour for each of two models, since the colours of faces would tell nothing there. */
export const compareColours = { first: faceColour(1), second: faceColour(2) } as const;

/** Faces of one model, drawn alike. */
export interface Layer {
  readonly faces: readonly PhotoFace[];
  readonly scheme: Scheme;
  readonly style: OverlayStyle;
}

/** @param colour of all faces; left out, each face has its own */
export function layerOf(
  model: PhotoModel | null,
  faces: readonly PhotoFace[] | null,
  style: OverlayStyle,
  colour?: string,
): Layer[] {
  return model && faces ? [{ faces, scheme: model.scheme, style: { ...style, colour } }] : [];
}
