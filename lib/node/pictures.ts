/** Pictures as they come in Node, decoded to pixels. */

import { fileURLToPath } from 'node:url';

/** Pixels row by row, red, green, blue, alpha, 0..255 each; alpha is passed over. */
export interface RawPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

const CHANNELS = 4;

/** A path, a file's address (`file:`), the bytes of a file in any format that sharp reads, or pixels. */
export type NodePicture = string | URL | Uint8Array | ArrayBuffer | Blob | RawPicture;

/** The parts of sharp that are used; it is installed by who needs it. */
interface Sharp {
  (input: string | Uint8Array | ArrayBuffer): Sharp;
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
  const { width, height, data } = isRaw(picture) ? checked(picture) : await decode(picture);
  // The engine closes pictures; here memory is freed by itself.
  return { width, height, data, close() {} };
}

const isRaw = (picture: NodePicture): picture is RawPicture =>
  typeof picture === 'object' && picture !== null && 'data' in picture && 'width' in picture;

function checked(picture: RawPicture): RawPicture {
  const { width, height, data } = picture;
  const isSize = (px: number) => Number.isSafeInteger(px) && px > 0;
  if (!isSize(width) || !isSize(height))
    throw new Error(`pixels: must be a whole number of px wide and high, are ${width} × ${height} px`);
  if (!(data instanceof Uint8Array || data instanceof Uint8ClampedArray))
    throw new Error('pixels: must be bytes, as Uint8Array or Uint8ClampedArray');
  if (data.length !== CHANNELS * width * height)
    throw new Error(
      `pixels: ${width} × ${height} px need ${CHANNELS * width * height} bytes, there are ${data.length}`,
    );
  return picture;
}

async function decode(picture: Exclude<NodePicture, RawPicture>): Promise<RawPicture> {
  const file = await fileOf(picture);
  const sharp = await loadSharp();
  const { data, info } = await sharp(file)
    .autoOrient()
    .toColourspace('srgb')
    .flatten({ background: '#000' })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** As sharp takes it. */
async function fileOf(picture: Exclude<NodePicture, RawPicture>): Promise<string | Uint8Array | ArrayBuffer> {
  if (picture instanceof URL) return fileURLToPath(picture);
  // `import.meta.resolve` gives addresses as text.
  if (typeof picture === 'string') return picture.startsWith('file:') ? fileURLToPath(picture) : picture;
  if (picture instanceof Blob) return picture.arrayBuffer();
  if (picture instanceof Uint8Array || picture instanceof ArrayBuffer) return picture;
  throw new Error('must be a path, a URL of a file, its bytes, or { width, height, data }');
}

async function loadSharp(): Promise<Sharp> {
  try {
    return ((await import('sharp')) as unknown as { default: Sharp }).default;
  } catch (cause) {
    throw new Error('sharp decodes pictures here and is not installed: npm install sharp', { cause });
  }
}
