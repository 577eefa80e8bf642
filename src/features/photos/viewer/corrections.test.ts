import { expect, test } from 'vitest';
import type { PhotoLibrary } from '../library.svelte';
import { correctionsOf } from './corrections';
import { Viewer } from './viewer.svelte';

const box = { x: 1, y: 2, width: 30, height: 40 };

/** A library whose detection in a box ends like this. */
function setUp(works: boolean) {
  const viewer = new Viewer();
  const library = {
    replaceFace: async () => works,
    addFace: async () => (works ? 7 : null),
    news: { notices: [{ kind: 'problem', message: 'the GPU is gone' }] },
  } as unknown as PhotoLibrary;
  return { viewer, corrections: correctionsOf(library, 'anna', viewer) };
}

test.each([3, null])(
  'a detection in a box that failed is not said to have worked (face %s)',
  async (faceId) => {
    const { viewer, corrections } = setUp(false);
    await corrections.detectIn(box, faceId);
    expect([viewer.message, viewer.problem]).toEqual(['Detection in the box failed', 'the GPU is gone']);
  },
);

test('one that worked is said, and forgets what failed before', async () => {
  const { viewer, corrections } = setUp(true);
  viewer.problem = 'from before';
  await corrections.detectIn(box, 3);
  expect([viewer.message, viewer.problem]).toEqual(['Face 3 redetected', '']);
  await corrections.detectIn(box, null);
  expect([viewer.message, viewer.faceId]).toEqual(['Face 7 added', 7]);
});
