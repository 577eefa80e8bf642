import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { currentModelId } from './former-ids';

const registry = JSON.parse(readFileSync('static/models/registry.json', 'utf8')) as {
  models: { id: string }[];
};

it('leads from each former id to a model there is', () => {
  const ids = registry.models.map(({ id }) => id);
  for (const former of ['resnet-lite', 'resnet-lite-poses', 'resnet18', 'unet-lite']) {
    expect(ids).not.toContain(former);
    expect(ids).toContain(currentModelId(former));
  }
});

it('leaves every other id as it is', () => {
  for (const id of ['lite', 'face-b', 'my-nose-1', 'constructor', '']) expect(currentModelId(id)).toBe(id);
});
