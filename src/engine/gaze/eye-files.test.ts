import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { EYE_FILES, EYE_PATH } from './eye-files';

const read = (path: string) => readFileSync(new URL(`../../../static/models/${path}`, import.meta.url));
const KB = 1000;

it('the eye network in the repository is the one the engine expects, graph and weights, and small', () => {
  for (const { path, bytes, sha256 } of EYE_FILES) {
    const content = read(path);
    expect(content.length).toBe(bytes);
    expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
  }
  const { weightsManifest, userDefinedMetadata } = JSON.parse(read(EYE_PATH).toString());
  const [{ paths }] = weightsManifest;
  expect(EYE_FILES.map(({ path }) => path)).toEqual([
    EYE_PATH,
    ...paths.map((file: string) => `eye/${file}`),
  ]);
  expect(EYE_FILES.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(150 * KB);
  expect(userDefinedMetadata.mien.scheme).toMatchObject({ id: 'eye7', pointCount: 7 });
});
