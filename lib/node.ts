/** `mien/node`: the engine in Node, for pictures in files and in memory. Runs on WebAssembly, on the calling thread. */

import { createEngineWith } from '../src/engine/api/create';
import type {
  Activations,
  Box,
  CallOptions,
  DetectOptions,
  Engine,
  EngineOptions,
  Face,
  Result,
  Signals,
} from '../src/engine/api/exports';
import { setHost } from '../src/engine/host';
import { nodeHost } from './node/host';
import { startTfjs } from './node/tfjs';
import type { NodePicture } from './node/pictures';

export * from '../src/engine/api/exports';
export type { NodePicture, RawPicture } from './node/pictures';

/** As in a browser, without what Node has no choice of. */
export type NodeEngineOptions = Omit<EngineOptions, 'backend' | 'thread' | 'cache'>;

/** `Engine` for pictures as Node has them. */
export interface NodeEngine extends Omit<
  Engine,
  'detect' | 'landmarks' | 'signals' | 'heatmaps' | 'activations' | 'track'
> {
  /** All faces of a picture, the largest first. @throws EngineError `bad-image` when it cannot be decoded. */
  detect(picture: NodePicture, options?: Omit<DetectOptions, 'transfer'>): Promise<Result>;
  /** The points of faces whose boxes are known, in their order. */
  landmarks(picture: NodePicture, boxes: readonly Box<'image'>[], options?: CallOptions): Promise<Result>;
  /** What faces do whose 68 points are known, in their order; undefined for points that fit no head. */
  signals(
    picture: NodePicture,
    faces: readonly Pick<Face, 'points' | 'spread'>[],
    options?: CallOptions,
  ): Promise<(Signals | undefined)[]>;
  /** What a heatmap network makes of one face. */
  heatmaps(picture: NodePicture, box: Box<'image'>, options?: CallOptions): Promise<Activations>;
  /** What a layer makes of one face. */
  activations(
    picture: NodePicture,
    box: Box<'image'>,
    node: string,
    options?: CallOptions,
  ): Promise<Activations>;
}

/** Where the package's models and binaries lie. */
const folder = import.meta.url;

/**
 * As `createEngine` of `mien`. Files of pictures are decoded by `sharp`, which has to be installed beside this package.
 * @param options `modelsUrl` is by default the package's own folder `models/`; a path counts from the working directory.
 * @throws EngineError as there.
 */
export async function createEngine(options: NodeEngineOptions = {}): Promise<NodeEngine> {
  setHost(nodeHost);
  startTfjs(new URL(/* @vite-ignore */ './assets/tfjs-backend-wasm-simd.wasm', folder));
  const modelsUrl = options.modelsUrl ?? new URL(/* @vite-ignore */ './models/', folder).href;
  const settings: EngineOptions = { ...options, modelsUrl, backend: 'wasm', thread: 'page' };
  // Its calls hand pictures on to the host unseen, and the host is Node's.
  return (await createEngineWith(NO_FILES, settings)) as unknown as NodeEngine;
}

/** Of the files that a browser fetches none is needed here. */
const NO_FILES = { worker: '', wasm: { plain: '', simd: '', threaded: '', thread: '' } };
