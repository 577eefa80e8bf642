import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { zipStream, type ZipFile } from './index';
import { openZip } from './read';

const live = new AbortController().signal;
const text = 'blue '.repeat(40);

async function* files(): AsyncGenerator<ZipFile> {
  yield { name: 'a/one.txt', data: text };
  yield { name: 'ü.bin', data: new Blob([Uint8Array.of(0, 1, 2, 255)]) };
  yield {
    name: 'lines',
    data: (async function* () {
      yield 'first\n';
      yield 'second\n';
    })(),
  };
}
const streamed = () => new Response(zipStream(files())).blob();
/** As other programs pack it. */
const packed = async () => {
  const bytes = zipSync(
    { 'a/one.txt': new TextEncoder().encode(text) },
    { level: 9, comment: 'made elsewhere' },
  );
  return new Blob([Uint8Array.from(bytes)]);
};

describe('a ZIP', () => {
  it('that was streamed is read entry by entry', async () => {
    const entries = await openZip(await streamed(), 'it.zip');
    expect([...entries.keys()]).toEqual(['a/one.txt', 'ü.bin', 'lines']);
    expect(await (await entries.get('a/one.txt')!.open()).text()).toBe(text);
    expect(new Uint8Array(await (await entries.get('ü.bin')!.open()).arrayBuffer())).toEqual(
      Uint8Array.of(0, 1, 2, 255),
    );
    expect(await (await entries.get('lines')!.open()).text()).toBe('first\nsecond\n');
    for (const entry of entries.values()) await entry.check(live);
  });

  it('that another program compressed is read too', async () => {
    const zip = await packed();
    expect(zip.size).toBeLessThan(text.length);
    const entry = (await openZip(zip, 'it.zip')).get('a/one.txt')!;
    expect(await (await entry.open()).text()).toBe(text);
    await entry.check(live);
  });

  it('of more files than the first form of ZIP can count is read', async () => {
    async function* many(): AsyncGenerator<ZipFile> {
      for (let i = 0; i < 65_600; i++) yield { name: `${i}`, data: i === 65_599 ? 'last' : '' };
    }
    const entries = await openZip(await new Response(zipStream(many())).blob(), 'it.zip');
    expect(entries.size).toBe(65_600);
    expect(await (await entries.get('65599')!.open()).text()).toBe('last');
  });

  it('with two files of one name is refused, and loses neither in silence', async () => {
    async function* twice(): AsyncGenerator<ZipFile> {
      yield { name: 'a.pts', data: 'one' };
      yield { name: 'a.pts', data: 'two' };
    }
    const zip = await new Response(zipStream(twice())).blob();
    await expect(openZip(zip, 'it.zip')).rejects.toThrow('it.zip: holds two files named a.pts');
  });

  it('of more files than are taken is refused', async () => {
    const zip = await streamed();
    expect((await openZip(zip, 'it.zip', 3)).size).toBe(3);
    await expect(openZip(zip, 'it.zip', 2)).rejects.toThrow('it.zip: holds more than 2 files');
  });

  it('that is cut short, or none, is refused by its name', async () => {
    const zip = await streamed();
    for (const broken of [zip.slice(0, zip.size - 30), zip.slice(40), new Blob(['hello']), new Blob([])])
      await expect(openZip(broken, 'it.zip').then(readAll)).rejects.toThrow(/^it\.zip: /);
  });

  it.each([
    ['streamed', streamed],
    ['compressed', packed],
  ] as const)('%s, with a changed byte: the entry is named', async (_, make) => {
    const bytes = new Uint8Array(await (await make()).arrayBuffer());
    // In the data of the first entry.
    bytes[45] ^= 1;
    const entries = await openZip(new Blob([bytes]), 'it.zip');
    await expect(entries.get('a/one.txt')!.check(live)).rejects.toThrow('it.zip: a/one.txt is damaged');
  });

  it('that unpacks to more than it claims is refused', async () => {
    const bytes = new Uint8Array(await (await packed()).arrayBuffer());
    const view = new DataView(bytes.buffer);
    const at = bytes.findIndex((_, i) => i + 4 <= bytes.length && view.getUint32(i, true) === 0x02014b50);
    view.setUint32(at + 24, 10, true);
    const entries = await openZip(new Blob([bytes]), 'it.zip');
    await expect(entries.get('a/one.txt')!.check(live)).rejects.toThrow('it.zip: a/one.txt is damaged');
  });
});

async function readAll(entries: Awaited<ReturnType<typeof openZip>>): Promise<void> {
  for (const entry of entries.values()) await entry.check(live);
}
