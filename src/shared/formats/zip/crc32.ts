/** The checksum of ZIP files: CRC-32 of ISO 3309, polynomial 0xEDB88320, least significant bit first. */

import { piecesOf } from './pieces';

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

/** @param before of the bytes before these */
export function crc32(bytes: Uint8Array, before = 0): number {
  let crc = ~before;
  for (let i = 0; i < bytes.length; i++) crc = table[(crc ^ bytes[i]) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** Of a file that is read piece by piece. */
export async function crc32OfBlob(blob: Blob, signal?: AbortSignal): Promise<number> {
  let crc = 0;
  for await (const piece of piecesOf(blob, signal)) crc = crc32(piece, crc);
  return crc;
}
