import { describe, expect, test } from 'vitest';
import type { Face, Scheme } from '../../engine/types';
import { makeGaze, makeSignals } from '../../../tests/fixtures/signals';
import { faceColour, groupColoursOf, spreadColour, uncertaintyOf } from './colours';
import { drawOverlay } from './draw';
import type { OverlayStyle } from './style';
import { createMeshCache, isFolded, triangulate } from './mesh';
import { viewAffine } from './view';

/** A square with a point in it, as a face of five landmarks. */
const points = new Float32Array([10, 10, 50, 10, 50, 50, 10, 50, 30, 27]);
const scheme: Scheme = {
  id: 'five',
  pointCount: 5,
  names: ['a', 'b', 'c', 'd', 'e'],
  groups: { all: [0, 1, 2, 3, 4] },
  edges: [
    [0, 1],
    [1, 2],
  ],
  mirror: [1, 0, 3, 2, 4],
  normalisingPair: [0, 1],
  eyes: [[0], [1]],
  meanFace: null,
};
const face: Face = {
  points,
  spread: new Float32Array([1, 2, 3, 4, 5]),
  box: { x: 10, y: 10, width: 40, height: 40 },
  score: 1,
  id: 1,
};

/** A 2D context that records drawing calls. */
function recordingContext() {
  const calls: { name: string; args: unknown[] }[] = [];
  const fills: unknown[] = [];
  const context = new Proxy({} as Record<string, unknown>, {
    get: (target, name: string) =>
      target[name] ??
      ((...args: unknown[]) => {
        calls.push({ name, args });
        return { addColorStop: () => undefined };
      }),
    set: (target, name: string, value) => {
      target[name] = value;
      if (name === 'fillStyle') fills.push(value);
      return true;
    },
  });
  const named = (name: string) => calls.filter((call) => call.name === name).map((call) => call.args);
  return { context: context as unknown as CanvasRenderingContext2D, named, colours: () => fills };
}

function draw(
  style: Partial<OverlayStyle>,
  other: { mirrored?: boolean; face?: Face; scheme?: Scheme } = {},
) {
  const seen = { mirrored: false, face, scheme, ...other };
  const recording = recordingContext();
  const toView = viewAffine(
    { width: 100, height: 100 },
    { width: 200, height: 200 },
    'contain',
    seen.mirrored,
  );
  const full: OverlayStyle = { overlay: 'points', numbers: false, spread: 'off', ...style };
  drawOverlay(recording.context, [seen.face], seen.scheme, full, toView, createMeshCache());
  return recording;
}

describe('overlay', () => {
  test('points are placed by the view, mirrored too', () => {
    expect(
      draw({})
        .named('arc')
        .map(([x, y]) => [x, y])[0],
    ).toEqual([20, 20]);
    expect(
      draw({}, { mirrored: true })
        .named('arc')
        .map(([x, y]) => [x, y])[0],
    ).toEqual([180, 20]);
    expect(draw({}).named('arc')).toHaveLength(5);
  });

  test('contours join the edges of the scheme, once as halo and once in colour', () => {
    expect(draw({ overlay: 'contours' }).named('lineTo')).toEqual([
      [100, 20],
      [100, 100],
      [100, 20],
      [100, 100],
    ]);
  });

  test('the mesh draws each side of its four triangles once', () => {
    const sides = 8;
    expect(draw({ overlay: 'mesh' }).named('lineTo')).toHaveLength(2 * sides);
  });

  test('spread as size draws discs at true scale: image px times the scale of the view', () => {
    const radii = draw({ spread: 'size' })
      .named('arc')
      .map(([, , radius]) => radius);
    expect(radii.slice(0, 5)).toEqual([2, 4, 6, 8, 10]);
  });

  test('each part has its own colour: by name where it is known, else by order', () => {
    const of = (groups: Record<string, number[]>) => groupColoursOf({ pointCount: 4, groups });
    expect(of({ eyes: [0], mouth: [1] })[0]).toBe(of({ mouth: [1], jaw: [2], eyes: [0] })[0]);
    const [chin, ear, mouth, alone] = of({ ear: [1], chin: [0], mouth: [2] });
    expect(new Set([chin, ear, mouth, alone]).size).toBe(4);
    expect(of({ ear: [1], mouth: [2], chin: [0] })).toEqual([chin, ear, mouth, alone]);
    const byGroup = draw(
      { groups: true, spread: 'off' },
      { scheme: { ...scheme, groups: { nose: [0, 1, 2, 3, 4] } } },
    );
    expect(byGroup.colours()).not.toEqual(draw({}).colours());
  });

  test('without a spread from the model none is drawn, neither as size nor as colour', () => {
    const silent = { ...face, spread: null };
    expect(draw({ spread: 'size' }, { face: silent }).named('arc')).toEqual(draw({}).named('arc'));
    expect(draw({ spread: 'colour' }, { face: silent }).colours()).toEqual(draw({}).colours());
    expect(draw({ spread: 'colour' }).colours()).not.toEqual(draw({}).colours());
  });

  test('a point that is hidden is a ring, not a disc', () => {
    const turned = { ...face, visible: new Float32Array([0.9, 0.1, 0.6, 0.2, 1]) };
    expect(draw({}, { face: turned }).named('arc')).toHaveLength(5);
    expect(draw({}, { face: turned }).named('fill')).toHaveLength(3);
    expect(draw({}).named('fill')).toHaveLength(5);
  });

  test('irises are circled where gaze is told and asked for, mirrored with the view', () => {
    const looking = {
      ...face,
      signals: makeSignals({ gaze: makeGaze({ left: { x: 20, y: 15 }, right: null }) }),
    };
    const circles = (style: Partial<OverlayStyle>, mirrored = false) =>
      draw(style, { face: looking, mirrored })
        .named('arc')
        .slice(5)
        .map(([x, y]) => [x, y]);
    expect(circles({})).toEqual([]);
    // Once as halo and once in colour.
    expect(circles({ gaze: true })).toEqual([
      [40, 30],
      [40, 30],
    ]);
    expect(circles({ gaze: true }, true)[0]).toEqual([160, 30]);
    expect(draw({ gaze: true }).named('arc')).toHaveLength(5);
  });

  test('a single point is drawn whatever the style', () => {
    const nose: Scheme = {
      ...scheme,
      pointCount: 1,
      names: ['nose'],
      groups: {},
      edges: [],
      mirror: [0],
      normalisingPair: null,
      eyes: null,
    };
    const tip = { ...face, points: new Float32Array([30, 27]), spread: null };
    for (const overlay of ['points', 'contours', 'mesh'] as const) {
      const { named } = draw({ overlay, numbers: true }, { face: tip, scheme: nose });
      expect(named('arc').map(([x, y]) => [x, y])).toEqual([[60, 54]]);
      expect(named('fillText')).toHaveLength(1);
    }
  });

  test('numbers count from 1 and are readable in a mirrored view', () => {
    const texts = draw({ numbers: true }, { mirrored: true }).named('fillText');
    expect(texts.map(([text]) => text)).toEqual(['1', '2', '3', '4', '5']);
    expect(draw({ numbers: true }, { mirrored: true }).named('scale')).toEqual([]);
  });

  test('colours: the scale runs from sure to unsure, and every track id has a colour', () => {
    expect(uncertaintyOf(1, 100)).toBe(0);
    expect(uncertaintyOf(3.5, 100)).toBeCloseTo(0.5, 6);
    expect(uncertaintyOf(3, 1)).toBe(1);
    expect(uncertaintyOf(1, 0)).toBe(1);
    expect(spreadColour(0)).not.toBe(spreadColour(1));
    expect(faceColour(9)).toBe(faceColour(1));
  });
});

describe('mesh', () => {
  test('is kept while the face moves, and rebuilt once it folds over', () => {
    const cache = createMeshCache();
    const first = cache.trianglesOf(1, points);
    expect(
      cache.trianglesOf(
        1,
        points.map((value) => value * 1.5 + 3),
      ),
    ).toBe(first);
    const folded = Float32Array.from(points);
    folded[8] = 90;
    expect(isFolded(folded, first)).toBe(true);
    expect(cache.trianglesOf(1, folded)).not.toBe(first);
    expect(isFolded(folded, triangulate(folded))).toBe(false);
  });

  test('the mesh of a face that left is dropped', () => {
    const cache = createMeshCache();
    const first = cache.trianglesOf(1, points);
    cache.keepOnly([2]);
    expect(cache.trianglesOf(1, points)).not.toBe(first);
    expect(cache.trianglesOf(1, points)).toEqual(first);
  });
});

describe('a missing point', () => {
  const missing = points.map((value, i) => (i === 2 || i === 3 ? NaN : value));

  test.each(['points', 'contours', 'mesh'] as const)(
    'is not drawn with %s, and nothing leads to it',
    (overlay) => {
      const { named } = draw(
        { overlay, numbers: true, spread: 'size' },
        { face: { ...face, points: missing } },
      );
      const all = ['arc', 'moveTo', 'lineTo', 'fillText', 'strokeText'].flatMap((name) => named(name));
      const places = all.flat().filter((value) => typeof value === 'number');
      expect(places.length).toBeGreaterThan(0);
      expect(places.every(Number.isFinite)).toBe(true);
      expect(named('fillText').map(([text]) => text)).toEqual(['1', '3', '4', '5']);
      expect(named('arc')).toHaveLength(2 * 4);
    },
  );

  test('is no corner of a triangle, also where it goes missing later', () => {
    const meshes = createMeshCache();
    expect([...meshes.trianglesOf(1, points)]).toContain(1);
    const triangles = [...meshes.trianglesOf(1, missing)];
    expect(triangles).not.toContain(1);
    expect(triangles.length).toBeGreaterThan(0);
    expect([...triangulate(points.map((value, i) => (i < 6 ? NaN : value)))]).toEqual([]);
  });
});
