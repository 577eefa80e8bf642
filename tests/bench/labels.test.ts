import { expect, it } from 'vitest';
import { findLabelled, parseLabels } from './labels';

const HEAD = 'picture,x,y,size,movement,shown,drawn\n';

it('a face with several labels is there once, another of the same picture is another', () => {
  const faces = parseLabels(
    `${HEAD}a/b.jpg,50,60,40,smile,1,random\na/b.jpg,50,60,40,wink,0,random\na/b.jpg,150,60,40,smile,0,random\n`,
  );
  expect(faces).toEqual([
    { picture: 'a/b.jpg', x: 50, y: 60, size: 40 },
    { picture: 'a/b.jpg', x: 150, y: 60, size: 40 },
  ]);
});

it('a line without numbers is named', () => {
  expect(() => parseLabels(`${HEAD}a.jpg,1,2,3,smile,1,random\nb.jpg,x,2,3,smile,1,random\n`)).toThrow(
    'line 3',
  );
});

it('of the found faces it is the one in the same place, and none that is elsewhere', () => {
  const label = { picture: 'a.jpg', x: 50, y: 50, size: 40 };
  const at = (x: number, y: number) => ({ points: [x - 20, y - 20, x + 20, y + 20, x, y] });
  const near = at(53, 50);
  expect(findLabelled([at(90, 50), near, at(60, 50)], label)).toBe(near);
  expect(findLabelled([at(90, 50)], label)).toBeNull();
});
