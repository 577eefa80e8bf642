/** Whether a picture has more than one frame, from its header. */

import { tagAt } from './header-size';

/** An animated PNG says so in a chunk before its pixels. */
export function hasAnimationChunk(view: DataView): boolean {
  for (let at = 8; at + 8 <= view.byteLength; at += 12 + view.getUint32(at)) {
    const chunk = tagAt(view, at + 4);
    if (chunk === 'acTL' || chunk === 'IDAT') return chunk === 'acTL';
  }
  return false;
}

/** From block to block (GIF89a specification, sections 18 to 26) until a second picture begins. */
export function hasTwoFrames(view: DataView): boolean {
  const colourTable = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  let frames = 0;
  let at = 13 + colourTable(view.getUint8(10));
  while (at < view.byteLength) {
    const block = view.getUint8(at);
    if (block === 0x2c) {
      frames += 1;
      if (frames === 2) return true;
      at += 11 + colourTable(view.getUint8(at + 9));
    } else if (block === 0x21) at += 2;
    else return false;
    // Sub-blocks, each after its length, up to an empty one.
    while (at < view.byteLength && view.getUint8(at) > 0) at += 1 + view.getUint8(at);
    at += 1;
  }
  return false;
}
