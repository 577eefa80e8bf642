/** Formats that hold pictures: the files themselves, and copies with the faces drawn over them. */

import { createCanvas2d } from '../engine/canvas';
import { boxOf } from '../engine/geometry';
import { drawOverlay } from '../overlay/draw';
import { encodeCanvas } from '../overlay/encode';
import { createMeshCache } from '../overlay/mesh';
import { viewAffine } from '../overlay/view';
import { decodePicture } from '../photos/intake/open-picture';
import { pathOf, stemOf } from './names';
import type { ExportFile, ExportOptions, ExportPicture, Format } from './types';

/** The most px that every browser's canvas takes: iOS stops at 4096 × 4096. */
const mostCanvasPx = 4096 ** 2;

async function* writePictures(pictures: readonly ExportPicture[]): AsyncGenerator<ExportFile> {
  for (const picture of pictures) yield { name: pathOf(picture), data: await picture.open() };
}

async function* writeOverlays(
  pictures: readonly ExportPicture[],
  options: ExportOptions,
): AsyncGenerator<ExportFile> {
  for (const picture of pictures) {
    yield { name: `overlay/${stemOf(pathOf(picture))}.png`, data: await drawOver(picture, options) };
  }
}

/** The picture with its faces, in full size or as large as a canvas can be. */
async function drawOver(picture: ExportPicture, { style }: ExportOptions): Promise<Blob> {
  const { width, height, faces } = picture;
  const scale = Math.min(1, Math.sqrt(mostCanvasPx / (width * height)));
  const size = { width: Math.floor(scale * width), height: Math.floor(scale * height) };
  const context = createCanvas2d(size.width, size.height, true);
  const bitmap = await decodePicture(await picture.open(), pathOf(picture));
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, size.width, size.height);
  bitmap.close();
  const toView = viewAffine(picture, size, 'contain', false);
  for (const [i, face] of faces.entries()) {
    const drawn = { ...face, id: i + 1, box: boxOf(face.points) };
    drawOverlay(context, [drawn], face.scheme, style, toView, createMeshCache());
  }
  return encodeCanvas(context.canvas, 'image/png');
}

export const picture: Format = {
  label: 'The pictures',
  about: 'The files as they came. With their .pts files they are a folder to train on.',
  extension: '',
  write: writePictures,
};

export const overlay: Format = {
  label: 'Pictures with overlay',
  about: 'PNG copies with the faces drawn as on the screen; those above 16 megapixels are made smaller.',
  extension: '.png',
  write: writeOverlays,
};
