/** The engine that callers hold, for pictures as they come where it runs. */

import type { Disturbance, Inspection, Network, Probe } from '../inspect/types';
import type { Learned, LearnOptions, LearnRequestOf } from '../teach-request';
import type {
  Activations,
  Affine,
  Box,
  CallOptions,
  DetectOptions,
  EngineInfo,
  EngineMemory,
  Face,
  Result,
  Signals,
  Tuning,
} from '../types';

/** @typeParam Picture what it takes for one; the caller keeps it. */
export interface EngineOf<Picture> {
  /** The same object until the engine, its GPU gone for good, moves to another backend; that happens under 'auto' alone. */
  readonly info: EngineInfo;
  /** True while a frame is in flight; `track` would drop another. */
  readonly busy: boolean;
  /** True once it was disposed of, its worker has ended, or its GPU is gone for good: only another engine helps. */
  readonly lost: boolean;
  /**
   * Stateless, for photos: detector, then two passes of the network (the second crop comes from the first's points) and, unless told
   * not to be thorough, a third on the mirrored face, in batches of up to `MAX_BATCH` faces. The caller keeps the picture, unless
   * `transfer` hands it over. An `ImageBitmap` is read as it is where the page does the work, and copied for a worker; it must stay
   * open until the call has settled.
   * @returns the faces, the largest first; none when there is none.
   * @throws EngineError `bad-image` when the picture cannot be decoded, `bad-option` naming the option.
   */
  detect(image: Picture, options?: DetectOptions): Promise<Result>;
  /**
   * Stateless, for faces found by other means: one pass of the network per box, as one batch, from a crop whose longer side
   * is the model's `cropMargin` times the larger side of the box, about its centre, not turned. No face is left out, however
   * low its score.
   * @param boxes around the faces' points (brows to chin), not around the whole heads.
   * @throws EngineError `bad-option` when a box has no size.
   */
  landmarks(image: Picture, boxes: readonly Box<'image'>[], options?: CallOptions): Promise<Result>;
  /**
   * Stateless: what faces do whose 68 points are known by other means, as those that were corrected by hand; as `detect` tells
   * it of its own. With `gaze` the eye network reads their eyes in the picture.
   * @param faces their points, px of the picture, of which some may be missing (NaN in both coordinates). What takes a missing
   * one is NaN, and a face that lacks any has no gaze. `spread`: null where it is not known.
   * @returns of each face, in their order; undefined for points that fit no head.
   * @throws EngineError `bad-option` where the engine tells no signals, or points are not 68.
   */
  signals(
    image: Picture,
    faces: readonly Pick<Face, 'points' | 'spread'>[],
    options?: CallOptions,
  ): Promise<(Signals | undefined)[]>;
  /**
   * The heatmaps of one face, from the crop that `landmarks` takes for the box; their expectations are its points.
   * @throws EngineError `bad-option` when the model has no heatmaps or the box has no size.
   */
  heatmaps(image: Picture, box: Box<'image'>, options?: CallOptions): Promise<Activations>;
  /**
   * What any layer of the network made of one face: the node of that name in its `model.json`, one of shape
   * (1, height, width, channels).
   * @throws EngineError `bad-option` when there is no such node or it has another shape.
   */
  activations(image: Picture, box: Box<'image'>, node: string, options?: CallOptions): Promise<Activations>;
  /** The stages of the network, each run by itself and timed, and its first filters; half a second or so. */
  network(options?: CallOptions): Promise<Network>;
  /**
   * Stateless: one pass of the network over one crop, and what some of its nodes made of it as pictures of 8 bits. Meant for
   * live frames: `cropOfPoints` of the points gives the next frame's crop.
   * @param nodes names of nodes that give maps (`Stage.maps`); none: the points alone.
   * @throws EngineError `bad-option` when there is no such node or it has another shape, or the crop shows no area.
   */
  inspect(
    image: Picture,
    crop: Affine<'image', 'crop'>,
    nodes: readonly string[],
    options?: InspectOptions,
  ): Promise<Inspection>;
  /**
   * Stateless: what the network finds in one crop after each of these disturbances of it, in batches.
   * @throws EngineError `bad-option` when the crop shows no area.
   */
  probe(
    image: Picture,
    crop: Affine<'image', 'crop'>,
    disturbances: readonly Disturbance[],
    options?: ProbeOptions,
  ): Promise<Probe[]>;
  /**
   * Learns points from marked pictures, on top of what this engine's model sees; the model itself stays as it is. It goes in
   * steps of a few tens of ms, between which `track` and all other calls have their turn. An abort ends it before its next step.
   * @returns a small file that `createEngine` takes as a model (`taughtSource`), and how well it was learned.
   * @throws EngineError `bad-option` naming the mark or the part of the scheme that is wrong, or `bad-image`.
   */
  learn(request: LearnRequestOf<Picture>, options?: LearnOptions): Promise<Learned>;
  tune(tuning: Tuning, options?: CallOptions): Promise<void>;
  /**
   * Takes the look of every face that is tracked now for its look at rest, over the frames of the next `CALIBRATION_MS`, which
   * `signals.expression` and `signals.mouth` are measured by; and where its eyes look meanwhile for the camera, where `signals.gaze`
   * is told: ask people to relax their faces and look into the camera. Without it the look at rest is learnt over time, from the
   * calmest part of it, and eyes are taken to be as the mean face's. Does nothing where there are no signals.
   */
  calibrate(options?: CallOptions): Promise<void>;
  /** Forgets all tracks. */
  reset(options?: CallOptions): Promise<void>;
  /** What is held now, between two calls; for tests and measurements. */
  memory(options?: CallOptions): Promise<EngineMemory>;
  /**
   * Frees everything; the engine cannot be used afterwards. Calls that wait reject with `disposed`; the one under way is given
   * `DISPOSE_GRACE_MS` to finish. Calling it twice is fine.
   */
  dispose(): Promise<void>;
}

export type InspectOptions = Pick<DetectOptions, 'signal' | 'transfer'>;

export interface ProbeOptions extends CallOptions {
  /** Whether each result carries what the network read. Default false. */
  readonly withGray?: boolean;
}
