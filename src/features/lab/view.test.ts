import { labAddressOf } from '../../shared/addresses';
import { expect, it } from 'vitest';
import { firstView, formatView, parseView, type LabView } from './view';

const views: readonly LabView[] = [
  firstView,
  { ...firstView, from: { kind: 'sample' }, model: 'lite', stage: 'head.share/powers', channel: 0 },
  {
    ...firstView,
    from: { kind: 'photo', id: 'a-1' },
    show: 'matters',
    disturb: 'turn',
    amount: -12.5,
    point: 30,
  },
  {
    ...firstView,
    from: { kind: 'film', id: 'b', atMs: 1200 },
    show: 'compare',
    beside: 'unet',
    layout: 'over',
  },
  { ...firstView, show: 'learned', epoch: 3, from: { kind: 'camera' } },
];

it.each(views)('a link opens the same view again: %j', (view) => {
  expect(parseView(formatView(view))).toEqual(view);
});

it('what nobody touched is not in the address', () => {
  expect(formatView(firstView)).toBe('');
});

it('an address that was cut or made up opens what can be read of it', () => {
  expect(parseView('show=walls&channel=-1&point=x&amount=NaN&from=photo:&epoch=1.5&layout=')).toEqual(
    firstView,
  );
  expect(parseView('show=heatmaps&from=mars')).toEqual({ ...firstView, show: 'heatmaps' });
});

it.each([
  [labAddressOf('photo', 'a-1'), { kind: 'photo', id: 'a-1' }],
  [labAddressOf('film', 'b&2', 1234.5678), { kind: 'film', id: 'b&2', atMs: 1234.568 }],
])('links of other pages open the Lab on their picture: %s', (address, from) => {
  expect(parseView(address.replace('#/lab/see?', '')).from).toEqual(from);
});
