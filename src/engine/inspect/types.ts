/** What inspecting a network tells: its stages, what they made of a face, and where points went when the crop was disturbed. */

import type { Affine, Points } from '../types';

/** One step of the network: an operation with weights, and those without that follow it. */
export interface Stage {
  /** The node whose output the stage hands on: its name is the stage's. */
  readonly node: string;
  /** All its nodes, in the order they run. */
  readonly nodes: readonly string[];
  /** The last of them that gives maps (1, height, width, channels); null where none does. */
  readonly maps: string | null;
  /** Part of the network it belongs to, such as `encoder.stages.1`. */
  readonly part: string;
  /** What it does, such as `Conv 3×3, 64 → 128, half size, add, ReLU`. */
  readonly label: string;
  /** Of its output, without the batch: (height, width, channels) or (values). */
  readonly shape: readonly number[];
  /** Weights it learned. */
  readonly parameters: number;
  /** Multiplications with a weight for one face. */
  readonly multiplyAdds: number;
  /** The stages whose outputs it reads, by their `node`; the network's input among them. */
  readonly inputs: readonly string[];
}

/** The kernels of the first convolution. */
export interface Filters {
  readonly node: string;
  readonly width: number;
  readonly height: number;
  readonly count: number;
  /** Filter after filter, row by row. */
  readonly values: Float32Array;
}

export interface Network {
  readonly stages: readonly Stage[];
  /** Median time of each stage for one face, ms, by itself: their sum leaves out what a whole pass saves. */
  readonly stageMs: readonly number[];
  /** Null where the first operation is no convolution over one channel. */
  readonly filters: Filters | null;
}

/** The channels of one node, each stretched to the whole range of grey. */
export interface Sheet {
  readonly node: string;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** Channel after channel, row by row: 0 is the channel's least value, 255 its largest. */
  readonly cells: Uint8Array;
  /** Of each channel over its cells, in the network's own units. */
  readonly variances: Float32Array;
  readonly lows: Float32Array;
  readonly highs: Float32Array;
  /** Of heatmaps alone: x, y of the expectation and the deviation about it, for each channel, in crop units. */
  readonly moments: Float32Array | null;
}

/** What the network found in one crop. */
export interface Finding {
  readonly points: Points<'image'>;
  /** As in `Face`. */
  readonly spread: Float32Array | null;
  /** 0..1; null where the model does not say. */
  readonly presence: number | null;
}

/** One pass of the network, with what some of its nodes made of the crop. */
export interface Inspection extends Finding {
  readonly crop: Affine<'image', 'crop'>;
  /** What the network read: grey, 0..255, row by row over the manifest's input size. */
  readonly gray: Uint8Array;
  readonly sheets: readonly Sheet[];
  /** Of the pass, reading back included, ms. */
  readonly networkMs: number;
}

/** A change of the crop before the network reads it. */
export type Disturbance =
  | { readonly kind: 'none' }
  /** A square of the crop's mean grey, its centre and side in crop units; `side` is a share of the crop's width. */
  | { readonly kind: 'patch'; readonly x: number; readonly y: number; readonly side: number }
  /** The face turned clockwise. */
  | { readonly kind: 'turn'; readonly degrees: number }
  /** The face `factor` times as large. */
  | { readonly kind: 'scale'; readonly factor: number }
  /** A Gaussian of this deviation, px of the network's input. */
  | { readonly kind: 'blur'; readonly sigmaPx: number }
  /** All grey values times `factor`, 0..1. */
  | { readonly kind: 'dark'; readonly factor: number }
  /** Gaussian noise of this deviation, as a share of the range of grey; the same for the same seed. */
  | { readonly kind: 'noise'; readonly sigma: number; readonly seed: number };

/** What the network found in a disturbed crop, back in px of the undisturbed picture. */
export interface Probe extends Finding {
  /** What the network read, as in `Inspection`; null where it was not asked for. */
  readonly gray: Uint8Array | null;
}
