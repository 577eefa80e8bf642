/** Formats that hold pictures: the files themselves, and copies with the faces drawn over them. */

import { createCanvas2d } from '../../../engine/landmark/crop';
import { boxOfPresent } from '../../missing-points';
import { drawOverlay } from '../../overlay/draw';
import { encodeCanvas } from '../../imaging/encode';
import { createMeshCache } from '../../overlay/mesh';
import { viewAffine } from '../../overlay/view';
import { decodePicture, limits } from '../../imaging/decode';
import { isTurned, uprightCopy } from '../../imaging/upright';
import type { Size } from '../../imaging/types';
import { pathOf, stemOf } from '../names';
import type { ExportFile, ExportOptions, ExportPicture, Format } from '../types';

/** Largest canvas that every browser supports, px: iOS stops at 4096 × 4096. A longer side than that of a decoded picture stays empty in some. */
const MAX_CANVAS_PX = 4096 ** 2;

/** Of the canvas that a picture is drawn over on: its own where a canvas can have it, at least a px a side. */
export function overlaySize({ width, height }: Size): Size {
  const scale = Math.min(
    1,
    Math.sqrt(MAX_CANVAS_PX / (width * height)),
    limits.decodedSidePx / Math.max(width, height),
  );
  const side = (px: number) => Math.max(1, Math.floor(scale * px));
  return { width: side(width), height: side(height) };
}

/** Says at the end what became of pictures that EXIF turns. */
async function* writePictures(
  pictures: readonly ExportPicture[],
  { upright = false, onNote = () => {} }: ExportOptions,
): AsyncGenerator<ExportFile> {
  const turned: string[] = [];
  const left: string[] = [];
  for (const picture of pictures) {
    const name = pathOf(picture);
    const file = await picture.open();
    const needsTurn = await isTurned(file);
    const copy = needsTurn && upright ? await uprightCopy(file, name) : null;
    if (needsTurn) (copy ? turned : left).push(name);
    yield { name, data: copy ?? file };
  }
  if (turned.length)
    onNote(`Turned upright, as their points are, and saved without EXIF: ${formatNames(turned)}.`);
  if (left.length)
    onNote(
      `As they came, with a turn in their EXIF that their points follow and other programs may ignore: ${formatNames(left)}.`,
    );
}

/** Names in a note before it says how many more there are. */
const MAX_NAMES = 3;

function formatNames(names: readonly string[]): string {
  const more = names.length - MAX_NAMES;
  return names.slice(0, MAX_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

async function* writeOverlays(
  pictures: readonly ExportPicture[],
  options: ExportOptions,
): AsyncGenerator<ExportFile> {
  for (const picture of pictures) {
    yield { name: `overlay/${stemOf(pathOf(picture))}.png`, data: await drawOver(picture, options) };
  }
}

/** The picture with its faces, at full size or at the largest size a canvas can have. */
async function drawOver(picture: ExportPicture, { style }: ExportOptions): Promise<Blob> {
  const { faces } = picture;
  const size = overlaySize(picture);
  const context = createCanvas2d(size.width, size.height, true);
  const bitmap = await decodePicture(await picture.open(), pathOf(picture), picture);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, size.width, size.height);
  bitmap.close();
  const toView = viewAffine(picture, size, 'contain', false);
  for (const [i, face] of faces.entries()) {
    const drawn = { ...face, id: i + 1, box: boxOfPresent(face.points) };
    drawOverlay(context, [drawn], face.scheme, style, toView, createMeshCache());
  }
  return encodeCanvas(context.canvas, 'image/png');
}

export const picture: Format = {
  label: 'The pictures',
  about: 'The original files, or upright copies. With their .pts files they are a folder to train on.',
  extension: '',
  write: writePictures,
};

export const overlay: Format = {
  label: 'Pictures with overlay',
  about:
    'PNG copies with the faces drawn as on the screen; those above 16 megapixels, or 16,384 px a side, are scaled down.',
  extension: '.png',
  write: writeOverlays,
};
