/** The engine's types: what goes in, what comes out, and the space and unit of each number. */

import type { TaughtInfo } from './taught-info';

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
   * Null where the points do not show both eyes, as with a nose tip alone: they then tell neither the roll of the face nor its
   * size.
   */
  readonly eyes: readonly [readonly number[], readonly number[]] | null;
  /** The mean face: one position per point, in crop units; null where the manifest brings none. */
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
  /** As `nmeBoxPct`, of all points but the jaw's; null where it was not measured. */
  readonly nmeInnerBoxPct: number | null;
  /** Faces under the presence threshold; null where they were not counted. */
  readonly misses: number | null;
  /** The same by the yaw of the head, as far as the pictures have it; empty where it was not measured. */
  readonly yawBins: readonly YawBin[];
}

/** Errors on the faces of one range of |yaw|, such as `30-60`, degrees. */
export interface YawBin extends Pick<
  Metric,
  'images' | 'nmeInterOcularPct' | 'nmeBoxPct' | 'nmeInnerBoxPct' | 'misses'
> {
  readonly yawDeg: string;
}

/** How well the spread is calibrated: shares (0..1) of held-out points whose error is within one and within two spreads. */
export interface Calibration {
  readonly within1: number;
  readonly within2: number;
}

/**
 * `userDefinedMetadata.mien` of a model.json, parsed. `scheme.meanFace`, `output.values`, `output.heatmaps`,
 * `metrics[].regions` and the fields after it, `calibration` and `classroom` may be missing in the file; everything else must be there.
 */
export interface Manifest {
  readonly formatVersion: 1;
  readonly id: string;
  readonly title: string;
  readonly family: 'regression' | 'heatmap';
  /** A small network of historical interest: listed apart from those for use. False where missing. */
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
  /**
   * One weight per point, adding up to 0: Σ wᵢ pᵢ points from brow to chin along the head's own axis at any yaw (training's
   * `mien.pose.upright_weights`), so that crops stand upright by it. Null where the model brings none: then the line through
   * the eyes tells the roll. In the file it is `scheme.uprightWeights`.
   */
  readonly uprightWeights: readonly number[] | null;
  readonly output: {
    /** What the packed vector holds. `points-spread-presence` where missing. */
    readonly values: 'points-spread-presence' | 'points-spread-visible-presence' | 'points';
    /**
     * Node of the packed vector of each face.
     * - `points-spread-presence`: (faces, pointCount·3 + 1): x, y, ln(spread) per point, then the presence logit. A spread of
     *   1 is √(width · height) of the crop.
     * - `points-spread-visible-presence`: (faces, pointCount·4 + 1): x, y, ln(spread), visibility logit per point, then the
     *   presence logit.
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
  /** Score (0..1) below which there is no face, and a track ends. Pictures may ask for more: `presenceInPictures`. */
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
  /**
   * Points of the self-test's crop, x, y per point in crop units, to which a GPU is held at every start. Null where the model
   * brings none: then a GPU is held to wasm, once for each driver.
   */
  readonly selfTest?: readonly number[] | null;
  /** Only of a taught model, whose scheme is the taught one and everything else its base's. */
  readonly taught?: TaughtInfo;
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
  /** Path of the film of how it learned, relative to the registry; missing where there is none. */
  readonly learning?: string;
}

/**
 * How a head is turned, from a 3-D face laid over its points under a pinhole camera. The angles are relative to the line of
 * sight from the camera to the head: a face that looks into the camera has 0, wherever in the picture it is. The rotation is
 * roll · yaw · pitch. Beyond 75° of yaw pitch and roll become one; there pitch fades to 0 and roll takes it over.
 */
export interface HeadPose {
  /** About the vertical axis; −90..90, and a little beyond. Positive: the face looks to the right of the picture, its person's own left. */
  readonly yawDeg: number;
  /** About the axis through the ears, −90..90. Positive: the face looks up. */
  readonly pitchDeg: number;
  /** About the line of sight, −180..180. Positive: clockwise in the picture. */
  readonly rollDeg: number;
  /**
   * 16 numbers, column by column: brings points of the 3-D face (cm; x to the right of the picture, y up, z to the viewer; the
   * origin midway between the eyes) to the camera's (cm; the camera at 0, looking along −z).
   */
  readonly matrix: Float32Array;
}

/** An eye that shut and opened again. */
export interface Blink {
  readonly eye: 'left' | 'right';
  /** When it began to shut, on the clock of the frames. */
  readonly startMs: number;
  readonly durationMs: number;
  /** How far it shut: 1 wholly. */
  readonly depth: number;
}

/** An eye whose iris was found. */
export interface EyeGaze {
  /** Middle of the iris, image px. */
  readonly x: number;
  readonly y: number;
  /** Expected distance of it from its true place, image px. */
  readonly spread: number;
  /** Where this eye looks, by the axes of `Gaze`, relative to the line of sight to the eye itself. */
  readonly yawDeg: number;
  readonly pitchDeg: number;
}

/**
 * Where the eyes look, relative to the line of sight from the camera to them, as `HeadPose` is to that to the head: 0, 0 looks
 * into the camera, wherever in the picture the face is and however it is turned.
 */
export interface Gaze {
  /**
   * About the vertical axis, of both eyes together: a mean in which the more certain one counts for more. Positive: to the right
   * of the picture, the person's own left.
   */
  readonly yawDeg: number;
  /** Positive: up. */
  readonly pitchDeg: number;
  /** Null where the eye is shut or hidden. At least one is not. Left and right are the person's own. */
  readonly left: EyeGaze | null;
  readonly right: EyeGaze | null;
}

/** What a face does, measured on its points. Left and right are the person's own; a mirrored view changes no number. */
export interface Signals {
  readonly pose: HeadPose;
  /** How far each eye is open: 0 shut, 1 as wide as this face's own open eye. */
  readonly eyes: { readonly left: number; readonly right: number };
  /**
   * `opening`: gap of the inner lips over the mouth's width at rest; `width`: over its width at rest; `asymmetry`: the left
   * corner higher than the right, over the width, so that 0 is even.
   */
  readonly mouth: { readonly opening: number; readonly width: number; readonly asymmetry: number };
  /** Weights 0..1 of facial movements, by ARKit's names; `eyeLook…` among them where `gaze` is told. */
  readonly expression: Readonly<Record<string, number>>;
  /** The blinks that ended with this frame; none outside `track`. */
  readonly blinks: readonly Blink[];
  /** Where the engine was asked for it, by `gaze`; missing while both eyes are shut or hidden. */
  readonly gaze?: Gaze;
}

export interface Face {
  readonly points: Points<'image'>;
  /** Expected distance of each point from its true place, in image px; null where the model does not say. */
  readonly spread: Float32Array | null;
  /**
   * How likely it is that each point is seen, 0..1, and not hidden by the head itself or by something in the way; of this frame
   * alone, not smoothed. Missing where the model does not say.
   */
  readonly visible?: Float32Array;
  /** The upright box of the points; where the scheme shows no eyes, the box of the face that its crop was made for, brows to chin. */
  readonly box: Box<'image'>;
  /**
   * How sure it is that there is a face, 0..1. Of `track` and `landmarks` it is what the landmark network says, its presence:
   * near 1 for any face, also a half hidden one. Of `detect` it is presence times the detector's score, which tells whole
   * upright faces (0.75 to 0.95) from those cut by the border, hidden or turned (down to 0.35, where they are left out). From a
   * model that does not tell presence it is the detector's score alone, or 1 where the caller gave the box.
   */
  readonly score: number;
  /** Stable while the face is tracked; counts up from 1. `detect` numbers its faces 1, 2, …. */
  readonly id: number;
  /** Where the engine was asked for them, and the model has the 68 points. */
  readonly signals?: Signals;
}

/** The output of one layer of the network for one face. */
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
/** BlazeFace as it was published, or trained on in this repository for faces that are half covered. */
export type DetectorName = 'blazeface' | 'blazeface-covered';

/** Milliseconds each stage took; 0 where it did not run. */
export interface Timings {
  readonly detectMs: number;
  readonly cropMs: number;
  readonly networkMs: number;
  readonly readBackMs: number;
  readonly filterMs: number;
  readonly totalMs: number;
  /**
   * What the GPU's own clock says it worked for, where it tells: on WebGL with `EXT_disjoint_timer_query_webgl2`. The times
   * above are this program's, which hands out commands and waits for their result in `readBackMs`; drawing crops on a canvas is
   * in `cropMs` there alone. Missing where a pass of the landmark network was not told, or none ran.
   */
  readonly gpu?: { readonly cropMs: number; readonly networkMs: number };
}

/** The stages of `Timings`. */
export type TimedStage = Exclude<keyof Timings, 'totalMs' | 'gpu'>;

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
  /** Why this backend, in a sentence to show. */
  readonly backendReason: string;
  readonly thread: ThreadName;
  readonly threadReason: string;
  readonly detector: DetectorName;
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
  /** What it throws ends the start of the engine, which rejects with it. */
  readonly onProgress?: (progress: Progress) => void;
  /** An abort ends the start of the engine, which rejects with the signal's reason; later it does nothing. */
  readonly signal?: AbortSignal;
}

/** What can change without making the engine anew. */
export type Tuning = Pick<EngineOptions, 'maxFaces' | 'smoothing' | 'signals' | 'gaze' | 'fieldOfViewDeg'>;

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
