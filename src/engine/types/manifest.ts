/** What comes with a model: what its points mean, what it reads and gives, how good it is. */

import type { TaughtInfo } from './taught';

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
  /**
   * Labels whose place in the picture is uncertain were first laid over the points by a scale and two shifts: the errors are those
   * of the shape alone. Missing where they count as they lie.
   */
  readonly shapeOnly?: true;
  /** Faces under the presence threshold; null where they were not counted. */
  readonly misses: number | null;
  /** The same by the yaw of the head, as far as the pictures have it; empty where it was not measured. */
  readonly yawBins: readonly YawBin[];
}

/** Errors on the faces of one range of |yaw|, such as `30-60`, degrees. */
export interface YawBin extends Pick<Metric, 'images' | 'nmeInterOcularPct' | 'nmeInnerBoxPct' | 'misses'> {
  readonly yawDeg: string;
  /** Null where every face was missed and misses have no error. */
  readonly nmeBoxPct: number | null;
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
