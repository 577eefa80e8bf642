import { expect, it } from 'vitest';
import { PictureRequests, type HeldPicture } from './picture-requests';

const held = (width: number) => ({ bitmap: { width } }) as HeldPicture;
const never = new AbortController().signal;

it('gives one picture to each who waits, in turn, and says when nobody takes it', async () => {
  const requests = new PictureRequests();
  expect([requests.isWaiting, requests.give(held(0))]).toEqual([false, false]);
  const both = [requests.add(never), requests.add(never)];
  expect([requests.give(held(1)), requests.isWaiting, requests.give(held(2))]).toEqual([true, true, true]);
  expect((await Promise.all(both)).map(({ bitmap }) => bitmap.width)).toEqual([1, 2]);
  expect(requests.give(held(3))).toBe(false);
});

it('gives nothing to who called off, nor to whom it was cleared', async () => {
  const requests = new PictureRequests();
  const calling = new AbortController();
  const off = requests.add(calling.signal);
  const other = requests.add(never);
  calling.abort(new Error('called off'));
  await expect(off).rejects.toThrow('called off');
  expect(() => requests.add(calling.signal)).toThrow('called off');
  requests.give(held(1));
  expect((await other).bitmap.width).toBe(1);
  void requests.add(never);
  requests.clear();
  expect(requests.give(held(2))).toBe(false);
});
