/** From a frame to the network's input by two ways: drawn on a canvas, as the engine does, and cut out of the whole frame by tfjs. */
import * as tf from '@tensorflow/tfjs-core';
import { shippedFiles } from '../../../src/engine/api/shipped-files';
import { openBackend, type Backend } from '../../../src/engine/backend/select';
import { cropAffine, invert } from '../../../src/engine/geometry';
import { createCanvas2d, createPainter } from '../../../src/engine/landmark/crop';
import { GRAY, graysOf } from '../../../src/engine/landmark/input';
import type { Affine, BackendName } from '../../../src/engine/types';
import { CLIP, frameTimeMs } from '../../fixtures/motion';
import { createFrames } from './frames';

/** Side of the crop, px. */
const CROP_PX = 128;
/** Mean difference of the two ways' pixels, 0..255: they are the same crop, blended differently. */
const SAME_CROP = 4;

export interface CropWays {
  /** ms of each frame from the bitmap until one value of the input is there, by either way. */
  readonly canvas: readonly number[];
  readonly tfjs: readonly number[];
}

/** Gray levels 0..255 of the drawn crop. */
function createDrawing({
  readsPixels,
}: Backend): (frame: ImageBitmap, crop: Affine<'image', 'crop'>) => tf.Tensor {
  const context = createCanvas2d(CROP_PX, CROP_PX, readsPixels);
  const painter = createPainter(readsPixels, 'last pixels');
  return (frame, crop) => {
    painter.draw(context, { x: 0, y: 0, width: CROP_PX, height: CROP_PX }, frame, crop);
    if (!readsPixels) return toGray(tf.browser.fromPixels(context.canvas as HTMLCanvasElement));
    const { data } = context.getImageData(0, 0, CROP_PX, CROP_PX);
    return tf.tensor2d(graysOf(data), [CROP_PX, CROP_PX]);
  };
}

const toGray = (pixels: tf.Tensor): tf.Tensor => tf.sum(tf.mul(pixels, tf.tensor1d([...GRAY])), -1);

/** The same of the whole frame as a tensor. */
function cutByTfjs(frame: ImageBitmap, crop: Affine<'image', 'crop'>): tf.Tensor {
  const { a, b, c, d, e, f } = invert(crop);
  const half = 0.5 / CROP_PX;
  // From the crop's px to the frame's, both counted from their centres.
  const toFrame = [
    ...[a / CROP_PX, c / CROP_PX, (a + c) * half + e - 0.5],
    ...[b / CROP_PX, d / CROP_PX, (b + d) * half + f - 0.5, 0, 0],
  ];
  const pixels = tf.expandDims<tf.Tensor4D>(tf.cast(tf.browser.fromPixels(frame), 'float32'));
  const cut = tf.image.transform(pixels, tf.tensor2d(toFrame, [1, 8]), 'bilinear', 'constant', 0, [
    CROP_PX,
    CROP_PX,
  ]);
  return toGray(tf.squeeze(cut, [0]));
}

/** Times `frames` frames of the clip by both ways, turn and turn about; the first `warmUp` more are left out. */
export async function compareCropWays(name: BackendName, frames: number, warmUp: number): Promise<CropWays> {
  const backend = await openBackend({ wanted: name, wasm: shippedFiles().wasm });
  try {
    const ways = { canvas: createDrawing(backend), tfjs: cutByTfjs };
    const times = { canvas: [] as number[], tfjs: [] as number[] };
    const { draw } = await createFrames();
    for (let i = 0; i < warmUp + frames; i++) {
      const frame = await createImageBitmap(draw(frameTimeMs(i % CLIP.faceFrames)));
      const crop = cropAffine({ x: 320, y: 240 }, 220, 220, 0.1 * Math.sin(i));
      const inputs: Partial<Record<keyof CropWays, tf.Tensor>> = {};
      for (const way of i % 2 ? (['tfjs', 'canvas'] as const) : (['canvas', 'tfjs'] as const)) {
        const startMs = performance.now();
        const input = tf.tidy(() => ways[way](frame, crop));
        const one = tf.slice(input, [0, 0], [1, 1]);
        await one.data();
        const ms = performance.now() - startMs;
        if (i >= warmUp) times[way].push(ms);
        one.dispose();
        inputs[way] = input;
      }
      const apart = tf.tidy(() => tf.mean(tf.abs(tf.sub(inputs.canvas!, inputs.tfjs!))));
      if (i === 0 && (await apart.data())[0] > SAME_CROP)
        throw new Error(`crop ways: ${(await apart.data())[0].toFixed(1)} gray levels apart`);
      tf.dispose([apart, inputs.canvas!, inputs.tfjs!]);
      frame.close();
    }
    return times;
  } finally {
    backend.dispose();
  }
}
