import { describe, expect, it } from 'vitest';
import { pathOf } from './files';
import { gather } from './gather';

function fileAt(path: string, text = ''): { file: File; folder: string } {
  const parts = path.split('/');
  return { file: new File([text], parts.at(-1)!), folder: parts.slice(0, -1).join('/') };
}

const onePoint = (x: number) => `version: 1\nn_points: 1\n{\n${x} 1\n}\n`;

async function gatherAll(
  files: Record<string, string>,
  here: { id: string; folder: string; name: string }[] = [],
) {
  const listing = { files: Object.entries(files).map(([path, text]) => fileAt(path, text)), problems: [] };
  const { pictures, truths, landmarkFiles, problems } = await gather(listing, here);
  return {
    truth: Object.fromEntries(
      pictures.map((picture) => [pathOf(picture), picture.truth.map((points) => points[0])]),
    ),
    truths: truths.map(({ photoId, truth }) => [photoId, truth.map((points) => points[0])]),
    order: pictures.map(pathOf),
    landmarkFiles: landmarkFiles.map(pathOf),
    problems: problems.map(({ problem, file, message }) => ({ problem, file, message })),
  };
}

describe('what came in', () => {
  it('is paired by folder and name, several faces of a picture by number', async () => {
    const found = await gatherAll({
      'b/x_2.pts': onePoint(4),
      'a/x.jpg': '',
      'b/x.png': '',
      'b/x.pts': onePoint(2),
      'b/x_10.pts': onePoint(5),
      'b/x_1.pts': onePoint(3),
      'b/x_1.jpg': '',
    });
    // .pts count from 1 at pixel centres: 2 is 1.5 of ours.
    expect(found.truth).toEqual({ 'a/x.jpg': [], 'b/x.png': [1.5, 3.5, 4.5], 'b/x_1.jpg': [2.5] });
    expect(found.problems).toEqual([]);
  });

  it('may be points alone, of pictures that are here, unless the picture comes again', async () => {
    const here = [
      { id: '1', folder: '', name: 'a.jpg' },
      { id: '2', folder: 'b', name: 'a.jpg' },
      { id: '3', folder: '', name: 'c.jpg' },
    ];
    const found = await gatherAll(
      { 'b/a.pts': onePoint(2), 'b/a_1.pts': onePoint(3), 'c.png': '', 'c.pts': onePoint(4) },
      here,
    );
    expect(found.truths).toEqual([['2', [1.5, 2.5]]]);
    expect(found.truth).toEqual({ 'c.png': [3.5] });
    expect(found.problems).toEqual([]);
  });

  it('is in the order people count in', async () => {
    const { order } = await gatherAll({ 'face10.jpg': '', 'face9.jpg': '', 'b/a.jpg': '' });
    expect(order).toEqual(['b/a.jpg', 'face9.jpg', 'face10.jpg']);
  });

  it('names points that cannot be used; their pictures go on', async () => {
    const found = await gatherAll({
      'a.jpg': '',
      'a.pts': '1 2\none two',
      'b.pts': onePoint(1),
      'c.jpg': '',
      'c.pts': 'x'.repeat(1024 ** 2 + 1),
    });
    expect(found.truth).toEqual({ 'a.jpg': [], 'c.jpg': [] });
    expect(found.problems).toEqual([
      { problem: 'bad-points', file: 'a.pts', message: 'a.pts: line 2: wanted two numbers, found "one two"' },
      {
        problem: 'bad-points',
        file: 'b.pts',
        message: 'b.pts has no picture beside it, and none of that name is here.',
      },
      { problem: 'bad-points', file: 'c.pts', message: 'c.pts is too large for a file of points.' },
    ]);
  });

  it('passes over what systems leave in folders, and sets tables of landmarks apart', async () => {
    const found = await gatherAll({
      'a/.DS_Store': '',
      'a/Thumbs.db': '',
      '__MACOSX/a/._x.jpg': '',
      'a/landmarks.json': '',
      'a/x.JPG': '',
      'a/notes.txt': '',
    });
    expect(found.order).toEqual(['a/notes.txt', 'a/x.JPG']);
    expect(found.landmarkFiles).toEqual(['a/landmarks.json']);
    expect(found.problems).toEqual([]);
  });
});
