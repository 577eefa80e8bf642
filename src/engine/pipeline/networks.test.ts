/** Which backend the networks end up on; the networks themselves are stand-ins. */
import { beforeEach, expect, it, vi } from 'vitest';
import type { BackendOptions } from '../backend/select';
import { EngineError } from '../errors';
import type { BackendName } from '../types';
import type { Download } from './download';
import { openNetworks } from './networks';

/** What one face takes on each backend, ms, or how it fails; what does not start is missing. */
let faces: Partial<Record<BackendName, number | EngineError>> = {};
const open: BackendName[] = [];

vi.mock('../backend/select', () => ({
  async openBackend({ wanted, unfit, onTry }: BackendOptions) {
    for (const name of wanted === 'auto' ? (['webgl', 'wasm'] as const) : [wanted]) {
      onTry?.(name);
      if (faces[name] === undefined || unfit?.has(name)) continue;
      open.push(name);
      let reason = [...(unfit?.values() ?? [])].join();
      return {
        name,
        title: name,
        readsPixels: name === 'wasm',
        get reason() {
          return reason;
        },
        explain: (text: string) => void (reason = text),
        use: async () => {},
        quicken: async () => {},
        dispose: () => void open.splice(open.indexOf(name), 1),
      };
    }
    throw new EngineError('no-backend', `backend ${wanted}: does not work here`);
  },
}));
vi.mock('../model/graph-model', () => ({ createModel: () => ({ graph: { weights: {} }, dispose() {} }) }));
vi.mock('../detect/detector', () => ({ createDetector: () => ({ dispose() {} }) }));
vi.mock('../inspect/inspector', () => ({ createInspector: () => ({}) }));
vi.mock('./warm-up', () => ({ warmUp: async () => null }));
vi.mock('./self-test', () => ({ checkResults: async () => {}, checkDetector() {} }));
vi.mock('../landmark/landmarker', () => ({
  createLandmarker: (_: unknown, { name }: { name: BackendName }) => ({
    async runIdle() {
      const face = faces[name];
      if (face instanceof EngineError) throw face;
      clock += face ?? 0;
    },
  }),
}));

let clock = 0;
beforeEach(() => {
  clock = 0;
  open.splice(0);
  vi.spyOn(performance, 'now').mockImplementation(() => clock);
});

const openWith = (wanted: BackendName | 'auto' = 'auto') =>
  openNetworks({
    files: { detector: {}, eye: null } as unknown as Download,
    wanted,
    wasm: { plain: '', simd: '', threaded: '', thread: '' },
    maxFaces: 1,
  });

it('a fast GPU keeps the networks; of a slow one and the processor the faster does, and says so', async () => {
  faces = { webgl: 10, wasm: 5 };
  expect((await openWith()).backend.name).toBe('webgl');
  faces = { webgl: 50, wasm: 40 };
  const { backend } = await openWith();
  expect([backend.name, backend.reason]).toEqual([
    'wasm',
    'webgl measured 50 ms a face here, WebAssembly 40 ms.',
  ]);
  faces = { webgl: 50, wasm: 60 };
  expect((await openWith()).backend.name).toBe('webgl');
  expect(open.sort()).toEqual(['wasm', 'webgl', 'webgl']);
});

it.each([
  [
    'falls silent',
    new EngineError('unresponsive', 'backend webgl: did not hand out its results within 10 s'),
  ],
  ['loses its context', new EngineError('context-lost', 'backend webgl: the GPU took its context away')],
])(
  'a GPU that %s while it is measured leaves the networks to the next backend, which says why',
  async (_, error) => {
    faces = { webgl: error, wasm: 40 };
    const { backend } = await openWith();
    expect(backend.name).toBe('wasm');
    expect(backend.reason).toContain(error.message);
    expect(open).toEqual(['wasm']);
  },
);

it.each([
  ['does not start, as under a policy that forbids it', undefined],
  ['fails', new EngineError('internal', 'networks: broken')],
])('a slow GPU is kept where the processor %s', async (_, wasm) => {
  faces = { webgl: 50, wasm };
  const { backend } = await openWith();
  expect(backend.name).toBe('webgl');
  expect(backend.reason).toMatch(/^webgl measured 50 ms a face here; WebAssembly could not be tried \(/);
  expect(open).toEqual(['webgl']);
});
