/** The engine's nouns: what goes in, what comes out, and in which space and unit each number is. */

/**
 * Spaces a coordinate can live in. The origin is the corner of the top-left pixel, x to the right, y down,
 * so pixel i has its centre at i + 0.5, everywhere inside Mien.
 * - `image`: pixels of the frame or picture handed to the engine
 * - `crop`: 0..1 over the width and over the height of the rectangle the network reads
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
  /** The two points whose distance normalises errors (outer eye corners for 68 points); null where no two do. */
  readonly normalisingPair: readonly [number, number] | null;
  /**
   * Indices of the points of the eye on the left of an unmirrored picture, then on the right; their means give the roll.
   * Null where the points do not show both eyes, as with a nose tip alone: they then say neither how the face leans nor how
   * large it is.
   */
  readonly eyes: readonly [readonly number[], readonly number[]] | null;
  /** The mean face: one place per point, in crop units; null where the manifest brings none. */
  readonly meanFace: readonly (readonly [number, number])[] | null;
}

/** Errors on one data set. Those counted in inter-ocular distances are null where the scheme has no normalising pair. */
export interface Metric {
  readonly dataSet: string;
  readonly crop: 'truth' | 'detector';
  readonly images: number;
  readonly nmeInterOcularPct: number | null;
  /** Mean distance over √(width · height) of the box of the face's points. */
  readonly nmeBoxPct: number;
  readonly failureRate8Pct: number | null;
  readonly auc8Pct: number | null;
  /** Inter-ocular NME of each group of the scheme, %, by its name. */
  readonly regions: Readonly<Record<string, number>>;
}

/** How honest the spread is: shares (0..1) of held-out points whose error is within one and within two spreads. */
export interface Calibration {
  readonly within1: number;
  readonly within2: number;
}

/**
 * `userDefinedMetadata.mien` of a model.json, parsed. `scheme.meanFace`, `output.values`, `output.heatmaps`,
 * `metrics[].regions`, `calibration` and `classroom` may be missing in the file; everything else must be there.
 */
export interface Manifest {
  readonly formatVersion: 1;
  readonly id: string;
  readonly title: string;
  readonly family: 'regression' | 'heatmap';
  /** A small network of historical interest: listed apart from those one would choose. False where missing. */
  readonly classroom: boolean;
  readonly scheme: Scheme;
  readonly input: {
    /** Node name of the placeholder, (faces, height, width, 1). */
    readonly name: string;
    /** Px. Width and height may differ; the crop has the same shape. */
    readonly width: number;
    readonly height: number;
    readonly channels: 1;
    /** value = (gray / 255 − mean) / deviation, gray = 0.299 R + 0.587 G + 0.114 B in 0..255. */
    readonly mean: number;
    readonly deviation: number;
  };
  /**
   * Longer side of the crop over the larger side of the upright box of the points. Where these do not span a face (a nose
   * tip), the box is the face's from brows to chin, as 68 points would have it.
   */
  readonly cropMargin: number;
  readonly output: {
    /** What the packed vector holds. `points-spread-presence` where missing. */
    readonly values: 'points-spread-presence' | 'points';
    /**
     * Node of the packed vector of each face.
     * - `points-spread-presence`: (faces, pointCount·3 + 1): x, y, ln(spread) per point, then the presence logit. A spread of
     *   1 is √(width · height) of the crop.
     * - `points`: (faces, pointCount·2): x, y per point.
     *
     * x and y are in crop units.
     */
    readonly packed: string;
    /**
     * Node of the heatmaps, for the heatmap family: (faces, height, width, pointCount), each map summing to 1. A point is the
     * mean of the cells' centres, ((column + 0.5) / width, (row + 0.5) / height), weighted by its map.
     */
    readonly heatmaps?: string;
  };
  /** Score (0..1) under which a face is none, and a track ends. */
  readonly presenceThreshold: number;
  readonly parameters: number;
  readonly multiplyAdds: number;
  readonly metrics: readonly Metric[];
  /** Null where it was not measured. */
  readonly calibration: Calibration | null;
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
  /** As in the model's manifest; false where missing. */
  readonly classroom: boolean;
  /** Path of model.json, relative to the registry. */
  readonly path: string;
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[];
}

export interface Face {
  readonly points: Points<'image'>;
  /** Expected distance of each point from its true place, in image px; null where the model does not say. */
  readonly spread: Float32Array | null;
  /** The upright box of the points; where the scheme shows no eyes, of the face as it was looked for, brows to chin. */
  readonly box: Box<'image'>;
  /**
   * How sure it is that there is a face, 0..1. Of `track` and `landmarks` it is what the landmark network says, its presence:
   * near 1 for any face, also a half hidden one. Of `detect` it is presence times the detector's score, which tells whole
   * upright faces (0.75 to 0.95) from those cut by the border, hidden or turned (down to 0.35, where they are left out). From a
   * model that does not tell presence it is the detector's score alone, or 1 where the caller gave the box.
   */
  readonly score: number;
  /** Stable while the face is followed; counts up from 1. `detect` numbers its faces 1, 2, …. */
  readonly id: number;
}

/** What one layer of the network made of one face. */
export interface Activations {
  readonly width: number;
  readonly height: number;
  /** Maps in the layer; of heatmaps there is one per point. */
  readonly channels: number;
  /** Row by row, all channels of a cell side by side: `values[(row · width + column) · channels + channel]`. */
  readonly values: Float32Array;
  /** Brings image px to 0..1 over the width and height of the maps. */
  readonly crop: Affine<'image', 'crop'>;
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

export interface EngineMemory {
  /** tfjs' count of live tensors. */
  readonly tensors: number;
  /** Bytes of live tensors on the GPU; null on wasm and cpu, which have none. */
  readonly gpuBytes: number | null;
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
  /** Shaders compiled, all at once; on a GPU alone. */
  | { readonly kind: 'shaders'; readonly done: number; readonly total: number }
  /** Networks run for the first time. */
  | { readonly kind: 'warm-up'; readonly done: number; readonly total: number };

/** A model that is in no registry. It is looked through before anything of it runs; see `MODEL_LIMITS`. */
export interface ModelSource {
  /** Its files by path, as many as model.json names. */
  readonly files: ReadonlyMap<string, Blob>;
  /** Of model.json among them. */
  readonly path: string;
}

export interface EngineOptions {
  /** Id in the registry, or a model of your own. Default: the registry's first model. */
  readonly model?: string | ModelSource;
  /** Where `registry.json` lies. Default: `models/` under the page's base address; of the package, its own. */
  readonly modelsUrl?: string;
  /** Cache Storage cache that keeps the files of models, once they were checked. Default: they are not kept. */
  readonly cache?: string;
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
   * True: looks again at larger scales for small faces, and turned by 90, 180 and 270° when none is surely upright. False: one
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
  /** True once it was disposed of, its worker has ended, or its GPU is gone for good: only another engine helps. */
  readonly lost: boolean;
  /**
   * Stateless, for photos: detector, then two passes of the network (the second crop comes from the first's points), in
   * batches of the engine's `maxFaces`. Takes what `createImageBitmap` takes; the caller keeps it.
   * @returns the faces, the largest first; none when there is none.
   * @throws EngineError `bad-image` when the picture cannot be decoded, `bad-option` naming the option.
   */
  detect(image: ImageBitmapSource, options?: DetectOptions): Promise<Result>;
  /**
   * Stateless, for faces found by other means: one pass of the network per box, as one batch, from a crop whose longer side
   * is the model's `cropMargin` times the larger side of the box, about its centre, not turned. No face is left out, however
   * low its score.
   * @param boxes around the faces' points (brows to chin), not around the whole heads.
   * @throws EngineError `bad-option` when a box has no size.
   */
  landmarks(image: ImageBitmapSource, boxes: readonly Box<'image'>[]): Promise<Result>;
  /**
   * The heatmaps of one face, from the crop that `landmarks` takes for the box; their expectations are its points.
   * @throws EngineError `bad-option` when the model has no heatmaps or the box has no size.
   */
  heatmaps(image: ImageBitmapSource, box: Box<'image'>): Promise<Activations>;
  /**
   * What any layer of the network made of one face: the node of that name in its `model.json`, one of shape
   * (1, height, width, channels).
   * @throws EngineError `bad-option` when there is no such node or it has another shape.
   */
  activations(image: ImageBitmapSource, box: Box<'image'>, node: string): Promise<Activations>;
  /**
   * Stateful, for video. The engine owns and closes `frame`, always.
   * @param timeMs time of the frame, rising; a step back resets the filters.
   * @returns null when the frame was dropped because another is in flight.
   */
  track(frame: ImageBitmap, timeMs: number): Promise<Result | null>;
  tune(tuning: Tuning): Promise<void>;
  /** Forgets all tracks. */
  reset(): Promise<void>;
  /** What is held now, between two calls; for tests and measurements. */
  memory(): Promise<EngineMemory>;
  /** Frees everything; the engine cannot be used afterwards. Calling it twice is fine. */
  dispose(): Promise<void>;
}
