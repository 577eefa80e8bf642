/** What goes in: options of an engine and of its calls. */

import type { BackendName, DetectorName, Progress, ThreadName } from './engine';

/** The address of each file of a models' folder by its path in it, `registry.json` among them: for files that lie apart, as bundlers put them. */
export type ModelAddresses = Readonly<Record<string, string>>;

/** A model that is in no registry. It is validated before anything of it runs; see `MODEL_LIMITS`. */
export interface ModelSource {
  /** Its files by path, as many as model.json names. */
  readonly files: ReadonlyMap<string, Blob>;
  /** Of model.json among them. */
  readonly path: string;
}

export interface EngineOptions {
  /** Id in the registry, or a model of your own. Default: the registry's first model. */
  readonly model?: string | ModelSource;
  /**
   * Where `registry.json` lies: a folder, whose address has neither `?` nor `#`, or the address of each file. Default: `models/` under the page's base address; of the
   * package, its own, which also stand in for addresses that are missing.
   */
  readonly modelsUrl?: string | URL | ModelAddresses;
  /** The network that finds faces. Default 'blazeface'. */
  readonly detector?: DetectorName;
  /** Cache Storage cache that keeps the files of models, once they were checked. Default: no cache. */
  readonly cache?: string;
  /** Default 'auto': webgl, webgpu, wasm, cpu, the first that works and is not a software GL. */
  readonly backend?: BackendName | 'auto';
  /** Default 'auto': a worker, or the page where a worker cannot reach the GPU. */
  readonly thread?: ThreadName | 'auto';
  /** Faces tracked at once by `track`, 1..8; `detect` has a limit of its own. Default 1. */
  readonly maxFaces?: number;
  /** 0 = none, 1 = strongest. Default 0.5. */
  readonly smoothing?: number;
  /** Whether faces carry `signals`. Default false. */
  readonly signals?: boolean;
  /**
   * Whether `signals` tell where the eyes look, which a second, small network reads in the picture of each eye. Only with
   * `signals`, and ends with them. Default false.
   */
  readonly gaze?: boolean;
  /**
   * Angle across the longer side of the picture by which `signals` tell poses and distances, degrees, 10..150. Default 50,
   * between phones and webcams (55 to 70°) and portraits (20 to 45°).
   */
  readonly fieldOfViewDeg?: number;
  /**
   * How often `track` searches for newcomers while it follows faces and has room for more, ms by the times of the frames: 0 searches every
   * frame. Faces too small for a look at the whole are searched for once a second at most. Default 1000, for a camera.
   */
  readonly newcomerIntervalMs?: number;
  /** What it throws ends the start of the engine, which rejects with it. */
  readonly onProgress?: (progress: Progress) => void;
  /** An abort ends the start of the engine, which rejects with the signal's reason; later it does nothing. */
  readonly signal?: AbortSignal;
}

/** What can change without making the engine anew. */
export type Tuning = Pick<
  EngineOptions,
  'maxFaces' | 'smoothing' | 'signals' | 'gaze' | 'fieldOfViewDeg' | 'newcomerIntervalMs'
>;

/** What every call of the engine takes. */
export interface CallOptions {
  /**
   * An abort rejects the call with the signal's reason. A call that waits leaves the engine's queue at once; one under way
   * ends between two passes of a network.
   */
  readonly signal?: AbortSignal;
}

export interface DetectOptions extends CallOptions {
  /** At most so many faces, the largest first. Default: all there are. */
  readonly maxFaces?: number;
  /**
   * True: searches at larger scales for small faces as well, and turned by 90, 180 and 270° when none is surely upright; points
   * are averaged with those that the network finds in the mirrored face, a third pass. False: one pass of the detector over the
   * whole, which misses faces narrower than about a tenth of the picture's longer side, and two of the network. Default true.
   */
  readonly thorough?: boolean;
  /**
   * True: an `ImageBitmap` is handed over instead of copied for the engine's worker. The engine closes it, also when the call
   * throws. Default false: the caller keeps it, and closes it only once the call has settled.
   */
  readonly transfer?: boolean;
}
