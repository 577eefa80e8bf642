import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DETECTOR_NAMES } from '../options';
import { DETECTORS } from './detector-files';

const read = (path: string) => readFileSync(new URL(`../../../static/models/${path}`, import.meta.url));

it('each detector that can be chosen has files, and no other', () => {
  expect(Object.keys(DETECTORS).sort()).toEqual([...DETECTOR_NAMES].sort());
});

describe.each(Object.entries(DETECTORS))('the detector %s', (name, { path, files }) => {
  it('in the repository is the one the engine expects', () => {
    for (const { path: file, bytes, sha256 } of files) {
      const content = read(file);
      expect(content.length).toBe(bytes);
      expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
    }
  });

  it('lies in the folder of its name, graph and weights, and the sums stand beside it', () => {
    const readme = read(`${name}/README.md`).toString();
    const [{ paths }] = JSON.parse(read(path).toString()).weightsManifest;
    const weights = paths.map((file: string) => `${name}/${file}`);
    expect(files.map((file) => file.path)).toEqual([path, ...weights]);
    for (const { path: file, bytes, sha256 } of files)
      expect(readme).toContain(`| \`${file.split('/')[1]}\` | ${bytes} | \`${sha256}\` |`);
  });
});
