import { describe, expect, it } from 'vitest';
import { pathOf } from '../../../shared/imaging/file-listing';
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
  const { pictures, truths, doubts, landmarkFiles, problems } = await gather(listing, here);
  return {
    truth: Object.fromEntries(
      pictures.map((picture) => [pathOf(picture), picture.truth.map((points) => points[0])]),
    ),
    truths: truths.map(({ photoId, truth }) => [photoId, truth.map((points) => points[0])]),
    questions: doubts.map(({ text, choices }) => ({
      text,
      choices: Object.fromEntries(
        choices.map(({ label, answers }) => [label, answers.flatMap(({ truth }) => truth.map(([x]) => x))]),
      ),
    })),
    order: pictures.map(pathOf),
    landmarkFiles: landmarkFiles.map(pathOf),
    problems: problems.map(({ problem, file, message }) => ({ problem, file, message })),
  };
}

describe('points whose picture is named otherwise', () => {
  it.each([
    ['in capitals', 'Anna.JPG', 'anna.pts'],
    ['with its whole name', 'face.jpg', 'face.jpg.pts'],
    ['with accents in two signs', 'Zo\u00e9 M\u00fcller.jpg', 'Zoe\u0301 Mu\u0308ller.pts'],
    ['in emoji', '👩🏽‍🦰 ①.jpg', '👩🏽‍🦰 ①.pts'],
    ['from right to left', 'שלום.jpg', 'שלום.pts'],
    ['with dots', 'a.b.2024.jpg', 'a.b.2024.pts'],
  ])('%s are paired', async (_, picture, points) => {
    const { truth, questions, problems } = await gatherAll({ [picture]: '', [points]: onePoint(2) });
    expect(truth).toEqual({ [picture]: [1.5] });
    expect([...questions, ...problems]).toEqual([]);
  });

  it('are read in other formats by their endings', async () => {
    const ljson = JSON.stringify({ version: 2, labels: [], landmarks: { points: [[3, 1]] } });
    const { truth } = await gatherAll({ 'a.jpg': '', 'a.ljson': ljson, 'b.jpg': '', 'b.tem': '1\n1.5\t2\n' });
    expect(truth).toEqual({ 'a.jpg': [1.5], 'b.jpg': [1.5] });
  });

  it('are asked about where two pictures fit, or none but in another folder', async () => {
    const found = await gatherAll({
      'face.jpg': '',
      'face.png': '',
      'face.pts': onePoint(2),
      'images/1.jpg': '',
      'images/2.jpg': '',
      'points/1.pts': onePoint(3),
      'points/2.pts': onePoint(4),
    });
    expect(Object.values(found.truth).flat()).toEqual([]);
    expect(found.questions).toEqual([
      {
        text: 'face.pts fits 2 pictures. Which one is meant?',
        choices: { 'face.jpg': [1.5], 'face.png': [1.5] },
      },
      {
        text: 'points/1.pts lies in another folder than images/1.jpg. Do they belong together? So with 1 more.',
        choices: { 'Those in images': [2.5, 3.5] },
      },
    ]);
  });

  it('are those of .pts where the same face comes in other formats too', async () => {
    const tem = '1\n9\t9\n';
    const { truth } = await gatherAll({ 'a.jpg': '', 'a.pts': onePoint(2), 'a.tem': tem });
    expect(truth).toEqual({ 'a.jpg': [1.5] });
  });

  it('are asked about where two files of different folders fit one picture', async () => {
    const { truth, questions } = await gatherAll({
      'a.jpg': '',
      'x/a.pts': onePoint(2),
      'y/a.pts': onePoint(3),
    });
    expect(truth).toEqual({ 'a.jpg': [] });
    expect(questions.map(({ choices }) => choices)).toEqual([{ 'a.jpg': [1.5] }, { 'a.jpg': [2.5] }]);
  });

  it('are asked about where a further face comes without the first', async () => {
    const found = await gatherAll({ 'a.jpg': '', 'a_3.pts': onePoint(2) });
    expect(found.truth).toEqual({ 'a.jpg': [] });
    expect(found.questions[0].text).toBe(
      'a_3.pts is numbered like a further face of a.jpg, but the first is not here. Do they belong together?',
    );
  });

  it('are the picture of the same capitals where two differ in nothing else', async () => {
    const { truth } = await gatherAll({
      'Anna.jpg': '',
      'anna.jpg': '',
      'Anna.pts': onePoint(2),
      'anna.pts': onePoint(3),
    });
    expect(truth).toEqual({ 'Anna.jpg': [1.5], 'anna.jpg': [2.5] });
  });
});

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

  it('refuses points whose coordinates are shares of the picture', async () => {
    const point = new File(['0.5 0.25\n0.1 0.3\n0.9 0.9\n'], 'a.pts');
    const files = [new File(['a'], 'a.jpg'), point].map((file) => ({ file, folder: '' }));
    const { pictures, problems } = await gather({ files, problems: [] }, []);
    expect(pictures.map(({ truth }) => truth)).toEqual([[]]);
    expect(problems.map(({ message }) => message)).toEqual([
      'a.pts: all points of a face lie within one px: its coordinates are shares of the picture, not px',
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
