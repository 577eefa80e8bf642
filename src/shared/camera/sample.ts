/** A stand-in for the camera that ships with the app: a portrait that moves a little. */

import type { FrameSource } from './source';
import { sampleAffine, sampleHeight, sampleWidth } from './sample-motion';

/** As a usual camera. */
const framesPerSecond = 30;

/** @throws when the picture cannot be loaded */
async function loadPicture(url: string): Promise<ImageBitmap> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`sample ${url}: the server answered ${response.status}`);
  return createImageBitmap(await response.blob());
}

/**
 * @param url address of the still
 * @param moving false holds it still, for people who asked for less motion
 */
export async function openSample(url: string, moving: boolean): Promise<FrameSource> {
  const picture = await loadPicture(url);
  const canvas = document.createElement('canvas');
  canvas.width = sampleWidth;
  canvas.height = sampleHeight;
  // Kept in memory rather than on the graphics card: without one, fetching each frame back from there takes far longer
  // than finding the landmarks in it.
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('sample: this browser gives no 2D canvas');
  context.imageSmoothingQuality = 'high';
  let paused = false;
  let clockMs = 0;

  const draw = () => {
    const { a, b, c, d, e, f } = sampleAffine(clockMs, moving);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = '#8d8580';
    context.fillRect(0, 0, sampleWidth, sampleHeight);
    context.setTransform(a, b, c, d, e, f);
    context.drawImage(picture, 0, 0);
  };
  draw();

  const onFrame = (callback: (timeMs: number) => void) => {
    let handle = 0;
    let lastMs = performance.now();
    const next = (timeMs: number) => {
      handle = requestAnimationFrame(next);
      const elapsedMs = timeMs - lastMs;
      // Half a repaint of slack, or a 60 Hz screen would give 20 frames a second instead of 30.
      if (paused || elapsedMs < 1000 / framesPerSecond - 8) return;
      lastMs = timeMs;
      // A tab that was hidden goes on where it was.
      clockMs += Math.min(elapsedMs, 100);
      draw();
      callback(timeMs);
    };
    handle = requestAnimationFrame(next);
    return () => cancelAnimationFrame(handle);
  };

  return {
    kind: 'sample',
    element: canvas,
    label: 'Sample',
    deviceId: null,
    facing: null,
    mirrorByDefault: false,
    size: () => ({ width: sampleWidth, height: sampleHeight }),
    onFrame,
    pause: () => (paused = true),
    resume: async () => {
      paused = false;
    },
    isMuted: () => false,
    stop: () => picture.close(),
  };
}
