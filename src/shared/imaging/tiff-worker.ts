/// <reference lib="webworker" />
/** Decodes one TIFF. */

import type { Answer } from './ask-worker';
import { pixelsOfTiff } from './tiff-pixels';
import type { Pixels } from './turn-pixels';

declare const self: DedicatedWorkerGlobalScope;

self.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => {
  try {
    const result = pixelsOfTiff(data);
    self.postMessage({ result } satisfies Answer<Pixels>, [result.data.buffer]);
  } catch (thrown) {
    // The library throws numbers and texts too.
    const message =
      thrown instanceof Error ? thrown.message : `its pixels are of a kind unknown here (${thrown})`;
    self.postMessage({ message } satisfies Answer<Pixels>);
  }
});
