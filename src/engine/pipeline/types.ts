/** The work behind each call of `Engine`, and what crosses to whoever asks for it: all of it plain data. */

import type { Disturbance, Inspection, Network, Probe } from '../inspect/types';
import type {
  Activations,
  Affine,
  BackendName,
  Box,
  DetectOptions,
  DetectorName,
  EngineMemory,
  Face,
  Manifest,
  Progress,
  Result,
  Signals,
  Tuning,
} from '../types';
import type { LearnStart, LearnStep, Mark } from './learning';

export interface PipelineInfo {
  readonly backend: BackendName;
  readonly backendReason: string;
  readonly detector: DetectorName;
  readonly manifest: Manifest;
}

export interface PipelineState {
  /** Another object when the pipeline had to move to another backend. */
  readonly info: PipelineInfo;
  /** True once its GPU is gone for good. */
  readonly lost: boolean;
}

/** What a pipeline tells whoever made it. */
export interface PipelineEvents {
  /** Of its making. */
  onProgress(progress: Progress): void;
  /** A sign of life within a call. */
  onAlive(): void;
  /** Once before it is there, then at each change; awaited before the call at work answers. */
  onState(state: PipelineState): void | Promise<void>;
}

/** A picture for one call. */
export interface HandedPicture {
  readonly bitmap: ImageBitmap;
  /** Whether the pipeline closes it once the call has ended, also when that throws. */
  readonly close: boolean;
}

/** The work behind each call of `Engine`. Calls must not overlap, except `abort`. */
export interface Pipeline {
  detect(picture: HandedPicture, options: Pick<DetectOptions, 'maxFaces' | 'thorough'>): Promise<Result>;
  landmarks(picture: HandedPicture, boxes: readonly Box<'image'>[]): Promise<Result>;
  signals(
    picture: HandedPicture,
    faces: readonly Pick<Face, 'points' | 'spread'>[],
  ): Promise<(Signals | undefined)[]>;
  activations(picture: HandedPicture, box: Box<'image'>, node: string): Promise<Activations>;
  network(): Promise<Network>;
  inspect(
    picture: HandedPicture,
    crop: Affine<'image', 'crop'>,
    nodes: readonly string[],
  ): Promise<Inspection>;
  probe(
    picture: HandedPicture,
    crop: Affine<'image', 'crop'>,
    disturbances: readonly Disturbance[],
    withGray: boolean,
  ): Promise<Probe[]>;
  track(picture: HandedPicture, timeMs: number): Promise<Result>;
  tune(tuning: Tuning): Promise<void>;
  calibrate(): Promise<void>;
  reset(): Promise<void>;
  /** Learning begins, in place of what was begun before. The calls after it are made until each is done. */
  learnStart(start: LearnStart): Promise<void>;
  learnFrom(picture: HandedPicture, mark: Mark): Promise<void>;
  learnRead(): Promise<number>;
  learnStep(): Promise<LearnStep>;
  learnEnd(): Promise<void>;
  memory(): Promise<EngineMemory>;
  /** Ends the call under way before its next pass of a network; it then rejects. */
  abort(): Promise<void>;
  /** Calling it twice is fine. @returns what is left. */
  dispose(): Promise<EngineMemory>;
}
