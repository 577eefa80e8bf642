/** The engine on the clip of a head that turns to its profile and back. */
import { drawHead, HEAD_FRAMES, HEAD_PICTURE } from '../../fixtures/turning-head';
import { engine } from './engine';
import { createCanvas, loadPicture } from './pictures';

export interface HeadSeen {
  readonly yawDeg: number;
  readonly ids: readonly number[];
}

/** @param url of the picture of all frames. */
export async function trackHead(url: string): Promise<HeadSeen[]> {
  const sheet = await loadPicture(url);
  await engine().reset();
  const seen: HeadSeen[] = [];
  try {
    for (const frame of HEAD_FRAMES) {
      const [canvas, context] = createCanvas(HEAD_PICTURE.width, HEAD_PICTURE.height);
      drawHead(context, sheet, frame);
      const result = await engine().track(canvas.transferToImageBitmap(), frame.timeMs);
      seen.push({ yawDeg: frame.yawDeg, ids: (result?.faces ?? []).map(({ id }) => id) });
    }
    return seen;
  } finally {
    sheet.close();
  }
}
