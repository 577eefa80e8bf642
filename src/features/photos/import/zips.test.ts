/** ZIPs that come into Photos: what is taken out of them, and what is refused, by name. */
import { zipSync, type Zippable } from 'fflate';
import { describe, expect, it } from 'vitest';
import { pathOf } from '../../../shared/imaging/file-listing';
import { unpackZips, zipLimits } from './zips';

const bytes = (text: string) => new TextEncoder().encode(text);
const fileOf = (packed: Uint8Array, name = 'set.zip') => new File([Uint8Array.from(packed)], name);
const zipOf = (content: Zippable, name?: string) => fileOf(zipSync(content), name);
const read = (file: File, folder = '') => unpackZips({ files: [{ file, folder }], problems: [] });
const pathsIn = async (file: File, folder?: string) => (await read(file, folder)).files.map(pathOf);
const refusal = async (file: File) => {
  const { files, problems } = await read(file);
  expect(files).toEqual([]);
  return problems.map(({ problem, message }) => `${problem}: ${message}`);
};

const anna = { 'anna.jpg': bytes('anna') };

/** Bytes of the directory's first entry are changed. @param at from the entry's beginning */
function changed(content: Zippable, at: number, ...to: number[]): File {
  const packed = zipSync(content);
  const entry = Buffer.from(packed).indexOf('PK\x01\x02', 0, 'latin1');
  packed.set(to, entry + at);
  return fileOf(packed);
}

describe('a ZIP', () => {
  it('counts as the files in it, beside others and in its folder', async () => {
    const zip = zipOf({
      ...anna,
      'in/bert.jpg': [bytes('bert '.repeat(99)), { level: 9 }],
      'marks.json': bytes('{}'),
    });
    expect(await pathsIn(zip)).toEqual(['anna.jpg', 'in/bert.jpg', 'marks.json']);
    expect(await pathsIn(zip, 'all')).toEqual(['all/anna.jpg', 'all/in/bert.jpg', 'all/marks.json']);
    const [one, two] = (await read(zip)).files;
    expect([await one.file.text(), await two.file.text()]).toEqual(['anna', 'bert '.repeat(99)]);
    const other = { file: new File(['c'], 'carl.jpg'), folder: '' };
    const both = await unpackZips({ files: [other, { file: zip, folder: '' }], problems: [] });
    expect(both.files.map(pathOf)).toEqual(['carl.jpg', 'anna.jpg', 'in/bert.jpg', 'marks.json']);
  });

  it('is told by its type as well, and one among hidden files is left alone', async () => {
    const packed = Uint8Array.from(zipSync(anna));
    expect(await pathsIn(new File([packed], 'download', { type: 'application/zip' }))).toEqual(['anna.jpg']);
    expect(await pathsIn(fileOf(packed, '._set.zip'))).toEqual(['._set.zip']);
  });

  it('brings no folders, nothing that systems leave, and no picture that Mien drew points on', async () => {
    const zip = zipOf({
      ...anna,
      'empty/': new Uint8Array(),
      '__MACOSX/._anna.jpg': bytes('x'),
      '../up.jpg': bytes('x'),
      'win\\bert.jpg': bytes('x'),
      'overlay/anna.png': bytes('x'),
      'overlay/other.png': bytes('x'),
    });
    expect(await pathsIn(zip)).toEqual(['anna.jpg', 'win/bert.jpg', 'overlay/other.png']);
  });

  it.each([
    [{ 'notes.txt': bytes('x') }, 'not-a-picture: set.zip holds no pictures, points or marks.'],
    [{}, 'not-a-picture: set.zip holds no pictures, points or marks.'],
    [
      { 'net/model.json': bytes('{}'), 'net/group1.bin': bytes('x') },
      'not-a-picture: set.zip holds a model. Add it on the page Models.',
    ],
    [{ 'taught.json': bytes('{}') }, 'not-a-picture: set.zip holds a model. Add it on the page Models.'],
    [
      { 'photos/0/records.jsonl': bytes('{}'), 'manifest.json': bytes('{}') },
      'not-a-picture: set.zip is a file of everything kept in Mien. Read it back on the page About.',
    ],
  ])('that holds nothing for Photos is refused by its name: %#', async (content, words) => {
    expect(await refusal(zipOf(content as Zippable))).toEqual([words]);
  });

  it('that is none, or cut short, is refused by its name', async () => {
    const packed = zipSync(anna);
    const words = ['damaged: set.zip: is cut short, or no ZIP.'];
    expect(await refusal(fileOf(bytes('hello')))).toEqual(words);
    expect(await refusal(fileOf(packed.subarray(0, packed.length - 10)))).toEqual(words);
  });

  it('with a damaged or encrypted file brings the others', async () => {
    const content: Zippable = { 'anna.jpg': [bytes('sound'), { level: 0 }], 'bert.jpg': bytes('bert') };
    const packed = zipSync(content);
    packed[Buffer.from(packed).indexOf('sound', 0, 'latin1')] ^= 1;
    const { files, problems } = await read(fileOf(packed));
    expect(files.map(pathOf)).toEqual(['bert.jpg']);
    expect(problems.map(({ message }) => message)).toEqual(['set.zip: anna.jpg is damaged.']);
    const locked = await read(changed(content, 8, 1, 0));
    expect(locked.problems.map(({ message }) => message)).toEqual(['set.zip: anna.jpg is encrypted.']);
  });

  it('that would fill the memory is refused before anything is unpacked', async () => {
    const [most, more] = [zipLimits.growth, 0xfffffff0].map((size) =>
      [24, 16, 8, 0].map((by) => (size >> by) & 255).reverse(),
    );
    expect(await refusal(changed(anna, 24, ...more))).toEqual([
      'too-large: set.zip would unpack to 4096 MB, more than Mien takes from a ZIP of its size.',
    ]);
    expect(await refusal(changed(anna, 24, ...most))).toEqual([
      'too-large: set.zip: anna.jpg is larger than 256 MB.',
    ]);
  });
});
