/** JSON lines: the first is about the film and what was summed up of it, each of the others a frame (docs/landmarks-json.md). */

import type * as v from 'valibot';
import type { Signals } from '../../../engine/types';
import { pairsOf, rounded } from '../names';
import { parseJson } from '../schema';
import { gazeRecord } from '../signals/record';
import { roundedMs } from './cells';
import { filmLine, frameLine } from './schema';
import type { FilmAbout, FilmFace, FilmFormat, FilmFrame } from './types';

export type FilmLine = v.InferOutput<typeof filmLine>;
export type FrameLine = v.InferOutput<typeof frameLine>;

export const filmJson: FilmFormat = {
  label: 'JSON lines',
  about:
    'Everything: the summary first, then a line per frame with its faces, their points, spread and signals.',
  extension: '.jsonl',
  begin({ name, width, height, model, scheme, summary }) {
    const line: FilmLine = {
      format: 'mien-film',
      version: 1,
      film: name,
      width,
      height,
      model,
      scheme: schemeOf(scheme),
      summary: { ...summary, people: [...summary.people] },
    };
    return `${JSON.stringify(line)}\n`;
  },
  frame: (_, frame) => `${JSON.stringify(lineOf(frame))}\n`,
};

/** A plain copy with arrays that may be written to, as the schema's types want them. */
const schemeOf = (scheme: FilmAbout['scheme']) => structuredClone(scheme) as unknown as FilmLine['scheme'];

function lineOf({ index, timeMs, shot, faces }: FilmFrame): FrameLine {
  return { frame: index + 1, timeMs: roundedMs(timeMs), shot: shot + 1, faces: faces.map(faceOf) };
}

function faceOf({ id, score, points, spread, visible, signals }: FilmFace): FrameLine['faces'][number] {
  return {
    id,
    score: rounded(score),
    points: pairsOf(points),
    ...(spread && { spread: Array.from(spread, rounded) }),
    ...(visible && { visible: Array.from(visible, rounded) }),
    ...(signals && { signals: signalsOf(signals) }),
  };
}

function signalsOf({ pose, eyes, mouth, expression, blinks, gaze }: Signals) {
  const { yawDeg, pitchDeg, rollDeg, matrix } = pose;
  const angles = { yawDeg: rounded(yawDeg), pitchDeg: rounded(pitchDeg), rollDeg: rounded(rollDeg) };
  return {
    pose: { ...angles, matrix: Array.from(matrix, rounded) },
    eyes: roundedAll(eyes),
    mouth: roundedAll(mouth),
    expression: roundedAll(expression),
    blinks: blinks.map((blink) => ({
      ...blink,
      startMs: roundedMs(blink.startMs),
      durationMs: roundedMs(blink.durationMs),
      depth: rounded(blink.depth),
    })),
    ...(gaze && { gaze: gazeRecord(gaze) }),
  };
}

const roundedAll = <T extends Readonly<Record<string, number>>>(values: T) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, rounded(value)])) as Record<
    keyof T,
    number
  >;

/** Both kinds of lines of such a file. @throws Error naming the file, the line and the field. */
export function readFilmJson(content: string, file: string): { film: FilmLine; frames: FrameLine[] } {
  const [first = '', ...rest] = content.split('\n').filter(Boolean);
  const film = parseJson(filmLine, first, `${file}, line 1`);
  return { film, frames: rest.map((line, i) => parseJson(frameLine, line, `${file}, line ${i + 2}`)) };
}
