/**
 * What the page of pictures needs of the library behind it. Everything readable is reactive and replaced whole; every call
 * returns at once or settles without throwing, and what went wrong is told in `problems`.
 */

import type { Place } from '../../engine/geometry';
import type { Activations, Box, Progress } from '../../engine/types';
import type { Listing } from '../intake';
import type { Photo, PhotoModel } from '../types';

/** A model to choose from. */
export interface ModelChoice {
  readonly id: string;
  readonly title: string;
}

/** Something that a person should know: a file that could not be read, storage that is full. */
export interface Notice {
  readonly kind: 'problem' | 'note';
  /** A sentence that names its subject. */
  readonly message: string;
}

export interface PhotoLibraryView {
  /** False until what is kept has been read from storage. */
  readonly isReady: boolean;
  /** In the order in which they are shown. */
  readonly photos: readonly Photo[];
  /** What is known of each model that has looked at a picture, by its id. */
  readonly models: Readonly<Record<string, PhotoModel>>;
  readonly choices: readonly ModelChoice[];
  /** Id of the model whose points are shown and corrected; null until one is known. */
  readonly model: string | null;
  /** Pictures that are being taken in and looked at; null while nothing is. */
  readonly progress: { readonly done: number; readonly total: number } | null;
  /** How far the engine is on its way, while the work waits for it. */
  readonly engineProgress: Progress | null;
  readonly notices: readonly Notice[];

  dismissNotices(): void;
  add(listing: Listing): void;
  /** Calls off what waits; pictures that were taken in stay. */
  cancel(): void;
  /** Work waits while false: another page needs the engine. */
  setShown(shown: boolean): void;
  remove(ids: readonly string[]): void;
  /** Makes it the model that is shown, and has it look at every picture it has not seen. */
  chooseModel(id: string): void;
  /** Has a model look at one picture, beside the one that is shown. @throws when it cannot */
  look(photoId: string, model: string): Promise<void>;
  /** The picture's file. @throws when storage has lost it */
  file(photoId: string): Promise<Blob>;
  /** Heatmaps of a face, from the model that is shown. @throws when it has none */
  heatmaps(photoId: string, box: Box<'image'>): Promise<Activations>;

  /** Corrections of the result of the model that is shown. @param by px of the picture since the gesture began */
  movePoints(photoId: string, faceId: number, indices: readonly number[], by: Place, gesture: symbol): void;
  /** Puts points back where the network had them; all of the face when none are named. */
  resetPoints(photoId: string, faceId: number, indices?: readonly number[]): void;
  deleteFace(photoId: string, faceId: number): void;
  /** Looks for a face in a box drawn by hand. @returns the new face's id, or null when that failed */
  addFace(photoId: string, box: Box<'image'>): Promise<number | null>;
  /** Looks for a face anew, in a box drawn by hand. */
  replaceFace(photoId: string, faceId: number, box: Box<'image'>): Promise<void>;
  undo(photoId: string): void;
  redo(photoId: string): void;
  canUndo(photoId: string): boolean;
  canRedo(photoId: string): boolean;
}
