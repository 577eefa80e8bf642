import { describe, expect, it } from 'vitest';
import { matchPath } from './match';

function at(path: string) {
  const parts = path.split('/');
  return { name: parts.at(-1)!, folder: parts.slice(0, -1).join('/') };
}

/** `=x` for a sure match, `~x` for one by name alone, `?x|y` for doubtful ones, `-` for none. */
function match(path: string, pictures: string[], isStem = false): string {
  const found = matchPath(path, isStem, pictures.map(at));
  const pathOf = ({ folder, name }: { folder: string; name: string }) =>
    folder ? `${folder}/${name}` : name;
  if (found.kind === 'none') return '-';
  if (found.kind === 'doubtful') return `?${found.pictures.map(pathOf).join('|')}`;
  return `${found.isByName ? '~' : '='}${pathOf(found.picture)}`;
}

describe('a path in a table', () => {
  it.each<[string, string[], string]>([
    ['face.jpg', ['face.jpg', 'b/face.jpg'], '=face.jpg'],
    ['face.jpg', ['a/face.jpg', 'b/face.jpg'], '?a/face.jpg|b/face.jpg'],
    ['b/face.jpg', ['a/face.jpg', 'b/face.jpg'], '=b/face.jpg'],
    ['C:\\sets\\b\\face.jpg', ['a/face.jpg', 'b/face.jpg'], '=b/face.jpg'],
    ['set\\face.jpg', ['face.jpg'], '=face.jpg'],
    ['./face.jpg', ['drop/face.jpg'], '=drop/face.jpg'],
    ['elsewhere/face.jpg', ['holiday/face.jpg'], '~holiday/face.jpg'],
    ['c/face.jpg', ['a/face.jpg', 'b/face.jpg'], '?a/face.jpg|b/face.jpg'],
    ['FACE.JPG', ['face.jpg'], '=face.jpg'],
    ['Face.jpg', ['Face.jpg', 'face.jpg'], '=Face.jpg'],
    ['FACE.jpg', ['Face.jpg', 'face.jpg'], '?Face.jpg|face.jpg'],
    ['face.png', ['face.jpg'], '?face.jpg'],
    ['photo.2024', ['photo.2024.jpg', 'other.jpg'], '?photo.2024.jpg'],
    ['photo.2024', ['photo.jpg', 'photo.2024.jpg'], '?photo.jpg'],
    ['isi.jpg', ['ısı.jpg', 'isi.jpg'], '=isi.jpg'],
    ['ISI.JPG', ['ısı.jpg', 'isi.jpg'], '?ısı.jpg|isi.jpg'],
    ['Zo%C3%AB.jpg', ['Zoe\u0308.jpg'], '=Zoe\u0308.jpg'],
    ['face.jpg', ['interface.jpg'], '-'],
    ['../label-studio/upload/1/a1b2c3d4-face.jpg', ['face.jpg', 'other.jpg'], '?face.jpg'],
    ['a1b2c3d4-face.jpg', ['face.jpg', 'a1b2c3d4-face.jpg'], '=a1b2c3d4-face.jpg'],
    ['face_jpg.rf.0123456789abcdef0123456789abcdef.jpg', ['set/face.jpg'], '?set/face.jpg'],
    ['https://host.org/set/face.jpg?token=1', ['set/face.jpg'], '=set/face.jpg'],
    ['/data/local-files/?d=set/face.jpg', ['set/face.jpg'], '=set/face.jpg'],
  ])('%s among %j is %s', (path, pictures, wanted) => {
    expect(match(path, pictures)).toBe(wanted);
  });
});

describe('a file named after its picture', () => {
  it.each<[string, string[], string]>([
    ['anna', ['Anna.JPG'], '=Anna.JPG'],
    ['face.jpg', ['face.jpg', 'other.jpg'], '=face.jpg'],
    ['face.jpg', ['face.jpg', 'face.png'], '=face.jpg'],
    ['face', ['face.jpg', 'face.png'], '?face.jpg|face.png'],
    ['Face', ['Face.jpg', 'face.jpg'], '=Face.jpg'],
    ['FACE', ['Face.jpg', 'face.jpg'], '?Face.jpg|face.jpg'],
    ['photo.2024', ['photo.2024.jpg', 'photo.jpg'], '=photo.2024.jpg'],
    ['photo.2024', ['photo.2024.jpg', 'photo.2024.png'], '?photo.2024.jpg|photo.2024.png'],
    ['👩🏽‍🦰 ①', ['👩🏽‍🦰 ①.jpg', '👩 ①.jpg'], '=👩🏽‍🦰 ①.jpg'],
    ['שלום', ['שלום.jpg'], '=שלום.jpg'],
    ['landmarks/anna', ['images/anna.jpg'], '~images/anna.jpg'],
    ['anna', ['images/anna.jpg'], '=images/anna.jpg'],
    ['anna', ['a/anna.jpg', 'b/anna.jpg'], '?a/anna.jpg|b/anna.jpg'],
  ])('%s among %j is %s', (path, pictures, wanted) => {
    expect(match(path, pictures, true)).toBe(wanted);
  });
});
