import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import schema from '../../../../docs/marks.schema.json';
import { jsonSchemas } from '../json-schema';
import { formatMarks, isLikeMarks, parseMarks } from './index';

const content = {
  schemes: {
    ears: {
      title: 'Ears',
      points: [
        { id: 'l', name: 'left lobe' },
        { id: 'r', name: 'right lobe' },
      ],
      pairs: [[0, 1] as [number, number]],
      lines: [],
    },
  },
  pictures: [
    {
      path: 'a/anna.jpg',
      width: 40,
      height: 30,
      marks: [
        {
          scheme: 'ears',
          box: { x: 1, y: 2, width: 3, height: 4 },
          landmarks: { model: 'lite', points: [[1, 2] as [number, number], null] },
          points: [[1.5, 2.25] as [number, number], null],
        },
      ],
    },
  ],
};

describe('marks.json', () => {
  it('has an up-to-date schema in docs, which it fits: `npm run schema` writes it', () => {
    expect(schema).toEqual(jsonSchemas['marks.schema.json']());
    const validate = new Ajv().compile(schema);
    expect(validate(JSON.parse(formatMarks(content))), JSON.stringify(validate.errors)).toBe(true);
  });

  it('is read as it was written, and told from landmarks', () => {
    const text = formatMarks(content);
    expect(parseMarks(text, 'marks.json')).toEqual({ format: 'mien-marks', version: 1, ...content });
    expect([isLikeMarks(text), isLikeMarks('{"format":"mien-landmarks"}')]).toEqual([true, false]);
  });

  it.each([
    [
      { pictures: [{ ...content.pictures[0], width: 0 }] },
      'pictures[0].width must be a whole number of at least 1',
    ],
    [
      {
        pictures: [{ ...content.pictures[0], marks: [{ ...content.pictures[0].marks[0], scheme: 'nose' }] }],
      },
      'pictures[0].marks[0].scheme: there is no scheme nose',
    ],
    [
      {
        pictures: [{ ...content.pictures[0], marks: [{ ...content.pictures[0].marks[0], points: [null] }] }],
      },
      'pictures[0].marks[0].points must have 2 entries, it has 1',
    ],
    [
      { schemes: { ears: { ...content.schemes.ears, lines: [[0, 2]] } } },
      'schemes.ears.lines[0] must be two indices below 2',
    ],
    [
      {
        schemes: {
          ears: {
            ...content.schemes.ears,
            points: [...content.schemes.ears.points.slice(1), { id: 'r', name: 'x' }],
          },
        },
      },
      'schemes.ears.points[1].id must be the id of no other point',
    ],
  ])('that is wrong is refused, naming the place: %#', (patch, words) => {
    const text = JSON.stringify({ format: 'mien-marks', version: 1, ...content, ...patch });
    expect(() => parseMarks(text, 'my.json')).toThrow(`my.json: ${words}`);
  });
});
