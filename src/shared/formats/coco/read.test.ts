import { describe, expect, it } from 'vitest';
import { triangle } from '../../../../tests/fixtures/faces';
import type { ExportFile } from '../types';
import { coco } from './index';

const image = { id: 1, file_name: 'face.jpg', width: 512, height: 512 };
const category = { id: 1, name: 'face', keypoints: ['a', 'b', 'c'], skeleton: [] };
const face = {
  id: 1,
  image_id: 1,
  category_id: 1,
  keypoints: [0, 0, 0, 10, 20, 2, 30, 40, 1],
  num_keypoints: 2,
};

function read(content: object) {
  const skipped: string[] = [];
  const pictures = coco.read!(JSON.stringify(content), 'x.json', (message) => skipped.push(message));
  return { faces: pictures.flatMap(({ faces }) => faces), pictures, skipped };
}

describe('COCO of other programs', () => {
  it('has missing points where v is 0, whatever stands beside it', () => {
    const other = { ...face, keypoints: [7, 8, 0, 10, 20, 2, 30, 40, 1] };
    const { faces } = read({ images: [image], categories: [category], annotations: [face, other] });
    for (const { points } of faces) expect([...points]).toEqual([NaN, NaN, 10.5, 20.5, 30.5, 40.5]);
    expect(faces[0].names).toEqual(['a', 'b', 'c']);
  });

  it('is read beside annotations of other kinds, which are counted', () => {
    const { faces, skipped } = read({
      images: [image, { id: 2 }],
      categories: [category, { id: 2, name: 'car' }],
      annotations: [
        { id: 2, image_id: 1, category_id: 2, bbox: [1, 2, 3, 4] },
        { id: 3, image_id: 1, category_id: 2, bbox: [1, 2, 3, 4], keypoints: [] },
        { id: 4, image_id: 1, category_id: 1, keypoints: [1, 2, 2, 3] },
        { id: 5, image_id: 1, category_id: 1, keypoints: [0, 0, 0, 0, 0, 0] },
        { id: 6, image_id: 9, category_id: 1, keypoints: [1, 2, 2] },
        face,
      ],
    });
    expect(faces).toHaveLength(1);
    expect(skipped).toEqual([
      'x.json: left out 1 image without id and file name, 2 annotations without keypoints, ' +
        '1 annotation whose keypoints are not x, y, visibility each, 1 annotation without a labelled keypoint (v is 0) and ' +
        '1 annotation of an image that the file does not list.',
    ]);
  });

  it('is not read where x and y alone stand in the list, though it comes out even', () => {
    const { faces, skipped } = read({
      images: [image],
      categories: [category],
      annotations: [{ ...face, keypoints: [10, 20, 30, 40, 50, 60] }, face],
    });
    expect(faces).toHaveLength(1);
    expect(skipped[0]).toContain('1 annotation whose keypoints are not x, y, visibility each');
  });

  it('whose images share an id is read but for the faces of those, whose picture is not sure', () => {
    const other = { ...image, file_name: 'other.jpg' };
    const second = { ...image, id: 2, file_name: 'second.jpg' };
    const { pictures, skipped } = read({
      images: [image, other, second, { ...second, width: 0 }],
      categories: [category],
      annotations: [face, { ...face, image_id: 2 }],
    });
    expect(pictures.map(({ path, faces }) => [path, faces.length])).toEqual([
      ['face.jpg', 0],
      ['other.jpg', 0],
      ['second.jpg', 1],
    ]);
    expect(skipped).toEqual([
      'x.json: left out 1 annotation whose image is not sure, since several have its id.',
    ]);
  });

  it('may have a confidence in the place of visibility, of which 1 hides nothing', () => {
    const sure = { ...face, keypoints: [10, 20, 1, 30, 40, 0.87, 50, 60, 0] };
    const { faces } = read({ images: [image], categories: [category], annotations: [sure, face] });
    expect([...faces[0].points]).toEqual([10.5, 20.5, 30.5, 40.5, NaN, NaN]);
    expect(faces[0].visible).toBeUndefined();
    expect([...faces[1].visible!]).toEqual([1, 1, 0]);
  });

  it('may lack categories and sizes, and have texts for ids', () => {
    const { pictures } = read({
      images: [{ id: 'a', file_name: 'face.jpg' }],
      annotations: [{ ...face, image_id: 'a', category_id: null }],
    });
    expect(pictures).toMatchObject([{ path: 'face.jpg', faces: [{}] }]);
    expect(pictures[0].width).toBeUndefined();
  });

  it('is read where what stands beside the points is odd, which is left out alone', () => {
    const { faces, pictures, skipped } = read({
      images: [{ ...image, width: 0, height: '512' }],
      categories: [category],
      annotations: [
        { ...face, image_id: '1', score: '0.9', corrected: 1 },
        { ...face, spread: [1] },
        { ...face, model: 7 },
        { ...face, category_id: 1.5 },
      ],
    });
    expect(faces).toHaveLength(3);
    expect(faces[0].score).toBeUndefined();
    expect(pictures[0].width).toBeUndefined();
    expect(skipped).toEqual([
      'x.json: left out 1 value for score that cannot be read, 1 value for corrected that cannot be read, ' +
        '1 value for spread that cannot be read, 1 value for model that cannot be read and ' +
        '1 annotation whose ids are neither whole numbers nor texts.',
    ]);
  });

  it('may have null or NaN, as Python writes it, in the place of a missing point', () => {
    const keypoints = '[null, 3, 2, NaN, NaN, 2, 30, 40, 2]';
    const content = `{"images": [{"id": 1, "file_name": "NaN \\"Infinity.jpg"}], "annotations": [{"image_id": 1, "keypoints": ${keypoints}}]}`;
    const [{ path, faces }] = coco.read!(content, 'x.json');
    expect(path).toBe('NaN "Infinity.jpg');
    expect([...faces[0].points]).toEqual([NaN, NaN, NaN, NaN, 30.5, 40.5]);
  });

  it('is written with v = 0 for a missing point, which is not counted', () => {
    const points = Float32Array.of(NaN, NaN, 10.5, 20.5, 30.5, 40.5);
    const spread = Float32Array.of(NaN, 1, 2);
    const exported = { points, spread, score: 0.5, model: 'net', scheme: triangle, corrected: true };
    const picture = {
      name: 'a.jpg',
      folder: '',
      width: 9,
      height: 9,
      faces: [exported],
      open: async () => new Blob(),
    };
    const [{ data }] = coco.write([picture], { style: {} as never }) as Iterable<ExportFile>;
    const [annotation] = JSON.parse(data as string).annotations;
    expect(annotation).toMatchObject({
      keypoints: [0, 0, 0, 10, 20, 2, 30, 40, 2],
      num_keypoints: 2,
      bbox: [10.5, 20.5, 20, 20],
    });
    const [back] = coco.read!(data as string, 'x.json');
    expect([...back.faces[0].points]).toEqual([...points]);
    expect([...back.faces[0].spread!]).toEqual([...spread]);
  });
});
