/// <reference lib="webworker" />
/** Decodes one HEIC. The library's two files are those of its package, byte by byte, and can be exchanged. */

// Named in src/app/service-worker.ts and vite.config.ts too: they are kept when they are first used, and not before.
import libraryUrl from 'libheif-js/libheif-wasm/libheif.js?url';
import wasmUrl from 'libheif-js/libheif-wasm/libheif.wasm?url';
import type { Answer } from './ask-worker';
import { pixelsOfHeic, type Libheif } from './heic-pixels';
import type { Pixels } from './turn-pixels';

declare const self: DedicatedWorkerGlobalScope;

type Create = (options: { wasmBinary: ArrayBuffer }) => Promise<Libheif>;

/** The script is of a kind that hands itself to AMD's `define` where there is one; as a module it exports nothing. */
async function loadLibrary(): Promise<Libheif> {
  let create: Create | undefined;
  const define = (_: unknown, make: () => Create) => (create = make());
  Object.assign(self, { define: Object.assign(define, { amd: true }) });
  try {
    const wasm = fetch(wasmUrl);
    const [answer] = await Promise.all([wasm, import(/* @vite-ignore */ libraryUrl)]);
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return await create!({ wasmBinary: await answer.arrayBuffer() });
  } catch (cause) {
    const message = 'the network is needed once, to fetch its decoder of 0.5 MB';
    throw new Error(message, { cause });
  }
}

self.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => {
  loadLibrary()
    .then((library) => pixelsOfHeic(library, new Uint8Array(data)))
    .then(
      (result) => self.postMessage({ result } satisfies Answer<Pixels>, [result.data.buffer]),
      (thrown: unknown) => {
        const message = thrown instanceof Error ? thrown.message : String(thrown);
        self.postMessage({ message } satisfies Answer<Pixels>);
      },
    );
});
