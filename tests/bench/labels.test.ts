import { describe, expect, it } from 'vitest';
import { boxOfPoints, findLabelled } from './labelled-face';
import { parseLabels, parseRestLabels } from './labels';

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

describe('labels with a look at rest', () => {
  const head = 'person,picture,x,y,size,movement,shown,drawn\n';

  it('give each face once, with the same person at rest', () => {
    const rest = { picture: 'a_1.jpg', x: 50, y: 60, size: 40 };
    expect(
      parseRestLabels(
        `${head}a,a_2.jpg,51,61,41,pucker,1,sought\na,a_1.jpg,50,60,40,rest,1,sought\na,a_2.jpg,51,61,41,browsRaised,0,sought\n`,
      ),
    ).toEqual([{ picture: 'a_2.jpg', x: 51, y: 61, size: 41, rest }]);
  });

  it('name a person who has none', () => {
    expect(() => parseRestLabels(`${head}a,a_2.jpg,51,61,41,pucker,1,sought\n`)).toThrow(
      'a has no face at rest',
    );
  });
});

it('a box of points has its middle and its larger side', () => {
  expect(boxOfPoints([10, 20, 50, 40, 30, 30])).toEqual({ x: 30, y: 30, side: 40 });
});
