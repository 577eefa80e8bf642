import { expect, test } from 'vitest';
import { PictureError } from '../../shared/imaging/picture-error';
import { foldNotices } from './messages';

const heic = (file: string) => ({
  kind: 'problem' as const,
  thrown: new PictureError('damaged', file, `${file} is a HEIC picture that cannot be decoded (no network).`),
});

test('two hundred files of a folder with the same problem are told in one sentence, others by themselves', () => {
  const many = Array.from({ length: 200 }, (_, i) => heic(`holiday/${i}.heic`));
  const note = { kind: 'note' as const, message: 'a.jpg was here already.' };
  const damaged = new PictureError('damaged', 'holiday/b.jpg', 'holiday/b.jpg is damaged.');
  const heard = [note, ...many, heic('other/x.heic'), { kind: 'problem' as const, thrown: damaged }];
  expect(foldNotices(heard)).toEqual([
    note,
    {
      kind: 'problem',
      message:
        'holiday/0.heic is a HEIC picture that cannot be decoded (no network). ' +
        'The same goes for 199 more in holiday: 1.heic, 2.heic, 3.heic and 196 more.',
    },
    { kind: 'problem', message: 'other/x.heic is a HEIC picture that cannot be decoded (no network).' },
    { kind: 'problem', message: 'holiday/b.jpg is damaged.' },
  ]);
});

test('two hundred animated pictures of a folder are told of in one sentence too', () => {
  const notes = Array.from({ length: 200 }, (_, i) => ({
    kind: 'note' as const,
    file: `cats/${i}.gif`,
    message: `cats/${i}.gif is animated; only its first frame is used.`,
  }));
  expect(foldNotices(notes)).toEqual([
    {
      kind: 'note',
      message:
        'cats/0.gif is animated; only its first frame is used. ' +
        'The same goes for 199 more in cats: 1.gif, 2.gif, 3.gif and 196 more.',
    },
  ]);
});

test('what is no fault of a file is told as often as it happens', () => {
  const thrown = new Error('the GPU is gone');
  expect(
    foldNotices([
      { kind: 'problem', thrown },
      { kind: 'problem', thrown },
    ]),
  ).toHaveLength(2);
});
