/** Bytes of large files, piece by piece. */

const PIECE_BYTES = 1 << 20;

/**
 * Into one buffer, where the browser can: of 400 MB read into buffers of their own, Chromium 156 held 170 MB at a time until it
 * tidied up.
 * @returns pieces that last until the next one is asked for
 */
export async function* piecesOf(blob: Blob, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const read = readInto(blob) ?? readAnew(blob);
  for (;;) {
    signal?.throwIfAborted();
    const { done, value } = await read();
    if (value?.length) yield value;
    if (done) return;
  }
}

type Read = () => Promise<{ readonly done: boolean; readonly value?: Uint8Array }>;

function readAnew(blob: Blob): Read {
  const reader = blob.stream().getReader();
  return () => reader.read();
}

/** Null where the browser's files are no byte streams. */
function readInto(blob: Blob): Read | null {
  let reader: ReadableStreamBYOBReader;
  try {
    reader = blob.stream().getReader({ mode: 'byob' });
  } catch {
    return null;
  }
  let buffer = new ArrayBuffer(PIECE_BYTES);
  return async () => {
    const { done, value } = await reader.read(new Uint8Array(buffer));
    if (value) buffer = value.buffer;
    return { done, value };
  };
}
