/** Bytes of large files, piece by piece. */

const PIECE_BYTES = 1 << 20;

/**
 * Each piece is read by itself: of a file's stream read into one buffer ("byob"), Chromium 156 loses the answer where it tidies up
 * its memory meanwhile, and read into buffers of the browser's it holds twice as much.
 * @returns pieces that last until the next one is asked for
 */
export async function* piecesOf(blob: Blob, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < blob.size; from += PIECE_BYTES) {
    signal?.throwIfAborted();
    yield new Uint8Array(await blob.slice(from, from + PIECE_BYTES).arrayBuffer());
  }
}
