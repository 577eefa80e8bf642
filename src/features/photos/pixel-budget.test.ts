import { expect, test } from 'vitest';
import { PixelBudget } from './pixel-budget';

const turn = () => new Promise((resolve) => setTimeout(resolve));

/** Reserves in this order; `granted` tells who has got his share so far. */
function setUp(totalPx: number) {
  const budget = new PixelBudget(totalPx);
  const granted: string[] = [];
  const release = new Map<string, () => void>();
  const ask = (name: string, px: number, isViewed?: boolean) =>
    void budget.reserve(px, isViewed).then((give) => {
      granted.push(name);
      release.set(name, give);
    });
  return { ask, granted, release: (name: string) => release.get(name)!() };
}

test('pictures share the budget, and one that would exceed it waits, whoever comes behind it', async () => {
  const { ask, granted, release } = setUp(100);
  ask('a', 60);
  ask('b', 40);
  ask('large', 90);
  ask('small', 5);
  await turn();
  expect(granted).toEqual(['a', 'b']);
  release('a');
  // Given back twice, it counts once.
  release('a');
  await turn();
  expect(granted).toEqual(['a', 'b']);
  release('b');
  await turn();
  expect(granted).toEqual(['a', 'b', 'large', 'small']);
});

test('one that is larger than everything is decoded alone, and what is viewed goes first', async () => {
  const { ask, granted, release } = setUp(100);
  ask('a', 10);
  ask('huge', 1000);
  ask('viewed', 20, true);
  await turn();
  expect(granted).toEqual(['a', 'viewed']);
  release('a');
  release('viewed');
  await turn();
  expect(granted).toEqual(['a', 'viewed', 'huge']);
});
