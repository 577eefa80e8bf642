import { describe, expect, test } from 'vitest';
import { foundFace, newPhoto, photoModel } from '../../tests/fixtures/photos';
import { exportFiles, type ExportPicture, type FormatId } from '../export';
import { fromNetwork, movedPoints, movePoints } from './edit/faces';
import { importLandmarks, type Known } from './imported';
import type { Photo } from './types';

/** Px: what a round trip through any format may cost. */
const roundTripPx = 0.001;

function photo(folder: string, name: string): Photo {
  const { file, ...rest } = newPhoto(name);
  const id = `${folder}/${name}`;
  return {
    ...rest,
    id,
    folder,
    bytes: file.size,
    addedMs: 0,
    work: { kind: 'done' },
    results: {},
    isKept: true,
  };
}

const models = { small: photoModel('small'), other: photoModel('other') };
const known: Known = {
  photos: [photo('holiday', 'anna.jpg'), photo('', 'bert.jpg')],
  models,
  shown: 'small',
};

const exported = ({ folder, name, width, height }: Photo, model: keyof typeof models): ExportPicture => ({
  folder,
  name,
  width,
  height,
  faces: [
    {
      ...foundFace(10.123, 20.456),
      spread: new Float32Array([1, 0, 2]),
      model,
      scheme: models[model].scheme,
      corrected: true,
    },
  ],
  open: async () => new Blob(),
});

async function fileOf(pictures: readonly ExportPicture[], format: FormatId) {
  for await (const { name, data } of exportFiles(pictures, [format], { style: {} as never }))
    return { file: new File([data as string], name), folder: '' };
  throw new Error('nothing was exported');
}

describe('landmarks exported before', () => {
  test.each(['json', 'csvWide', 'csvLong', 'coco'] as const)(
    'come back from %s onto their pictures, for the models that gave them',
    async (format) => {
      const [anna, bert] = known.photos;
      const file = await fileOf([exported(anna, 'other'), exported(bert, 'small')], format);
      const { results, message } = await importLandmarks(file, known);
      expect(results.map(({ photoId, result }) => [photoId, result.model, result.corrected])).toEqual([
        [anna.id, 'other', true],
        [bert.id, 'small', true],
      ]);
      const [{ points, network }] = results[0].result.faces;
      const truth = foundFace(10.123, 20.456).points;
      points.forEach((value, i) => expect(Math.abs(value - truth[i])).toBeLessThanOrEqual(roundTripPx));
      expect(network.points).toEqual(points);
      expect(message).toBe(`${file.file.name}: points of 2 pictures taken over.`);
    },
  );

  test('what was corrected can be put back to what the network found here, and only that counts as moved', async () => {
    const [anna] = known.photos;
    const found = fromNetwork([foundFace(10.12345, 20.45678)]);
    const here = { ...anna, results: { small: { model: 'small', faces: found, corrected: false } } };
    const [corrected] = movePoints(found, 1, [2], { x: 3, y: 0 });
    const picture = exported(anna, 'small');
    const faces = [{ ...picture.faces[0], points: corrected.points }];
    const file = await fileOf([{ ...picture, faces }], 'json');
    const { results } = await importLandmarks(file, { ...known, photos: [here] });
    const [face] = results[0].result.faces;
    expect(movedPoints(face)).toEqual([2]);
    expect(face.network).toEqual(found[0].network);
  });

  test('a picture that moved to another folder is known by its name; one that is not here is named', async () => {
    const pictures = [
      exported(photo('elsewhere', 'anna.jpg'), 'small'),
      exported(photo('', 'carl.jpg'), 'small'),
    ];
    const { results, message } = await importLandmarks(await fileOf(pictures, 'json'), known);
    expect(results.map(({ photoId }) => photoId)).toEqual(['holiday/anna.jpg']);
    expect(message).toBe('landmarks.json: points of 1 picture taken over. Not here: carl.jpg.');
  });

  test('a picture of the same name but another size is another picture', async () => {
    const file = await fileOf([{ ...exported(known.photos[0], 'small'), width: 41 }], 'json');
    expect((await importLandmarks(file, known)).results).toEqual([]);
  });

  test('faces of a model that is not here go to the one that is shown, if it gives as many points', async () => {
    const file = await fileOf([exported(known.photos[0], 'other')], 'json');
    const { results } = await importLandmarks(file, { ...known, models: { small: models.small } });
    expect(results.map(({ result }) => result.model)).toEqual(['small']);
    await expect(importLandmarks(file, { ...known, models: {} })).rejects.toThrow(
      'holiday/anna.jpg: has a face of 3 points, which no model here has given.',
    );
  });

  test('a table of something else is refused by name', async () => {
    const file = { file: new File(['a,b\n1,2\n'], 'numbers.csv'), folder: 'x' };
    await expect(importLandmarks(file, known)).rejects.toThrow('x/numbers.csv holds no landmarks');
    const json = { file: new File(['{"a": 1}'], 'a.json'), folder: '' };
    await expect(importLandmarks(json, known)).rejects.toThrow('a.json holds no landmarks');
  });
});
