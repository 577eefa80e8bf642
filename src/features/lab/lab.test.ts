import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Engine } from '../../engine';
import type { EngineHost } from '../../services/engine/engine-host';
import { tinyManifest } from '../../../tests/fixtures/tiny-manifest';
import { Lab } from './lab.svelte';
import type { LabServices } from './types';
import { firstView, type LabView, type Origin } from './view';

/** What loading a model takes, ms. */
const LOAD_MS = 400;
const SWITCHES = 10;
const LOOK_MS = 20;

let isBroken = false;
/** Models that looked for the face. */
let searching: string[] = [];

const box = { x: 90, y: 90, width: 60, height: 60 };
const points = Float32Array.of(100, 100, 140, 100, 120, 140);

const engineOf = (model: string) =>
  ({
    info: { manifest: { ...tinyManifest, id: model } },
    network: async () => ({ stages: [], stageMs: [], filters: null }),
    detect: async () => {
      searching.push(model);
      return { faces: [{ points, box }] };
    },
    inspect: async () => {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      if (isBroken) throw new Error('no engine');
      return { points, spread: null, presence: 1 };
    },
  }) as unknown as Engine;

/** One turn after the other; a model that was not used last is loaded anew, and a turn under way ends before it is given up. */
function slowHost(): EngineHost {
  let last = Promise.resolve<unknown>(null);
  let loaded: string | null = null;
  const turn = async (
    model: string,
    signal: AbortSignal,
    use: (engine: Engine, signal: AbortSignal) => unknown,
  ) => {
    signal.throwIfAborted();
    if (loaded !== model) await new Promise((resolve) => setTimeout(resolve, LOAD_MS));
    loaded = model;
    signal.throwIfAborted();
    return use(engineOf(model), signal);
  };
  const run: EngineHost['run'] = ({ model, signal }, use) => {
    const result = last.then(() => turn(model!, signal!, use));
    last = result.catch(() => null);
    return result as never;
  };
  return { run, release: () => undefined, discard: () => undefined } as unknown as EngineHost;
}

/** Pictures that were made of the source and not closed. */
let open = 0;
const bitmap = () => ({ width: 320, height: 240, close: () => undefined }) as ImageBitmap;
const counted = () => {
  open += 1;
  return { ...bitmap(), close: () => void (open -= 1) };
};
const photo = (id: string): Origin => ({ kind: 'photo', id });

let lab: Lab;
const follow = (patch: Partial<LabView>) => lab.follow({ ...lab.view, ...patch }, true);
beforeEach(() => {
  vi.useFakeTimers();
  const canvas = () => ({ width: 0, height: 0, getContext: () => null });
  vi.stubGlobal('document', { createElement: canvas });
  [open, isBroken, searching] = [0, false, []];
  vi.stubGlobal('createImageBitmap', async () => counted());
  const services = {
    host: slowHost(),
    models: { list: [{ id: 'lite' }, { id: 'unet' }], load: async () => undefined },
    settings: { current: { model: 'lite' } },
    pictures: { openPhoto: async () => bitmap() },
    releaseCamera: () => undefined,
  } as unknown as LabServices;
  lab = new Lab(services, () => undefined);
});
afterEach(() => {
  lab.dispose();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('shows the model that was chosen last, however fast others were chosen before it', async () => {
  follow({ ...firstView, from: photo('a') });
  await vi.advanceTimersByTimeAsync(LOAD_MS / 2);
  for (let i = 0; i < SWITCHES; i++) {
    follow({ model: i % 2 ? 'lite' : 'unet' });
    await vi.advanceTimersByTimeAsync(LOAD_MS / 8);
  }
  follow({ model: 'unet' });
  await vi.advanceTimersByTimeAsync(10 * LOAD_MS);
  expect(lab.state.kind).toBe('running');
  expect(lab.latest.own?.info.manifest.id).toBe('unet');
  expect(lab.network).not.toBeNull();
});

it('looks at the picture that was chosen last, also where the one before it was still being looked at', async () => {
  follow({ ...firstView, model: 'unet', from: photo('a') });
  await vi.advanceTimersByTimeAsync(LOAD_MS / 2);
  follow({ from: photo('b') });
  await vi.advanceTimersByTimeAsync(10 * LOAD_MS);
  expect(lab.state.kind).toBe('running');
  expect(lab.latest.own?.info.manifest.id).toBe('unet');
});

it('looks for the face in another picture with both models', async () => {
  follow({ ...firstView, show: 'compare', beside: 'unet', from: photo('a') });
  await vi.advanceTimersByTimeAsync(10 * LOAD_MS);
  expect(searching.toSorted()).toEqual(['lite', 'unet']);
  searching = [];
  follow({ from: photo('b') });
  await vi.advanceTimersByTimeAsync(10 * LOAD_MS);
  expect(searching.toSorted()).toEqual(['lite', 'unet']);
});

it('gives a picture to who holds it, and closes it where that is called off during the look, or the look fails', async () => {
  follow({ ...firstView, from: photo('a') });
  await vi.advanceTimersByTimeAsync(10 * LOAD_MS);
  const held = lab.hold(new AbortController().signal);
  await vi.advanceTimersByTimeAsync(10 * LOAD_MS);
  (await held).bitmap.close();
  const before = open;

  const calling = new AbortController();
  const off = lab.hold(calling.signal);
  await vi.advanceTimersByTimeAsync(LOOK_MS / 2);
  calling.abort();
  await expect(off).rejects.toThrow();
  await vi.advanceTimersByTimeAsync(10 * LOAD_MS);
  expect(open).toBe(before);

  isBroken = true;
  lab.hold(new AbortController().signal).catch(() => undefined);
  await vi.advanceTimersByTimeAsync(10 * LOAD_MS);
  expect(open).toBe(before);
});
