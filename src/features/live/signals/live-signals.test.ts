import { describe, expect, test } from 'vitest';
import { makeFace, makeResult, makeSignals } from '../../../../tests/fixtures/signals';
import { kindOf } from '../../../shared/format/signal-kinds';
import { LiveSignals } from './live-signals.svelte';

const near = makeFace(makeSignals({ yawDeg: 10 }), { id: 1, box: { x: 0, y: 0, width: 200, height: 200 } });
const far = makeFace(makeSignals({ yawDeg: 30 }), { id: 2, box: { x: 300, y: 0, width: 80, height: 80 } });

describe('live signals', () => {
  test('are those of the largest face, or of the one that was chosen', () => {
    const signals = new LiveSignals();
    signals.add(makeResult(0, [far, near]));
    signals.read();
    expect(signals.reading).toMatchObject({ ids: [2, 1], id: 1, signals: { pose: { yawDeg: 10 } } });
    signals.chosenId = 2;
    signals.add(makeResult(100, [far, near]));
    expect(signals.latest?.pose.yawDeg).toBe(30);
    // It left: the largest serves until it is back.
    signals.add(makeResult(200, [near]));
    expect(signals.latest?.pose.yawDeg).toBe(10);
    expect(signals.history.strip(kindOf('yaw'))[1]).toEqual([10, null, 30, null, 10]);
  });

  test('stay with one of two faces that are about as large, until the other is clearly larger or it is gone', () => {
    const signals = new LiveSignals();
    const at = (id: number, sidePx: number) =>
      makeFace(makeSignals({ yawDeg: 40 * id }), { id, box: { x: 0, y: 0, width: sidePx, height: sidePx } });
    const followed = [at(1, 100), at(1, 97), at(1, 102), at(1, 98)].map((one, i) => {
      signals.add(makeResult(40 * i, [one, at(2, 100)]));
      return signals.latest?.pose.yawDeg;
    });
    expect(followed).toEqual([40, 40, 40, 40]);
    signals.read();
    expect(signals.events.map(({ words }) => words)).toEqual(['Turned left']);
    signals.add(makeResult(200, [at(1, 70), at(2, 100)]));
    expect(signals.latest?.pose.yawDeg).toBe(80);
    signals.add(makeResult(240, [at(1, 99)]));
    expect(signals.latest?.pose.yawDeg).toBe(40);
  });

  test('"The largest" is that of now, whoever was chosen before', () => {
    const signals = new LiveSignals();
    const other = makeFace(makeSignals({ yawDeg: 5 }), {
      id: 3,
      box: { ...near.box, width: 190, height: 190 },
    });
    signals.chosenId = 3;
    signals.add(makeResult(0, [near, other]));
    signals.chosenId = null;
    signals.add(makeResult(40, [near, other]));
    expect(signals.latest?.pose.yawDeg).toBe(10);
  });

  test('a face that is lost for a frame goes on: what it does is not named again', () => {
    const signals = new LiveSignals();
    const turned = makeFace(makeSignals({ yawDeg: 40 }));
    [[turned], [], [turned], [makeFace(undefined)], [turned]].forEach((faces, i) =>
      signals.add(makeResult(40 * i, faces)),
    );
    signals.read();
    expect(signals.events.map(({ words }) => words)).toEqual(['Turned left']);
    expect(signals.history.strip(kindOf('yaw'))[1]).toEqual([40, null, 40, null, 40]);
    signals.add(makeResult(200, [{ ...turned, id: 2 }]));
    signals.read();
    expect(signals.events).toHaveLength(2);
  });

  test('a choice ends with what was followed: another engine counts its faces anew', () => {
    const signals = new LiveSignals();
    signals.chosenId = 2;
    signals.add(makeResult(0, [near, far]));
    signals.clear();
    signals.add(makeResult(40, [near, far]));
    expect([signals.chosenId, signals.latest?.pose.yawDeg]).toEqual([null, 10]);
  });

  test('the screen changes when it is told to, not with every frame', () => {
    const signals = new LiveSignals();
    signals.add(makeResult(0, [makeFace(makeSignals({ yawDeg: 40 }))]));
    expect([signals.reading, signals.events]).toEqual([null, []]);
    signals.read();
    expect(signals.reading?.id).toBe(1);
    expect(signals.events.map(({ words }) => words)).toEqual(['Turned left']);
  });

  test('are none without a face, and of a model that has none', () => {
    const signals = new LiveSignals();
    signals.add(makeResult(0, [near]));
    signals.add(makeResult(100, []));
    signals.read();
    expect([signals.reading, signals.latest]).toEqual([null, null]);
    signals.add(makeResult(200, [makeFace(undefined)]));
    signals.read();
    expect(signals.reading).toBeNull();
  });
});
