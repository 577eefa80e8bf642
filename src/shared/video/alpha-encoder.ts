/**
 * Encodes frames with transparency as VP9 in WebM has it: one stream of the colours and one whose brightness is the alpha,
 * packet beside packet. Mediabunny does the same in a worker made from a text, which the app's content security policy forbids.
 */

import { EncodedPacket, type EncodedVideoPacketSource } from 'mediabunny';
import type { Size } from '../imaging/types';

const CODEC = 'vp09.00.10.08';
/** Lines and dots on nothing need few bits. */
const BITS_PER_PIXEL_SECOND = 3;
/** Frames that are encoded at once, at most: more would fill memory. */
const MAX_QUEUE = 8;

export const alphaConfig = ({ width, height }: Size): VideoEncoderConfig => ({
  codec: CODEC,
  width,
  height,
  bitrate: BITS_PER_PIXEL_SECOND * width * height,
  latencyMode: 'quality',
});

export interface AlphaEncoder {
  /** @param rgba not premultiplied @param isKey whether this frame can be decoded by itself */
  add(rgba: Uint8ClampedArray, timestampS: number, durationS: number, isKey: boolean): Promise<void>;
  finish(): Promise<void>;
  close(): void;
}

interface Encoded {
  readonly chunk: EncodedVideoChunk;
  readonly metadata: EncodedVideoChunkMetadata | undefined;
}

export function createAlphaEncoder(size: Size, source: EncodedVideoPacketSource): AlphaEncoder {
  const { width, height } = size;
  const colours: Encoded[] = [];
  const alphas: Encoded[] = [];
  let failure: unknown = null;
  let writing = Promise.resolve();

  const create = (into: Encoded[]) => {
    const encoder = new VideoEncoder({
      output(chunk, metadata) {
        into.push({ chunk, metadata });
        while (colours.length && alphas.length) pair(colours.shift()!, alphas.shift()!);
      },
      error: (error) => (failure = error),
    });
    encoder.configure(alphaConfig(size));
    return encoder;
  };
  const pair = (colour: Encoded, alpha: Encoded) => {
    const bytes = new Uint8Array(alpha.chunk.byteLength);
    alpha.chunk.copyTo(bytes);
    const packet = EncodedPacket.fromEncodedChunk(colour.chunk, { alpha: bytes });
    writing = writing.then(() => source.add(packet, colour.metadata));
    writing.catch((error: unknown) => (failure = error));
  };
  const encoders = [create(colours), create(alphas)];

  return {
    async add(rgba, timestampS, durationS, isKey) {
      if (failure) throw failure;
      const timing = { timestamp: Math.round(timestampS * 1e6), duration: Math.round(durationS * 1e6) };
      const frames = [
        new VideoFrame(rgba, { ...timing, format: 'RGBX', codedWidth: width, codedHeight: height }),
        new VideoFrame(alphaPlanes(rgba, size), {
          ...timing,
          format: 'I420',
          codedWidth: width,
          codedHeight: height,
        }),
      ];
      encoders.forEach((encoder, i) => encoder.encode(frames[i], { keyFrame: isKey }));
      for (const frame of frames) frame.close();
      while (encoders.some(({ encodeQueueSize }) => encodeQueueSize > MAX_QUEUE))
        await new Promise((resolve) => setTimeout(resolve, 1));
      await writing;
    },
    async finish() {
      for (const encoder of encoders) await encoder.flush();
      await writing;
      if (failure) throw failure;
    },
    close() {
      for (const encoder of encoders) if (encoder.state !== 'closed') encoder.close();
    },
  };
}

/** Alpha as the brightness of a grey picture in I420. */
function alphaPlanes(rgba: Uint8ClampedArray, { width, height }: Size): Uint8Array {
  const pixels = width * height;
  const planes = new Uint8Array(pixels + 2 * Math.ceil(width / 2) * Math.ceil(height / 2));
  for (let i = 0; i < pixels; i++) planes[i] = rgba[4 * i + 3];
  return planes.fill(128, pixels);
}
