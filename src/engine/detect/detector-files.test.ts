import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DETECTOR_FILES } from './detector-files';

it('the detector in the repository is the one the engine expects', () => {
  for (const { path, bytes, sha256 } of DETECTOR_FILES) {
    const content = readFileSync(new URL(`../../../static/models/${path}`, import.meta.url));
    expect(content.length).toBe(bytes);
    expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
  }
});
