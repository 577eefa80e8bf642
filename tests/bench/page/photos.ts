/** Whole pictures through our `detect` and through face-api's detectors with its 68-point nets, turn and turn about. */
import type { BackendName } from '../../../src/engine/types';
import { engine } from './engine';
import { createCanvas, loadPicture } from './pictures';
import { loadRival } from './rival-frame';

/** `look` is ours with one look at the whole picture, `search` is ours as Photos has it. */
const contestants = ['search', 'look', 'ssd', 'tiny'] as const;
export type Contestant = (typeof contestants)[number];

/** What was found in one picture, and how long it took from pixels to points. */
export interface Found {
  /** x0, y0, x1, y1, … of each face, image px. */
  readonly faces: readonly (readonly number[])[];
  readonly ms: number;
}

async function detectOurs(url: string, thorough: boolean): Promise<Found> {
  const bitmap = await loadPicture(url);
  const [canvas, context] = createCanvas(bitmap.width, bitmap.height);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const start = performance.now();
  const { faces } = await engine().detect(canvas, { thorough });
  const ms = performance.now() - start;
  return { faces: faces.map(({ points }) => [...points]), ms };
}

/**
 * Pictures 0 to `count` − 1 of the site; who goes first changes from picture to picture, so that none gains by it. The engine
 * has to be open on `backend`, on the page's thread like face-api.
 */
export async function comparePhotos(
  backend: BackendName,
  count: number,
): Promise<Record<Contestant, readonly Found[]>> {
  const { info } = engine();
  if (info.backend !== backend || info.thread !== 'page')
    throw new Error(`photos: the engine runs on ${info.backend} in the ${info.thread}`);
  const { rival, remove } = await loadRival();
  const run = (name: Contestant, url: string): Promise<Found> =>
    name === 'search' || name === 'look'
      ? detectOurs(url, name === 'search')
      : rival.detect(name, new URL(url, document.baseURI).href);
  try {
    await rival.openDetectors(backend);
    for (const name of contestants) await run(name, 'pictures/0');
    const found: Record<Contestant, Found[]> = { search: [], look: [], ssd: [], tiny: [] };
    for (let i = 0; i < count; i++) {
      for (let turn = 0; turn < contestants.length; turn++) {
        const name = contestants[(turn + i) % contestants.length];
        found[name].push(await run(name, `pictures/${i}`));
      }
    }
    return found;
  } finally {
    remove();
  }
}
