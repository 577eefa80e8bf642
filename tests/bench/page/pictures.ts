/** Pictures and frames for the bench page. */

/** @throws naming the address when the picture cannot be fetched or decoded. */
export async function loadPicture(url: string): Promise<ImageBitmap> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  try {
    return await createImageBitmap(await response.blob());
  } catch (error) {
    throw new Error(`${url}: not a picture`, { cause: error });
  }
}

let portrait: ImageBitmap | null = null;

/** The app's own sample picture, decoded once; the page keeps it. */
export async function loadPortrait(): Promise<ImageBitmap> {
  portrait ??= await loadPicture('samples/astronaut.png');
  return portrait;
}

/** A canvas in the memory of the CPU, as camera frames are on wasm: from a software GL each read-back would take 100 ms. */
export function createCanvas(
  width: number,
  height: number,
): [OffscreenCanvas, OffscreenCanvasRenderingContext2D] {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error(`canvas of ${width}×${height}: no 2D context`);
  return [canvas, context];
}
