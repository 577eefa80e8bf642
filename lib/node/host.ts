/** Node in place of a browser: files beside addresses, canvases in memory, pictures decoded by sharp. */

import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { Host } from '../../src/engine/host';
import { openPicture, type NodePicture } from './pictures';
import { createRaster } from './raster';

export const nodeHost: Host = {
  baseUrl: () => pathToFileURL(`${process.cwd()}/`).href,
  fetch: (url, init) => (url.startsWith('file:') ? readUrl(url) : fetch(url, init)),
  // The engine uses the few parts of a context that a raster has.
  createCanvas2d: (width, height) =>
    createRaster(width, height) as unknown as OffscreenCanvasRenderingContext2D,
  createBitmap: async (image) =>
    (await openPicture(image as unknown as NodePicture)) as unknown as ImageBitmap,
};

async function readUrl(url: string): Promise<Response> {
  try {
    return new Response(await readFile(new URL(url)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return new Response(null, { status: 404 });
  }
}
