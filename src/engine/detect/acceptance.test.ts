import { expect, it } from 'vitest';
import { deservesOtherTurns, isBetter, isFace, isFaceInPicture, presenceIn } from './acceptance';

const THRESHOLD = 0.6;

it('in a picture the network has to be sure of what the detector doubts, and the other way round', () => {
  expect(isFaceInPicture(0.9, 0.75, THRESHOLD)).toBe(true);
  expect(isFaceInPicture(0.9, 0.59, THRESHOLD)).toBe(false);
  expect(isFaceInPicture(0.66, 0.9, THRESHOLD)).toBe(false);
  expect(isFaceInPicture(0.4, 0.94, THRESHOLD)).toBe(false);
  expect(isFaceInPicture(0.4, 0.96, THRESHOLD)).toBe(true);
  expect(isFaceInPicture(0.352, 0.99, THRESHOLD)).toBe(false);
});

it('where the network does not tell presence, the score decides', () => {
  expect(isFaceInPicture(0.6, null, THRESHOLD)).toBe(true);
  expect(isFace(0.59, null, THRESHOLD, 0)).toBe(false);
});

it('other turns are for what the detector finds and the network doubts', () => {
  expect(deservesOtherTurns(0.6, 0.9)).toBe(true);
  expect(deservesOtherTurns(0.6, 0.96)).toBe(false);
  expect(deservesOtherTurns(0.45, 0.1)).toBe(false);
  expect(deservesOtherTurns(0.9, null)).toBe(false);
});

it('a turned crop is taken only where it surely shows a face', () => {
  expect(isBetter(0.99, 0.9)).toBe(true);
  expect(isBetter(0.97, 0.1)).toBe(false);
  expect(isBetter(0.98, 0.99)).toBe(false);
});

it('the network sees a face where it knows most of its points', () => {
  const box = { x: 0, y: 0, width: 80, height: 100 };
  const of = (...spread: number[]) => presenceIn({ presence: 0.9, spread: Float32Array.from(spread), box });
  expect(of(2, 3, 9)).toBe(0.9);
  expect(of(2, 40, 40)).toBe(0);
  expect(of(40, 6.9, 6.9)).toBe(0.9);
  expect(of(2, 7.1, 11)).toBe(0);
  expect(presenceIn({ presence: 0.9, spread: null, box })).toBe(0.9);
  expect(presenceIn({ presence: null, spread: null, box })).toBe(null);
});
