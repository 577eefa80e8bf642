/** `mien/node`: the engine in Node, for pictures in files and in memory. Runs on WebAssembly, on the calling thread. */

import { createEngineWith } from '../src/engine/api/create';
import { checkOptions } from '../src/engine/bad-option';
import type { EngineOf, EngineOptions, ModelAddresses } from '../src/engine/api/exports';
import { setHost } from '../src/engine/host';
import { MODEL_PATHS } from 'virtual:model-paths';
import { nodeHost } from './node/host';
import { nodeModels } from './node/models';
import { startTfjs } from './node/tfjs';
import type { NodePicture } from './node/pictures';

export * from '../src/engine/api/exports';
export type { NodePicture, RawPicture } from './node/pictures';

/** As in a browser, without what Node has no choice of. */
export type NodeEngineOptions = Omit<EngineOptions, 'backend' | 'thread' | 'cache'>;

/** For pictures as Node has them; there is no `track`. */
export type NodeEngine = EngineOf<NodePicture>;

// Of all that this module exports, and harmless by itself.
setHost(nodeHost);

/** Where the package's models and binaries lie. */
const folder = import.meta.url;

const ownModels = (): ModelAddresses =>
  Object.fromEntries(
    MODEL_PATHS.map((path) => [path, new URL(/* @vite-ignore */ `./mien/models/${path}`, folder).href]),
  );

/**
 * As `createEngine` of `mien`. Files of pictures are decoded by `sharp`, which has to be installed beside this package.
 * @param options `modelsUrl` is by default the package's own folder `mien/models/`; a path counts from the working directory.
 * @throws EngineError as there.
 */
export async function createEngine(options: NodeEngineOptions = {}): Promise<NodeEngine> {
  checkOptions(options);
  startTfjs(new URL(/* @vite-ignore */ './mien/assets/tfjs-backend-wasm-simd.wasm', folder));
  const modelsUrl = nodeModels(ownModels(), options.modelsUrl);
  const settings: EngineOptions = {
    ...options,
    modelsUrl,
    cache: undefined,
    backend: 'wasm',
    thread: 'page',
  };
  // Its calls hand pictures on to the host unseen, and the host is Node's.
  return (await createEngineWith(NO_FILES, settings)) as unknown as NodeEngine;
}

/** Of the files that a browser fetches none is needed here. */
const NO_FILES = { worker: '', wasm: { plain: '', simd: '', threaded: '', thread: '' } };
