/** The engine's types: what goes in, what comes out, and the space and unit of each number. */

export type * from './engine';
export type * from './manifest';
export type * from './options';
export type * from './result';
export type * from './signals';
export type * from './space';
export type * from './taught';
