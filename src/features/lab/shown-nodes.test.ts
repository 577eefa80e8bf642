import { expect, it } from 'vitest';
import type { Network } from '../../engine/inspect/types';
import { shownNodes } from './shown-nodes';

const stages = [
  { node: 'relu', maps: 'relu/maps' },
  { node: 'flat', maps: null },
] as unknown as Network['stages'];

it('names the maps of the stage that is open, and the heatmaps of a network that has some', () => {
  const of = (show: 'network' | 'heatmaps' | 'matters', stage: string | null) =>
    shownNodes({ show, stage }, { heatmaps: 'heat' }, { stages });
  expect(of('network', 'relu')).toEqual(['relu/maps']);
  expect(of('heatmaps', 'relu')).toEqual(['heat']);
  for (const stage of ['flat', 'gone', null]) expect(of('network', stage)).toEqual([]);
  expect(of('matters', 'relu')).toEqual([]);
});

it('names none of a network without heatmaps, nor before it is known', () => {
  expect(shownNodes({ show: 'heatmaps', stage: null }, {}, { stages })).toEqual([]);
  expect(shownNodes({ show: 'heatmaps', stage: null }, undefined, null)).toEqual([]);
  expect(shownNodes({ show: 'network', stage: 'relu' }, undefined, null)).toEqual([]);
});
