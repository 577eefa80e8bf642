/** The engine's nouns: what goes in, what comes out, and in which space and unit each number is. */

/**
 * Spaces a coordinate can live in. The origin is the corner of the top-left pixel, x to the right, y down,
 * so pixel i has its centre at i + 0.5, everywhere inside Mien.
 * - `image`: pixels of the frame or picture handed to the engine
 * - `crop`: 0..1 over the square the network reads
 * - `view`: CSS pixels of the element that shows the picture
 */
export type Space = 'image' | 'crop' | 'view';

declare const space: unique symbol;

/** x0, y0, x1, y1, … of one face, in the order of the model's scheme. */
export type Points<S extends Space> = Float32Array & { readonly [space]?: S };

/** An upright rectangle; `x`, `y` is its top-left corner. */
export interface Box<S extends Space> {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly [space]?: S;
}

/** x' = a·x + c·y + e, y' = b·x + d·y + f: the order of the arguments of canvas `setTransform`. */
export interface Affine<From extends Space, To extends Space> {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
  readonly [space]?: [From, To];
}

/** What the points of a model mean; comes with the model, so that the app has no landmark tables of its own. */
export interface Scheme {
  readonly id: string;
  readonly pointCount: number;
  /** One name per point. */
  readonly names: readonly string[];
  /** Group name (jaw, brows, nose, eyes, mouth, …) to the indices of its points. */
  readonly groups: Readonly<Record<string, readonly number[]>>;
  /** Pairs of indices to join when contours are drawn. */
  readonly edges: readonly (readonly [number, number])[];
  /** `mirror[i]` is the point that point i becomes in a mirrored face. */
  readonly mirror: readonly number[];
  /** The two points whose distance normalises errors (outer eye corners for 68 points). */
  readonly normalisingPair: readonly [number, number];
  /** Indices of the points of the eye on the left of an unmirrored picture, then on the right; their means give the roll. */
  readonly eyes: readonly [readonly number[], readonly number[]];
}

export interface Metric {
  readonly dataSet: string;
  readonly crop: 'truth' | 'detector';
  readonly images: number;
  readonly nmeInterOcularPct: number;
  readonly nmeBoxPct: number;
  readonly failureRate8Pct: number;
  readonly auc8Pct: number;
}

/** `userDefinedMetadata.mien` of a model.json, parsed. */
export interface Manifest {
  readonly formatVersion: 1;
  readonly id: string;
  readonly title: string;
  readonly family: 'regression' | 'heatmap';
  readonly scheme: Scheme;
  readonly input: {
    /** Node name of the placeholder. */
    readonly name: string;
    readonly width: number;
    readonly height: number;
    readonly channels: 1;
    /** value = (gray / 255 − mean) / deviation, gray = 0.299 R + 0.587 G + 0.114 B in 0..255. */
    readonly mean: number;
    readonly deviation: number;
  };
  /** Side of the square crop over the larger side of the upright box of the points. */
  readonly cropMargin: number;
  readonly output: {
    /** Node of the packed vector (faces, pointCount·3 + 1): x, y, ln(spread) per point in crop units, then the presence logit. */
    readonly packed: string;
    /** Node of the heatmaps, for the heatmap family. */
    readonly heatmaps?: string;
  };
  /** Presence (0..1) under which a track ends. */
  readonly presenceThreshold: number;
  readonly parameters: number;
  readonly multiplyAdds: number;
  readonly metrics: readonly Metric[];
  readonly provenance: {
    readonly dataSets: readonly { readonly name: string; readonly terms: string }[];
    readonly config: string;
    readonly seed: number;
    readonly commit: string;
    readonly date: string;
  };
}

/** One line of `models/registry.json`, written by `training/mien/export.py` alone. */
export interface RegistryEntry {
  readonly id: string;
  readonly title: string;
  readonly family: 'regression' | 'heatmap';
  /** Path of model.json, relative to the registry. */
  readonly path: string;
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[];
}

export interface Face {
  readonly points: Points<'image'>;
  /** Expected distance of each point from its true place, in image px. */
  readonly spread: Float32Array;
  /** The upright box of the points. */
  readonly box: Box<'image'>;
  /** Presence, 0..1. */
  readonly score: number;
  /** Stable while the face is followed; counts up from 1. `detect` numbers its faces 1, 2, …. */
  readonly id: number;
}

export type BackendName = 'webgl' | 'webgpu' | 'wasm' | 'cpu';
export type ThreadName = 'worker' | 'page';

/** Milliseconds each stage took; 0 where it did not run. */
export interface Timings {
  readonly detectMs: number;
  readonly cropMs: number;
  readonly networkMs: number;
  readonly readBackMs: number;
  readonly filterMs: number;
  readonly totalMs: number;
}

export interface Result {
  readonly timeMs: number;
  readonly faces: readonly Face[];
  readonly timings: Timings;
  /** Size of the image the points are in. */
  readonly width: number;
  readonly height: number;
}

export interface EngineInfo {
  readonly backend: BackendName;
  /** Why this backend, in a sentence fit for the screen. */
  readonly backendReason: string;
  readonly thread: ThreadName;
  readonly threadReason: string;
  readonly manifest: Manifest;
}

/** Progress of `createEngine`. */
export type Progress =
  | {
      readonly kind: 'download';
      readonly what: string;
      readonly loadedBytes: number;
      readonly totalBytes: number;
    }
  | { readonly kind: 'backend'; readonly backend: BackendName }
  | { readonly kind: 'warm-up'; readonly done: number; readonly total: number };

export interface EngineOptions {
  /** Id in the registry. Default: the registry's first model. */
  readonly model?: string;
  /** Where `registry.json` lies. Default: `models/` under the page's base address. */
  readonly modelsUrl?: string;
  /** Default 'auto': webgl, webgpu, wasm, cpu, the first that works and is not a software GL. */
  readonly backend?: BackendName | 'auto';
  /** Default 'auto': a worker, or the page where a worker cannot reach the GPU. */
  readonly thread?: ThreadName | 'auto';
  /** Faces followed at once by `track`, 1..8; `detect` has a limit of its own. Default 1. */
  readonly maxFaces?: number;
  /** 0 = none, 1 = strongest. Default 0.5. */
  readonly smoothing?: number;
  readonly onProgress?: (progress: Progress) => void;
}

/** What may change without building the engine anew. */
export type Tuning = Pick<EngineOptions, 'maxFaces' | 'smoothing'>;

/** How `detect` looks at a picture. */
export interface DetectOptions {
  /** At most so many faces, the largest first. Default: all there are. */
  readonly maxFaces?: number;
  /**
   * True: looks again at larger scales for small faces, and turned by 90, 180 and 270° when none is found upright. False: one
   * look at the whole, which misses faces narrower than about a tenth of the picture's longer side. Default true.
   */
  readonly thorough?: boolean;
  /** Ends the search between two looks; `detect` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface Engine {
  /** The same object until the engine, its GPU gone for good, moves to another backend; that happens under 'auto' alone. */
  readonly info: EngineInfo;
  /** True while a frame is in flight; `track` would drop another. */
  readonly busy: boolean;
  /**
   * Stateless, for photos: detector, then two passes of the network (the second crop comes from the first's points), in
   * batches of the engine's `maxFaces`. Takes what `createImageBitmap` takes; the caller keeps it.
   * @returns the faces, the largest first; none when there is none.
   * @throws EngineError `bad-image` when the picture cannot be decoded, `bad-option` naming the option.
   */
  detect(image: ImageBitmapSource, options?: DetectOptions): Promise<Result>;
  /**
   * Stateless, for faces found by other means: one pass of the network per box, as one batch, from a square of the model's
   * `cropMargin` times the larger side of the box about its centre, not turned. No face is left out, however low its score.
   * @param boxes around the faces' points (brows to chin), not around the whole heads.
   * @throws EngineError `bad-option` when a box has no size.
   */
  landmarks(image: ImageBitmapSource, boxes: readonly Box<'image'>[]): Promise<Result>;
  /**
   * Stateful, for video. The engine owns and closes `frame`, always.
   * @param timeMs time of the frame, rising; a step back resets the filters.
   * @returns null when the frame was dropped because another is in flight.
   */
  track(frame: ImageBitmap, timeMs: number): Promise<Result | null>;
  tune(tuning: Tuning): Promise<void>;
  /** Forgets all tracks. */
  reset(): Promise<void>;
  /** tfjs' count of live tensors, for tests and the meter. */
  tensorCount(): Promise<number>;
  /** Frees everything; the engine cannot be used afterwards. Calling it twice is fine. */
  dispose(): Promise<void>;
}
