/** Decodes HEIC with libheif, which turns a picture upright itself: by the boxes of HEIF, whatever EXIF says beside them. */

import type { Pixels } from './turn-pixels';

/** What is used of libheif-js, whose own types call it `any`. */
export interface Libheif {
  readonly heif_error_code: { readonly heif_error_Ok: unknown };
  readonly heif_colorspace: { readonly heif_colorspace_RGB: unknown };
  readonly heif_chroma: { readonly heif_chroma_interleaved_RGBA: unknown };
  readonly heif_channel: { readonly heif_channel_interleaved: unknown };
  heif_context_alloc(): object | null;
  heif_context_read_from_memory(context: object, bytes: Uint8Array): Failure;
  heif_js_context_get_primary_image_handle(context: object): Failure | object;
  heif_js_decode_image2(
    handle: object,
    colours: unknown,
    chroma: unknown,
  ): Failure | Decoded | Promise<Failure | Decoded>;
}

interface Failure {
  readonly code: unknown;
  readonly message: string;
}

interface Decoded {
  readonly channels: readonly {
    readonly id: unknown;
    readonly width: number;
    readonly height: number;
    /** Bytes of a row. */
    readonly stride: number;
    readonly data: Uint8Array;
  }[];
}

/** Of several pictures the primary one, 8 bits a channel, upright. @throws Error saying what it cannot decode */
export async function pixelsOfHeic(library: Libheif, bytes: Uint8Array): Promise<Pixels> {
  const context = library.heif_context_alloc();
  if (!context) throw new Error('there is no memory for it');
  const read = library.heif_context_read_from_memory(context, bytes);
  if (read.code !== library.heif_error_code.heif_error_Ok) throw errorOf(read);
  const handle = library.heif_js_context_get_primary_image_handle(context);
  if (isFailure(handle)) throw errorOf(handle);
  const decoded = await library.heif_js_decode_image2(
    handle,
    library.heif_colorspace.heif_colorspace_RGB,
    library.heif_chroma.heif_chroma_interleaved_RGBA,
  );
  if (isFailure(decoded)) throw errorOf(decoded);
  const pixels = decoded.channels.find(({ id }) => id === library.heif_channel.heif_channel_interleaved);
  if (!pixels) throw new Error('its pixels are of a kind unknown here');
  const { width, height, stride, data } = pixels;
  const packed = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y++)
    packed.set(data.subarray(y * stride, y * stride + 4 * width), 4 * y * width);
  return { width, height, data: packed };
}

function isFailure(answer: object): answer is Failure {
  return 'code' in answer;
}

/** Its messages are sentences of several parts, some with a line break at the end. */
function errorOf({ message }: Failure): Error {
  return new Error(message.trim().replace(/\.$/, ''));
}
