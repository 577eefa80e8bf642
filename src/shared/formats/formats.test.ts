/** Other programs' formats, as their documentation specifies them. */
import { describe, expect, it } from 'vitest';
import { triangle } from '../../../tests/fixtures/faces';
import {
  exportFiles,
  formatPts,
  formats,
  parsePts,
  type ExportFile,
  type ExportPicture,
  type FormatId,
} from './index';

const options = { style: { overlay: 'points', groups: false, numbers: false, spread: 'off' } } as const;

const picture: ExportPicture = {
  name: 'a.jpg',
  folder: '',
  width: 640,
  height: 480,
  faces: [
    {
      points: Float32Array.of(10.5, 20.5, 30.25, 20.5, 20.5, 40.5),
      spread: Float32Array.of(1, 2, 0),
      score: 0.75,
      model: 'net',
      scheme: triangle,
      corrected: true,
    },
  ],
  open: () => Promise.reject(new Error('not needed')),
};

function write(id: FormatId): string {
  const [file] = formats[id].write([picture], options) as Iterable<ExportFile>;
  return file.data as string;
}

describe('.pts', () => {
  it('counts from 1 at pixel centres, with the header that menpo and others look for', () => {
    expect(formatPts(picture.faces[0].points)).toBe(
      'version: 1\nn_points: 3\n{\n11 21\n30.75 21\n21 41\n}\n',
    );
  });

  it('is read with and without a header, with any line endings', () => {
    for (const text of ['1 2\n3 4', '\ufeffversion: 1\r\nn_points:  2\r\n{\r\n1 2\r\n3\t4 \r\n}\r\n']) {
      expect([...parsePts(text, 'a.pts')]).toEqual([0.5, 1.5, 2.5, 3.5]);
    }
  });

  it.each([
    ['1 2\n3', 'a.pts: line 2: wanted two numbers, found "3"'],
    ['1 2 3', 'a.pts: line 1: wanted two numbers, found "1 2 3"'],
    ['1 Infinity', 'a.pts: line 1: wanted two numbers, found "1 Infinity"'],
    ['n_points: 3\n1 2', 'a.pts: announces 3 points, has 1'],
    ['', 'a.pts: holds no points'],
    ['\0\xff\xd8', /^a\.pts: line 1/],
  ])('gives an error with the line when it cannot be read: %j', (text, message) => {
    expect(() => parsePts(text, 'a.pts')).toThrow(message);
  });
});

describe('CSV', () => {
  it('has a row per face, or a row per point', () => {
    expect(write('csvWide')).toBe(
      'picture,width,height,face,model,scheme,corrected,score,x1,y1,spread1,x2,y2,spread2,x3,y3,spread3\r\n' +
        'a.jpg,640,480,1,net,triangle,true,0.75,10.5,20.5,1,30.25,20.5,2,20.5,40.5,0\r\n',
    );
    expect(write('csvLong').split('\r\n')[2]).toBe(
      'a.jpg,640,480,1,net,triangle,true,0.75,2,"right ""eye""",30.25,20.5,2',
    );
  });

  it.each([
    ['a,"b', 'x.csv, line 1: a stray quote'],
    ['picture,face\na', 'x.csv, row 2: has 1 cells, the heading 2'],
    ['picture,face\na,one', 'x.csv, row 2: width is missing'],
  ])('gives an error with the place when it cannot be read: %j', (text, message) => {
    expect(() => formats.csvLong.read!(text, 'x.csv')).toThrow(message);
  });

  it('rejects a face with a spread for only some of its points', () => {
    expect(() => formats.csvWide.read!(write('csvWide').replace('20.5,2,', '20.5,,'), 'x.csv')).toThrow(
      'x.csv, row 2: point 2 has no spread, though others of the face have one',
    );
  });
});

describe('COCO', () => {
  it('counts keypoints from 0 at pixel centres, boxes from the corner, and edges between points counted from 1', () => {
    const { images, categories, annotations } = JSON.parse(write('coco'));
    expect(images).toEqual([{ id: 1, file_name: 'a.jpg', width: 640, height: 480 }]);
    expect(categories[0]).toMatchObject({
      id: 1,
      keypoints: triangle.names,
      skeleton: [
        [1, 2],
        [2, 3],
      ],
    });
    expect(annotations[0]).toMatchObject({
      image_id: 1,
      category_id: 1,
      keypoints: [10, 20, 2, 29.75, 20, 2, 20, 40, 2],
      num_keypoints: 3,
      bbox: [10.5, 20.5, 19.75, 20],
      area: 395,
      iscrowd: 0,
    });
  });

  it('says 1 of a point that is hidden, 2 of one that is seen, 0 of one that is missing', () => {
    const [face] = picture.faces;
    const points = Float32Array.of(10.5, 20.5, 30.25, 20.5, NaN, NaN);
    const hidden = { ...face, points, visible: Float32Array.of(0.9, 0.1, 0.9) };
    const [file] = formats.coco.write([{ ...picture, faces: [hidden] }], options) as Iterable<ExportFile>;
    const [annotation] = JSON.parse(file.data as string).annotations;
    expect(annotation.keypoints).toEqual([10, 20, 2, 29.75, 20, 1, 0, 0, 0]);
    expect(annotation.num_keypoints).toBe(2);
  });

  it('from another program is read without our own fields', () => {
    const text = JSON.stringify({
      images: [{ id: 7, file_name: 'b.jpg', width: 9, height: 8 }],
      categories: [{ id: 3, name: 'person', keypoints: ['nose'], skeleton: [] }],
      annotations: [{ id: 1, image_id: 7, category_id: 3, keypoints: [4, 5, 1], num_keypoints: 1 }],
    });
    const [{ faces }] = formats.coco.read!(text, 'coco.json');
    expect(faces).toHaveLength(1);
    expect([...faces[0].points]).toEqual([4.5, 5.5]);
    expect(faces[0].model).toBeUndefined();
  });
});

describe("dlib's XML", () => {
  it('has whole pixels for dlib, exact coordinates beside them, and escapes special characters', () => {
    expect(write('dlib')).toContain('<image file="a.jpg" width="640" height="480">');
    expect(write('dlib')).toContain('<part name="1" x="30" y="20" exact-x="29.75" exact-y="20" spread="2"/>');
    expect(write('dlib')).toContain('<box top="20" left="10" width="21" height="21" detection_score="0.75"');
    const named = { ...picture, name: `<"a" & 'b'>.jpg` };
    const [file] = formats.dlib.write([named], options) as Iterable<ExportFile>;
    expect(file.data).toContain('file="&#60;&#34;a&#34; &#38; &#39;b&#39;&#62;.jpg"');
  });
});

async function exportedNames(pictures: readonly ExportPicture[]): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of exportFiles(pictures, ['pts'], options)) names.push(name);
  return names;
}

describe('an export', () => {
  it('gives every picture a unique path that is safe to unpack', async () => {
    const paths = [
      ['', 'image.png'],
      ['', 'IMAGE.jpg'],
      ['../../etc', '..\\passwd.jpg'],
      ['/a//b/', 'c:d?.jpg'],
      ['', '...'],
    ];
    const pictures = paths.map(([folder, name]) => ({ ...picture, folder, name }));
    const names = await exportedNames(pictures);
    expect(names).toEqual(['image.pts', 'IMAGE-2.pts', 'etc/.._passwd.pts', 'a/b/c_d_.pts', 'picture.pts']);
  });

  it('gives no two paths that a system takes for one, and none that Windows keeps for devices', async () => {
    const names = [
      'Zo\u00e9.jpg',
      'Zoe\u0301.jpg',
      'aux.jpg',
      'COM1.tar.jpg',
      'console.jpg',
      'nul',
      'com0.jpg',
    ];
    const pictures = [
      ...names.map((name) => ({ ...picture, folder: '', name })),
      { ...picture, folder: 'con/nul.d', name: 'a.jpg' },
    ];
    expect(await exportedNames(pictures)).toEqual([
      ...[
        'Zo\u00e9.pts',
        'Zoe\u0301-2.pts',
        'aux_.pts',
        'COM1_.tar.pts',
        'console.pts',
        'nul_.pts',
        'com0_.pts',
      ],
      'con_/nul_.d/a.pts',
    ]);
  });
});
