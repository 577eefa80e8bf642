import { expect, it } from 'vitest';
import { triangle } from '../../../../tests/fixtures/faces';
import { signalsAt } from '../../../../tests/fixtures/film';
import { makeGaze } from '../../../../tests/fixtures/signals';
import { trackedFrames } from '../../../../tests/fixtures/tracked-frames';
import type { Scheme } from '../../../engine/types';
import { filmFormats } from '../../../shared/formats/film';
import type { TrackedFrame } from '../types';
import { gatherFilmData } from './film-data';
import { outlineOf } from './outline';
import { aboutFilm } from './output';
import { summarise } from './summary';

const ibug68: Scheme = {
  ...triangle,
  ...{ id: 'ibug68', pointCount: 68, names: Array.from({ length: 68 }, (_, i) => `p${i}`) },
};

async function about(frames: readonly TrackedFrame[], scheme: Scheme) {
  async function* outlines() {
    yield outlineOf(frames);
  }
  const data = await gatherFilmData(outlines());
  const film = { name: 'walk.mp4', width: 8, height: 8, usedModel: 'lite', scheme };
  return aboutFilm(film, data, summarise(data, [], { names: {}, hidden: [] }));
}
const signals = () => signalsAt(10, 0, 0, makeGaze());
const withFace = trackedFrames(3, [{ track: 1, frames: [[0, 2]], at: () => [0, 0], signals }]);

it('tables have the columns that the model tells, whether a face was seen or not', async () => {
  const [empty, full] = [await about(trackedFrames(3, []), ibug68), await about(withFace, ibug68)];
  for (const { begin } of [filmFormats.csv, filmFormats.openface]) expect(begin(empty)).toBe(begin(full));
  expect(filmFormats.openface.begin(empty)).toMatch(/gaze_0_x.*pose_Rx.*AU12_r/);
  expect(filmFormats.csv.begin(empty)).toMatch(/pose_yaw_deg.*gaze_yaw_deg.*jawOpen.*eyeLookInLeft/);
});

it('of other points no signals are told, nor has the table columns for them', async () => {
  const none = await about(trackedFrames(3, []), triangle);
  expect(none).toMatchObject({ hasSignals: false, hasGaze: false, expressions: [] });
});
