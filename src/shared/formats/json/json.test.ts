import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportPictures } from '../../../../tests/fixtures/faces';
import schema from '../../../../docs/landmarks.schema.json';
import { parseManifest } from '../../../engine/model/manifest';
import { jsonSchemas } from '../json-schema';
import { formats, type ExportFile, type ExportPicture } from '../index';

const { json } = formats;
const options = { style: { overlay: 'points', groups: false, numbers: false, spread: 'off' } } as const;

function write(pictures: readonly ExportPicture[]): string {
  const [file] = json.write(pictures, options) as Iterable<ExportFile>;
  return file.data as string;
}

const sample = fc.sample(exportPictures, { numRuns: 30, seed: 2 }).find(({ length }) => length > 1)!;

describe('landmarks as JSON', () => {
  it('have an up-to-date schema in docs: `npm run schema` writes it', () => {
    expect(schema).toEqual(jsonSchemas['landmarks.schema.json']());
  });

  it('fit the documented schema', () => {
    const validate = new Ajv().compile(schema);
    fc.assert(
      fc.property(exportPictures, (pictures) => {
        expect(validate(JSON.parse(write(pictures))), JSON.stringify(validate.errors)).toBe(true);
      }),
    );
  });

  it('fit it with the scheme of a shipped model', () => {
    const path = 'static/models/lite/model.json';
    const { scheme } = parseManifest(JSON.parse(readFileSync(path, 'utf8')), path);
    const [picture] = sample;
    const points = new Float32Array(2 * scheme.pointCount);
    const face = { ...picture.faces[0], scheme, points, spread: new Float32Array(scheme.pointCount) };
    const written = JSON.parse(write([{ ...picture, faces: [face] }]));
    const validate = new Ajv().compile(schema);
    expect(validate(written), JSON.stringify(validate.errors)).toBe(true);
    expect(written.schemes.ibug68.names).toHaveLength(68);
  });

  it.each([
    ['{', /^old\.json: is not valid JSON/],
    ['[]', /^old\.json: the file must be an object/],
    ['{"format": "other"}', /^old\.json: format must be "mien-landmarks", found "other"/],
    ['{"format": "mien-landmarks", "version": 2}', /^old\.json: version must be 1, found 2/],
  ])('that are not ours give an error: %s', (text, message) => {
    expect(() => json.read!(text, 'old.json')).toThrow(message);
  });

  it('that are damaged give an error with the place', () => {
    const damaged = JSON.parse(write(sample));
    damaged.pictures[1].faces[0].points[2] = [1, 'two'];
    expect(() => json.read!(JSON.stringify(damaged), 'a.json')).toThrow(
      'a.json: pictures[1].faces[0].points[2][1] must be a number, found "two"',
    );
    damaged.pictures[1].faces[0].points.pop();
    expect(() => json.read!(JSON.stringify(damaged), 'a.json')).toThrow(
      'a.json: pictures[1].faces[0].points must have 3 entries, it has 2',
    );
    damaged.pictures[1].faces[0].scheme = 'unknown';
    expect(() => json.read!(JSON.stringify(damaged), 'a.json')).toThrow('schemes.unknown must be an object');
  });
});
