/** Where coordinates live, and what is made of them. */

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
