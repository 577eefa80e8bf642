import { describe, expect, test } from 'vitest';
import type { Signals } from '../../engine/types';
import { makeGaze, makeSignals } from '../../../tests/fixtures/signals';
import {
  expressionGroups,
  formatSignal,
  formatStrongest,
  kindOf,
  labelOf,
  strongMovements,
} from './signal-kinds';

describe('signals on the screen', () => {
  test('are read in degrees and per cent', () => {
    const signals = makeSignals({ yawDeg: -12.4, eyes: { left: 0.5 }, expression: { jawOpen: 0.3 } });
    const shown = (id: string) => formatSignal(kindOf(id), kindOf(id).read(signals));
    expect(['yaw', 'leftEye', 'mouthWidth', 'jawOpen'].map(shown)).toEqual(['−12°', '50 %', '100 %', '30 %']);
    expect(formatSignal(kindOf('yaw'), 7)).toBe('+7°');
    expect(formatSignal(kindOf('yaw'), -0.2)).toBe('0°');
  });

  test('gaze has numbers while an eye is open', () => {
    const shown = (id: string, gaze?: Signals['gaze']) => formatSignal(kindOf(id), kindOf(id).read(makeSignals({ gaze }))); // prettier-ignore
    const gaze = makeGaze({ yawDeg: 12.3, pitchDeg: -4.6, left: null });
    expect([shown('gazeYaw', gaze), shown('gazePitch', gaze)]).toEqual(['+12°', '−5°']);
    expect([shown('gazeYaw'), shown('gazePitch')]).toEqual(['–', '–']);
  });

  test('one that the engine does not tell has no number', () => {
    expect(kindOf('tongueOut').read(makeSignals())).toBeUndefined();
    expect(kindOf('toString').read(makeSignals())).toBeUndefined();
    expect(formatSignal(kindOf('tongueOut'), undefined)).toBe('–');
  });

  test('ARKit’s names are spelled out', () => {
    expect(['mouthSmileLeft', 'jawOpen', 'mouthLeft'].map(labelOf)).toEqual([
      ...['Mouth smile, left', 'Jaw open', 'Mouth to the left'],
    ]);
  });

  test('what ARKit’s words leave open is said in plain ones, below a heading too', () => {
    const names = ['mouthRollLower', 'mouthShrugUpper', 'mouthUpperUpLeft'];
    const plain = ['Lower lip rolled in', 'Upper lip shrugged', 'Upper lip up, left'];
    expect(names.map(labelOf)).toEqual(plain);
    expect(expressionGroups(names)[0].kinds.map(({ label }) => label)).toEqual(plain);
    expect(['browInnerUp', 'browOuterUpRight', 'cheekPuff'].map(labelOf)).toEqual([
      ...['Inner brows up', 'Outer brow up, right', 'Cheeks puffed'],
    ]);
  });

  test('the two sides of a movement stand together', () => {
    const names = ['jawOpen', 'jawRight', 'jawLeft', 'mouthRight', 'mouthPucker', 'mouthLeft'];
    expect(expressionGroups(names).map(({ kinds }) => kinds.map(({ id }) => id))).toEqual([
      ['jawLeft', 'jawRight', 'jawOpen'],
      ['mouthLeft', 'mouthRight', 'mouthPucker'],
    ]);
  });

  test('movements are grouped by the part of the face, and none is lost', () => {
    const names = [
      ...['noseSneerLeft', 'mouthPucker', 'browInnerUp', 'jawOpen', 'eyeBlinkLeft', 'browDownLeft'],
      ...['mouthLeft', 'mouthSmileLeft'],
    ];
    const groups = expressionGroups(names);
    expect(groups.map(({ title }) => title)).toEqual(['Brows', 'Eyes', 'Cheeks and nose', 'Jaw', 'Mouth']);
    // The heading names the part, unless it names two.
    expect(groups.slice(2).flatMap(({ kinds }) => kinds.map(({ label }) => label))).toEqual([
      ...['Nose wrinkled, left', 'Jaw open', 'To the left', 'Pucker', 'Smile, left'],
    ]);
    expect(groups[0].kinds.map(({ id }) => id)).toEqual(['browDownLeft', 'browInnerUp']);
    expect(groups.flatMap(({ kinds }) => kinds.map(({ id }) => id)).sort()).toEqual([...names].sort());
  });

  test('the strongest movements are named, the strongest first, weak ones not at all', () => {
    const expression = { jawOpen: 0.4, mouthPucker: 0.1, browInnerUp: 0.9, eyeLookDownLeft: 0.5 };
    expect(strongMovements(expression)).toEqual(['browInnerUp', 'jawOpen']);
    expect(formatStrongest(expression)).toBe('Inner brows up · Jaw open');
    expect(formatStrongest({ ...expression, mouthPucker: 0.3, mouthFunnel: 0.35 })).toBe(
      'Inner brows up · Jaw open · Mouth funnel',
    );
    expect(formatStrongest(makeSignals().expression)).toBe('At rest');
  });
});
