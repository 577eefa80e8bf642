import { describe, expect, test } from 'vitest';
import type { Signals } from '../../../engine/types';
import { makeSignals } from '../../../../tests/fixtures/signals';
import { SignalEvents } from './events';

/** What is named, frame by frame, 100 ms apart. */
function named(frames: readonly Signals[]): string[][] {
  const events = new SignalEvents();
  return frames.map((signals, i) => events.add(100 * i, signals).map(({ words }) => words));
}
const blink = (eye: 'left' | 'right', startMs: number) => ({ eye, startMs, durationMs: 150, depth: 1 });
const rest = makeSignals();

describe('events', () => {
  test('a blink of both eyes is one, though they end a frame apart', () => {
    const frames = [
      makeSignals({ blinks: [blink('left', 0)] }),
      makeSignals({ blinks: [blink('right', 20)] }),
      ...Array<Signals>(6).fill(rest),
    ];
    expect(named(frames).flat()).toEqual(['Blinked']);
  });

  test('one eye alone is named, once the other can no longer follow', () => {
    const frames = [makeSignals({ blinks: [blink('right', 0)] }), ...Array<Signals>(6).fill(rest)];
    expect(named(frames)).toEqual([[], [], [], [], ['Right eye blinked'], [], []]);
  });

  test('two blinks of the same eye are two', () => {
    const frames = [
      makeSignals({ blinks: [blink('left', 0)] }),
      makeSignals({ blinks: [blink('left', 90)] }),
      ...Array<Signals>(6).fill(rest),
    ];
    expect(named(frames).flat()).toEqual(['Left eye blinked', 'Left eye blinked']);
  });

  test('a mouth opens once, however it trembles, and closes', () => {
    const openings = [0, 0.3, 0.2, 0.3, 0.05, 0.1, 0.4];
    const frames = openings.map((opening) => makeSignals({ mouth: { opening } }));
    expect(named(frames)).toEqual([[], ['Mouth opened'], [], [], ['Mouth closed'], [], ['Mouth opened']]);
  });

  test('left and right are the person’s own', () => {
    expect(named([makeSignals({ yawDeg: 40 }), makeSignals({ yawDeg: -40 })])).toEqual([
      ['Turned left'],
      ['Turned right'],
    ]);
  });

  test('what a face does is told once, both sides together, and not where the engine does not tell it', () => {
    const raised = (left: number, right: number) =>
      makeSignals({ expression: { browOuterUpLeft: left, browOuterUpRight: right } });
    expect(named([raised(0.9, 0), raised(0.9, 0.5), raised(0.4, 0.4), raised(0.1, 0.2)])).toEqual([
      [],
      ['Raised the brows'],
      [],
      [],
    ]);
    expect(named([makeSignals({ expression: { mouthPucker: 0.7, cheekPuff: 0.6 } })])).toEqual([
      ['Puckered the lips', 'Puffed the cheeks'],
    ]);
    expect(named([makeSignals({ expression: { browOuterUpLeft: 1 } })])).toEqual([[]]);
  });

  test('another face begins anew', () => {
    const events = new SignalEvents();
    const smile = makeSignals({ expression: { mouthSmileLeft: 0.8, mouthSmileRight: 0.7 } });
    expect(events.add(0, smile)).toMatchObject([{ number: 1, words: 'Smiled' }]);
    events.clear();
    expect(events.add(100, smile)).toMatchObject([{ number: 2, words: 'Smiled' }]);
  });
});
