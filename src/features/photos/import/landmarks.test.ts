import { describe, expect, it, test } from 'vitest';
import { foundFace, newPhoto, photoModel } from '../../../../tests/fixtures/photos';
import { exportFiles, type ExportPicture, type FormatId } from '../../../shared/formats';
import { fromNetwork, movedPoints, movePoints } from '../corrections/faces';
import { importLandmarks, type Known } from './landmarks';
import type { Photo } from '../types';

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
    marks: {},
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
      expect(results.map(({ photoId, model, corrected }) => [photoId, model, corrected !== null])).toEqual([
        [anna.id, 'other', true],
        [bert.id, 'small', true],
      ]);
      const [{ points, network }] = results[0].corrected!;
      const truth = foundFace(10.123, 20.456).points;
      points.forEach((value, i) => expect(Math.abs(value - truth[i])).toBeLessThanOrEqual(roundTripPx));
      expect(network.points).toEqual(points);
      expect(message).toBe(`${file.file.name}: points of 2 pictures taken over.`);
    },
  );

  test('what was corrected can be reset to what the network found here, and only that counts as moved', async () => {
    const [anna] = known.photos;
    const found = fromNetwork([foundFace(10.12345, 20.45678)]);
    const here = { ...anna, results: { small: { model: 'small', found, corrected: null } } };
    const [corrected] = movePoints(found, 1, [2], { x: 3, y: 0 });
    const picture = exported(anna, 'small');
    const faces = [{ ...picture.faces[0], points: corrected.points }];
    const file = await fileOf([{ ...picture, faces }], 'json');
    const { results } = await importLandmarks(file, { ...known, photos: [here] });
    const [face] = results[0].corrected!;
    expect(movedPoints(face)).toEqual([2]);
    expect(face.network).toEqual(found[0].network);
  });

  test('what nobody corrected is what the model found, and leaves what it has found here in place', async () => {
    const [anna] = known.photos;
    const picture = exported(anna, 'small');
    const faces = [{ ...picture.faces[0], corrected: false }];
    const file = await fileOf([{ ...picture, faces }], 'json');
    const [fresh] = (await importLandmarks(file, known)).results;
    expect([fresh.found?.length, fresh.corrected]).toEqual([1, null]);
    const withFound = (x: number) => ({
      ...anna,
      results: { small: { model: 'small', found: fromNetwork([foundFace(x, 20.456)]), corrected: null } },
    });
    const again = await importLandmarks(file, { ...known, photos: [withFound(10.123)] });
    expect(again.results[0]).toEqual({ photoId: anna.id, model: 'small', corrected: null });
    const other = await importLandmarks(file, { ...known, photos: [withFound(12)] });
    expect(other.results[0].corrected?.[0].points[0]).toBeCloseTo(10.123);
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
    const { results, message, notes } = await importLandmarks(file, known);
    expect(results).toEqual([]);
    expect(message).toMatch(/Not here: holiday\/anna\.jpg\.$/);
    expect(notes).toEqual([
      'landmarks.json: the picture of that name here has another size: holiday/anna.jpg.',
    ]);
  });

  test('a table in the encoding of a country is known by the names of pictures here', async () => {
    const anna = photo('', 'Анна.jpg');
    const whole = await (await fileOf([exported(anna, 'small')], 'csvWide')).file.text();
    const letters = Uint8Array.from(whole.replace('true', 'ИСТИНА'), (sign) =>
      // As windows-1251 has them.
      sign >= 'А' ? sign.charCodeAt(0) - 0x410 + 0xc0 : sign.charCodeAt(0),
    );
    const file = { file: new File([letters], 'x.csv'), folder: '' };
    const { results, message } = await importLandmarks(file, { ...known, photos: [anna] });
    expect(message).toBe('x.csv: points of 1 picture taken over.');
    expect(results[0].corrected).not.toBeNull();
  });

  test('a face that lies wholly outside of its picture is left out, which is said', async () => {
    const specimen = (x: number, image: string) => `LM=3\n${x} 1\n9 2\n9 400\nIMAGE=${image}\n`;
    const tps = (...texts: string[]) => ({ file: new File(texts, 'x.tps'), folder: '' });
    const far = 'LM=3\n100 101\n109 102\n109 400\nIMAGE=anna.jpg\n';
    await expect(importLandmarks(tps(far), known)).rejects.toThrow(
      'anna.jpg: has a face that lies wholly outside of the picture, as points do that were marked on a copy of another size.',
    );
    const { results, notes } = await importLandmarks(tps(far, specimen(3, 'bert.jpg')), known);
    expect(results.map(({ photoId }) => photoId)).toEqual(['/bert.jpg']);
    expect(notes[0]).toContain('x.tps: left out 1 face that lies wholly outside of the picture');
    // Somebody moved it there.
    const own = exported(known.photos[0], 'small');
    const moved = { ...own, faces: [{ ...own.faces[0], points: Float32Array.of(-9, 1, -8, 1, -7, 9) }] };
    expect((await importLandmarks(await fileOf([moved], 'json'), known)).results).toHaveLength(1);
  });

  test('the last point of a face may be filtered out of a long table', async () => {
    const whole = await fileOf([exported(known.photos[0], 'small')], 'csvLong');
    const rows = (await whole.file.text()).trimEnd().split(/\r?\n/);
    const file = new File([rows.slice(0, -1).join('\n')], whole.file.name);
    const { results } = await importLandmarks({ file, folder: '' }, known);
    const [{ corrected }] = results;
    expect(corrected![0].points).toHaveLength(6);
    expect([...corrected![0].points.slice(4)]).toEqual([NaN, NaN]);
  });

  test('faces of a model that is not here go to the one that is shown, if it gives as many points', async () => {
    const file = await fileOf([exported(known.photos[0], 'other')], 'json');
    const { results } = await importLandmarks(file, { ...known, models: { small: models.small } });
    expect(results.map(({ model }) => model)).toEqual(['small']);
    await expect(importLandmarks(file, { ...known, models: {} })).rejects.toThrow(
      'holiday/anna.jpg: has a face of 3 points, which no model here has given.',
    );
  });

  const coco = (paths: string[], faces: { image: number; points: (number | null)[] }[], names?: string[]) => {
    const images = paths.map((file_name, id) => ({ id, file_name }));
    const annotations = faces.map(({ image, points }) => ({
      image_id: image,
      category_id: 1,
      keypoints: points.flatMap((x) => (x === null ? [0, 0, 0] : [x, 5, 2])),
    }));
    const content = { images, categories: [{ id: 1, keypoints: names }], annotations };
    return { file: new File([JSON.stringify(content)], 'x.json'), folder: '' };
  };
  const xsOf = (points: Float32Array) => [...points].filter((_, i) => i % 2 === 0);

  test('a point without a label is missing, stays so beside what the network found, and is not one that was moved', async () => {
    const [anna] = known.photos;
    const found = fromNetwork([foundFace(10, 5)]);
    const here = { ...anna, results: { small: { model: 'small', found, corrected: null } } };
    const file = coco(['holiday/anna.jpg'], [{ image: 0, points: [10, null, 15] }]);
    const { results } = await importLandmarks(file, { ...known, photos: [here] });
    const [face] = results[0].corrected!;
    expect(xsOf(face.points)).toEqual([10.5, NaN, 15.5]);
    expect(face.box).toMatchObject({ x: 10.5, width: 5 });
    const [alone] = (await importLandmarks(file, known)).results[0].corrected!;
    expect(movedPoints(alone)).toEqual([]);
  });

  test('a face with a missing point was placed by a person, whatever the file says', async () => {
    const [anna] = known.photos;
    const picture = exported(anna, 'small');
    const points = picture.faces[0].points.map((value, i) => (i < 2 ? NaN : value));
    const faces = [{ ...picture.faces[0], points, corrected: false }];
    const { results } = await importLandmarks(await fileOf([{ ...picture, faces }], 'json'), known);
    expect(Number.isNaN(results[0].corrected![0].points[0])).toBe(true);
    expect(results[0].found).toBeUndefined();
  });

  test('what another program has of the network’s own points is no correction', async () => {
    const [anna] = known.photos;
    const found = fromNetwork([foundFace(10.123, 20.456)]);
    const here = { ...anna, results: { small: { model: 'small', found, corrected: null } } };
    const file = await fileOf([exported(anna, 'small')], 'tps');
    const { results } = await importLandmarks(file, { ...known, photos: [here] });
    expect(results[0].corrected).toBeNull();
  });

  test('faces of other numbers of points are left out and counted; the rest is taken over', async () => {
    const file = coco(
      ['bert.jpg'],
      [
        { image: 0, points: [1, 2] },
        { image: 0, points: [1, 2, 3] },
        { image: 0, points: [1, 2] },
      ],
    );
    const { results, notes } = await importLandmarks(file, known);
    expect(results[0].corrected).toHaveLength(1);
    expect(notes).toEqual(['x.json: left out 2 faces of 2 points, which no model here has given.']);
  });

  test('points with the names of the scheme go by those', async () => {
    const file = coco(['bert.jpg'], [{ image: 0, points: [3, 1, 2] }], ['Chin', 'left', 'RIGHT']);
    const { results } = await importLandmarks(file, known);
    expect(xsOf(results[0].corrected![0].points)).toEqual([1.5, 2.5, 3.5]);
  });

  test('one of two pictures of a name is asked about, and taken as answered', async () => {
    const photos = [photo('a', 'face.jpg'), photo('b', 'face.jpg')];
    const two = { ...known, photos };
    const { results, doubts } = await importLandmarks(
      coco(['face.jpg'], [{ image: 0, points: [1, 2, 3] }]),
      two,
    );
    expect(results).toEqual([]);
    expect(doubts[0].text).toBe('x.json: face.jpg fits 2 pictures. Which one is meant?');
    expect(doubts[0].choices.map(({ label }) => label)).toEqual(['a/face.jpg', 'b/face.jpg']);
    expect(doubts[0].choices[1].answers[0](two).map(({ photoId }) => photoId)).toEqual(['b/face.jpg']);
  });

  test('paths are compared by their ends, whatever the system they come from', async () => {
    for (const path of [
      '.\\holiday\\anna.jpg',
      './anna.jpg',
      'C:\\x\\holiday\\ANNA.JPG',
      'holiday%2Fanna.jpg',
    ]) {
      const { results, notes } = await importLandmarks(
        coco([path], [{ image: 0, points: [1, 2, 3] }]),
        known,
      );
      expect(
        results.map(({ photoId }) => photoId),
        path,
      ).toEqual(['holiday/anna.jpg']);
      expect(notes, path).toEqual([]);
    }
  });

  test('two pictures of the file that are one here by name alone are asked about, not put over each other', async () => {
    const faces = [0, 1].map((image) => ({ image, points: [1, 2, 3] }));
    const { results, doubts } = await importLandmarks(coco(['x/bert.jpg', 'y/bert.jpg'], faces), known);
    expect(results).toEqual([]);
    expect(doubts.map(({ text }) => text)).toEqual([
      'x.json: x/bert.jpg is not the only one that fits bert.jpg. Does it belong to it?',
      'x.json: y/bert.jpg is not the only one that fits bert.jpg. Does it belong to it?',
    ]);
  });

  test('a picture known by its name alone is told', async () => {
    const { notes } = await importLandmarks(
      coco(['x/bert.jpg', 'y/anna.jpg'], [{ image: 1, points: [1, 2, 3] }]),
      known,
    );
    expect(notes).toEqual([
      'x.json: known by name alone, in another folder: y/anna.jpg as holiday/anna.jpg.',
    ]);
  });

  test('TPS counts y from the bottom of the picture', async () => {
    const file = { file: new File(['LM=3\n1 2\n3 4\n5 30\nIMAGE=bert.jpg\n'], 'x.tps'), folder: '' };
    const { results } = await importLandmarks(file, known);
    expect([...results[0].corrected![0].points]).toEqual([1, 28, 3, 26, 5, 0]);
  });

  test('a table of something else is refused by name', async () => {
    const file = { file: new File(['a,b\n1,2\n'], 'numbers.csv'), folder: 'x' };
    await expect(importLandmarks(file, known)).rejects.toThrow('x/numbers.csv holds no landmarks');
    const json = { file: new File(['{"a": 1}'], 'a.json'), folder: '' };
    await expect(importLandmarks(json, known)).rejects.toThrow('a.json holds no landmarks');
  });
});

test('a picture whose name an annotation program has changed is asked about', async () => {
  const table = {
    images: [{ id: 1, file_name: '../../label-studio/data/media/upload/1/a1b2c3d4-bert.jpg' }],
    annotations: [{ image_id: 1, keypoints: [10, 20, 2, 30, 40, 2, 50, 60, 2] }],
  };
  const file = new File([JSON.stringify(table)], 'result.json');
  const { results, doubts } = await importLandmarks({ file, folder: '' }, known);
  expect(results).toEqual([]);
  expect(doubts.map(({ text }) => text)).toEqual([
    expect.stringMatching(/a1b2c3d4-bert\.jpg is not here, but bert\.jpg is\. Is it the same picture\?$/),
  ]);
});

describe('files of other programs that are none of these', () => {
  const reading = (name: string, content: string) =>
    importLandmarks({ file: new File([content], name), folder: '' }, known);

  it.each([
    [
      'a.json',
      '{"version": "5", "shapes": [{"label": "nose"}], "imagePath": "anna.jpg"}',
      'is a file of LabelMe',
    ],
    ['a.json', '{"anna.jpg1": {"regions": [{"shape_attributes": {"cx": 1}}]}}', 'is a file of VGG Image'],
    [
      'a.csv',
      'filename,file_size,file_attributes,region_count\nanna.jpg,1,"{}",0\n',
      'is a table of VGG Image',
    ],
    ['a.json', '[{"data": {}, "annotations": [{"keypointlabels": ["nose"]}]}]', 'is Label Studio’s own JSON'],
    ['a.json', '{"people": [{"face_keypoints_2d": [1, 2, 0.9]}]}', 'is a file of OpenPose'],
    ['a.json', '{"objects": [{"classTitle": "face", "geometryType": "graph"}]}', 'is a file of Supervisely'],
    ['a.json', '[{"image_id": 1, "keypoints": [1, 2, 2]}]', 'is a list of results in COCO’s form'],
  ])('%s: %s', async (name, content, what) => {
    await expect(reading(name, content)).rejects.toThrow(`${name} ${what}`);
  });

  it('are refused where coordinates are shares of the picture', async () => {
    const coco = {
      images: [{ id: 1, file_name: 'anna.jpg' }],
      annotations: [{ image_id: 1, keypoints: [0.5, 0.25, 2, 0.1, 0.3, 2, 0.9, 0.9, 1] }],
    };
    await expect(reading('a.json', JSON.stringify(coco))).rejects.toThrow(
      'anna.jpg: all points of a face lie within one px: its coordinates are shares of the picture, not px',
    );
  });
});
