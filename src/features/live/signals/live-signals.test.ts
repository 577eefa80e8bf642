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
