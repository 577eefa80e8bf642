/** Pictures as they come in Node, decoded to pixels. */

import { fileURLToPath } from 'node:url';

/** Pixels row by row, red, green, blue, alpha, 0..255 each; alpha is passed over. */
export interface RawPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** A path, a file's address, the bytes of a file in any format that sharp reads, or pixels. */
export type NodePicture = string | URL | Uint8Array | RawPicture;

/** The parts of sharp that are used; it is installed by who needs it. */
interface Sharp {
  (input: string | Uint8Array): Sharp;
  autoOrient(): Sharp;
  toColourspace(name: 'srgb'): Sharp;
  flatten(options: { background: string }): Sharp;
  ensureAlpha(): Sharp;
  raw(): Sharp;
  toBuffer(options: {
    resolveWithObject: true;
  }): Promise<{ data: Uint8Array; info: { width: number; height: number } }>;
}

/**
 * The pixels of a picture, upright as its EXIF data say, on black where it is transparent, as browsers draw it.
 * @throws Error where it cannot be read, or sharp is missing.
 */
export async function openPicture(picture: NodePicture): Promise<RawPicture & { close(): void }> {
  const { width, height, data } = isRaw(picture) ? picture : await decode(picture);
  if (data.length !== 4 * width * height)
    throw new Error(`${width} × ${height} px need ${4 * width * height} bytes, there are ${data.length}`);
  // The engine closes pictures; here memory is freed by itself.
  return { width, height, data, close() {} };
}

const isRaw = (picture: NodePicture): picture is RawPicture =>
  typeof picture === 'object' && 'data' in picture && 'width' in picture;

async function decode(file: string | URL | Uint8Array): Promise<RawPicture> {
  const sharp = await loadSharp();
  const { data, info } = await sharp(file instanceof URL ? fileURLToPath(file) : file)
    .autoOrient()
    .toColourspace('srgb')
    .flatten({ background: '#000' })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

async function loadSharp(): Promise<Sharp> {
  try {
    return ((await import('sharp')) as unknown as { default: Sharp }).default;
  } catch (cause) {
    throw new Error('sharp decodes pictures here and is not installed: npm install sharp', { cause });
  }
}
