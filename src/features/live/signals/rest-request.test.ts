import { expect, test } from 'vitest';
import { CALIBRATION_MS } from '../../../engine/signals/calibration';
import { makeFace, makeResult, makeSignals } from '../../../../tests/fixtures/signals';
import { RestRequest } from './rest-request';

const FRAME_MS = 100;
const face = (id = 1) => makeFace(makeSignals(), { id });

function setUp() {
  const said: string[] = [];
  const request = new RestRequest((words) => said.push(words));
  let timeMs = 5000;
  const see = (frames: number, faces = [face()]) => {
    for (let i = 0; i < frames; i++) request.add(makeResult((timeMs += FRAME_MS), faces));
  };
  return { said, request, see, frames: CALIBRATION_MS / FRAME_MS };
}

test('a look counts once it was shown for its time', () => {
  const { said, request, see, frames } = setUp();
  request.begin(1);
  see(frames);
  expect(said).toEqual(['Hold this look for a second']);
  see(1);
  expect(said.slice(1)).toEqual(['This look counts as at rest']);
  see(20);
  expect(said).toHaveLength(2);
});

test('a face that was lost meanwhile is told, also where it came back as another', () => {
  const { said, request, see, frames } = setUp();
  request.begin(1);
  see(3);
  see(frames, [face(2)]);
  expect(said.slice(1)).toEqual(['The face was lost: show its look at rest again']);
});

test('one that is back within the time was not lost', () => {
  const { said, request, see, frames } = setUp();
  request.begin(1);
  see(3);
  see(1, []);
  see(frames);
  expect(said.slice(1)).toEqual(['This look counts as at rest']);
});

test('without a face nothing begins', () => {
  const { said, request, see } = setUp();
  expect([request.begin(null), request.begin(1)]).toEqual([false, true]);
  expect(said[0]).toBe('No face in view whose look could be taken');
  request.clear();
  see(20);
  expect(said).toHaveLength(2);
});
