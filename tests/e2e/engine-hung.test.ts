/** A worker that hangs in the middle of a call: noticed in time, ended, and no hindrance to the next engine. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { UNRESPONSIVE_MS } from '../../src/engine/api/limits';
import { root } from './browser';
import { openEngineSite, type EngineSite } from './engine-page/site';
import { runInWorker } from './in-worker';

const PICTURES = { 'astronaut.png': join(root, 'static', 'samples', 'astronaut.png') };
/** What makes workers hang, and by what they tell so before. */
const HANG_CHANNELS = ['hang', 'heard'] as const;
/** A search of a large picture is called off so long after it was asked for, ms. */
const ABORT_MS = [0, 20, 150] as const;
/** Timers and messages on a busy machine, ms. */
const SLACK_MS = 5000;

/** Runs in the worker: it never comes back from the message, but says before that it was heard. */
function installHang([channel, heard]: readonly string[]): void {
  const told = new BroadcastChannel(heard);
  new BroadcastChannel(channel).onmessage = () => {
    told.postMessage(null);
    for (;;);
  };
}

let site: EngineSite;
beforeAll(async () => {
  site = await openEngineSite(PICTURES);
});
afterAll(() => site?.close());

it('a hung worker is ended: its calls reject, the engine is lost, dispose does not wait', async () => {
  await runInWorker(site.page, `(${installHang})(${JSON.stringify(HANG_CHANNELS)})`);
  const run = await site.page.evaluate(async ([channel, heard]) => {
    const { createEngine, failureOf, fetchPicture } = window.engineLibrary;
    const [hung, other] = [
      await createEngine({ backend: 'wasm', thread: 'worker' }),
      await createEngine({ backend: 'wasm', thread: 'worker' }),
    ];
    const blob = await fetchPicture('astronaut.png');
    const before = (await hung.detect(blob)).faces.length;
    const told = new BroadcastChannel(heard);
    let count = 0;
    const bothHeard = new Promise<void>((resolve) => {
      told.onmessage = () => ++count === 2 && resolve();
    });
    // Both hang; one is waited for, the other disposed of at once.
    new BroadcastChannel(channel).postMessage(null);
    await bothHeard;
    const startMs = performance.now();
    const waiting = failureOf(() => other.memory());
    await other.dispose();
    const disposeMs = performance.now() - startMs;
    const failure = await failureOf(() => hung.detect(blob));
    const noticedMs = performance.now() - startMs - disposeMs;
    const { lost } = hung;
    await hung.dispose();
    return { before, failure, lost, noticedMs, disposeMs, disposed: await waiting };
  }, HANG_CHANNELS);
  expect(run).toMatchObject({ before: 1, lost: true, failure: { code: 'unresponsive' } });
  expect(run.noticedMs).toBeLessThan(UNRESPONSIVE_MS + SLACK_MS);
  expect(run.disposed).toMatchObject({ code: 'disposed' });
  expect(run.disposeMs).toBeLessThan(SLACK_MS);
});

it('a start that is aborted rejects with the reason of its signal, and so does a search under way', async () => {
  const run = await site.page.evaluate(async (abortMs) => {
    const { createEngine, drawFrame, withEngine } = window.engineLibrary;
    const starting = new AbortController();
    const start = createEngine({ backend: 'wasm', signal: starting.signal });
    starting.abort('no engine');
    const started = await start.catch((reason: unknown) => reason);
    return withEngine({ backend: 'wasm' }, async (engine) => {
      const faces = Array.from({ length: 12 }, (_, i) => {
        return { name: 'astronaut.png', x: (i % 4) * 400, y: Math.floor(i / 4) * 400, sizePx: 400 };
      });
      // The later ones may come after the end of it, on a fast machine.
      const searched = [];
      for (const delayMs of abortMs) {
        const calling = new AbortController();
        const picture = await drawFrame(faces, [1600, 1200]);
        const search = engine.detect(picture, { signal: calling.signal, transfer: true });
        setTimeout(() => calling.abort('no search'), delayMs);
        searched.push(
          await search.then(
            () => 'found',
            (reason: unknown) => reason,
          ),
        );
      }
      const tensors = (await engine.memory()).tensors;
      const next = await engine.detect(await drawFrame([faces[0]]));
      return {
        started,
        searched,
        next: next.faces.length,
        leaked: (await engine.memory()).tensors - tensors,
      };
    });
  }, ABORT_MS);
  const [atOnce, ...later] = run.searched;
  expect(run).toMatchObject({ started: 'no engine', next: 1, leaked: 0 });
  expect(atOnce).toBe('no search');
  expect(later.filter((end) => end !== 'no search' && end !== 'found')).toEqual([]);
});
