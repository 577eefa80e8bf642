/** All faces of a picture, small ones and turned ones too: multi-scale detection, which is what `detect` does. */

import { angleBetween, cropOfPoints, hasSize, largerSide, overlap, shareWithin } from '../geometry';
import type { Prediction } from '../landmark/prediction';
import { leadingEyes, presenceInPictures } from '../model/manifest';
import type { Affine, Box, DetectOptions, Manifest } from '../types';
import {
  deservesOtherTurns,
  isBetter,
  isFaceInPicture,
  MIN_SCORE,
  OTHER_TURNS,
  presenceIn,
} from './acceptance';
import type { Detection, Size } from './blazeface';
import { cropOfDetection } from './detection-crop';
import { averagedWithMirrored } from './mirrored';
import { levelsOf, tilesOf, type QuarterTurns, type Tile } from './tiles';

/** Whole upright faces mostly score more, and what the networks take for faces in those upside down less. */
const UPRIGHT_SCORE = 0.8;
/** Boxes that share more than this are one face. */
const SAME_FACE_OVERLAP = 0.3;
/** So much of a small face lies in a larger one, whose side it has at most this share of, where it is a part of it: an eye with its brow. */
const PART_WITHIN = 0.85;
const PART_SIZE = 0.5;
/** The order in which turned faces are searched for: pictures lie on their sides more often than they stand on their heads. */
const TURNS: readonly QuarterTurns[] = [1, 3, 2];

/** The two networks, on the picture that is searched. */
export interface PictureNetworks {
  /** All in the tile that the detector scores at least `minScore`. */
  detectTile(tile: Tile, minScore: number): Promise<Detection[]>;
  /** One prediction for each of any number of crops. */
  predict(crops: readonly Affine<'image', 'crop'>[]): Promise<Prediction[]>;
}

/** A face in a picture. */
export interface FaceResult {
  readonly prediction: Prediction;
  /** How sure it is that there is a face, 0..1: the detector's score times presence, where the model tells it. */
  readonly score: number;
  /** Its roll by the detector's eyes and by what its crop was turned on, clockwise. */
  readonly rollRad: number;
}

/** @returns the faces, the largest first. A face whose numbers make no crop is left out. */
export async function detectFaces(
  networks: PictureNetworks,
  model: Manifest,
  picture: Size,
  { maxFaces, thorough = true }: Pick<DetectOptions, 'maxFaces' | 'thorough'>,
): Promise<FaceResult[]> {
  /** What the detector finds in all tiles of the picture so turned. */
  async function findBoxes(turns: QuarterTurns): Promise<Detection[]> {
    const levels = levelsOf(picture).slice(0, thorough ? undefined : 1);
    const found: Detection[] = [];
    for (const tile of levels.flatMap((levelPx) => tilesOf(picture, levelPx, turns)))
      found.push(...(await networks.detectTile(tile, MIN_SCORE)));
    return withoutDoubles(found, ({ box }) => box);
  }

  /** Two passes of the network where the points of the first can lead the second, else one. */
  async function predictTwice(tries: readonly Try[]): Promise<Candidate[]> {
    if (tries.length === 0) return [];
    const crops = tries.map(({ detection, turnRad }) => cropOfDetection(detection, model, turnRad));
    const first = withTries(await networks.predict(crops), tries);
    const eyes = leadingEyes(model);
    if (!eyes) return first;
    const again = first.map(({ prediction }) => cropOfPoints(prediction.points, eyes, model));
    return withTries(await networks.predict(again), first);
  }

  /** The faces among the detections; those that may lie on their side are tried turned as well. */
  async function findPoints(detections: readonly Detection[]): Promise<FaceResult[]> {
    const asFound = await predictTwice(detections.map((detection) => ({ detection, turnRad: 0 })));
    const unsure = asFound.filter(({ detection: { score }, prediction }) =>
      deservesOtherTurns(score, presenceIn(prediction)),
    );
    const turned = await predictTwice(
      unsure.flatMap(({ detection }) => OTHER_TURNS.map((turnRad) => ({ detection, turnRad }))),
    );
    const faces = asFound
      .map((candidate) => bestOf(candidate, turned))
      .filter(({ detection: { score }, prediction }) =>
        isFaceInPicture(score, presenceIn(prediction), presenceInPictures(model)),
      )
      .map(toResult);
    return withoutParts(withoutDoubles(faces, ({ prediction }) => prediction.box));
  }

  /** The faces of the picture as it lies, unless most are surely upright only when it is turned. */
  async function search(): Promise<FaceResult[]> {
    const asItLies = await findPoints(await findBoxes(0));
    const upright = countUpright(asItLies, 0);
    if (!thorough || 2 * upright > asItLies.length) return asItLies;
    for (const turns of TURNS) {
      const faces = await findPoints(await findBoxes(turns));
      const uprightThen = countUpright(faces, turns);
      if (uprightThen > upright && 2 * uprightThen > faces.length) return faces;
    }
    return asItLies;
  }

  /** Those that are returned, looked at once more. */
  async function lookAgain(faces: readonly FaceResult[]): Promise<FaceResult[]> {
    const predictions = faces.map(({ prediction }) => prediction);
    const averaged = await averagedWithMirrored(predictions, model, (crops) => networks.predict(crops));
    return faces.map((face, i) => ({ ...face, prediction: averaged[i] }));
  }

  const faces = (await search()).sort(byArea).slice(0, maxFaces);
  return thorough ? lookAgain(faces) : faces;
}

/** A detection, and by how much its crop is turned on, clockwise. */
interface Try {
  readonly detection: Detection;
  readonly turnRad: number;
}

interface Candidate extends Try {
  readonly prediction: Prediction;
}

/** Each prediction with its try, without those of no size or with points that are not finite. */
function withTries(predictions: readonly Prediction[], tries: readonly Try[]): Candidate[] {
  return predictions
    .map((prediction, i) => ({ prediction, detection: tries[i].detection, turnRad: tries[i].turnRad }))
    .filter(({ prediction: { points, box } }) => points.every(Number.isFinite) && hasSize(box));
}

/** The candidate or, of the turned ones of the same detection, one that is better. */
function bestOf(candidate: Candidate, turned: readonly Candidate[]): Candidate {
  return turned
    .filter(({ detection }) => detection === candidate.detection)
    .reduce(
      (best, one) => (isBetter(presenceIn(one.prediction), presenceIn(best.prediction)) ? one : best),
      candidate,
    );
}

function toResult({ prediction, detection: { score, eyes }, turnRad }: Candidate): FaceResult {
  return {
    prediction,
    score: score * (prediction.presence ?? 1),
    rollRad: angleBetween(...eyes) + turnRad,
  };
}

/**
 * How many faces surely stand upright once the picture is turned back. Faces on their sides may score as high, and are rolled;
 * in a group one or two of them do not seem to be, so that one alone proves nothing.
 */
function countUpright(faces: readonly FaceResult[], turns: QuarterTurns): number {
  return faces.filter(
    ({ score, rollRad }) =>
      score >= UPRIGHT_SCORE && Math.cos(rollRad - (turns * Math.PI) / 2) > Math.SQRT1_2,
  ).length;
}

function byArea(one: FaceResult, other: FaceResult): number {
  const area = ({ prediction: { box } }: FaceResult): number => box.width * box.height;
  return area(other) - area(one);
}

/** Non-maximum suppression: of those on one face the one with the highest score. */
export function withoutDoubles<T extends { readonly score: number }>(
  found: readonly T[],
  boxOn: (one: T) => Box<'image'>,
): T[] {
  const kept: T[] = [];
  for (const one of found.toSorted((a, b) => b.score - a.score)) {
    if (!kept.some((other) => overlap(boxOn(other), boxOn(one)) > SAME_FACE_OVERLAP)) kept.push(one);
  }
  return kept;
}

/** The faces without those that a part of another, surer one was taken for. */
function withoutParts(faces: readonly FaceResult[]): FaceResult[] {
  const isPart = (one: FaceResult, other: FaceResult): boolean => {
    const [box, whole] = [one.prediction.box, other.prediction.box];
    return (
      one.score < other.score &&
      largerSide(box) < PART_SIZE * largerSide(whole) &&
      shareWithin(box, whole) > PART_WITHIN
    );
  };
  return faces.filter((face) => !faces.some((other) => isPart(face, other)));
}
