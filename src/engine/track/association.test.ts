import { describe, expect, it } from 'vitest';
import { associate, isBeside, type Placed } from './association';
import type { Box } from '../types';

const box = (x: number, y = 0, size = 100): Box<'image'> => ({ x, y, width: size, height: size });
const missing = (x: number, y = 0): Placed => ({ box: box(x, y), isMissing: true });
const inSight = (x: number, y = 0): Placed => ({ box: box(x, y), isMissing: false });

/** Track of each detection, by their indices; −1 for none. */
const trackOf = (tracks: readonly Placed[], ...detections: readonly Box<'image'>[]) =>
  associate(tracks, detections);

describe('the association of detections with tracks', () => {
  it('gives each the track that it overlaps best, whatever the order', () => {
    const tracks = [missing(100), missing(140)];
    expect(trackOf(tracks, box(142), box(98))).toEqual([1, 0]);
    expect(trackOf(tracks, box(98), box(142))).toEqual([0, 1]);
  });

  it('gives no track to two detections', () => {
    expect(trackOf([missing(100)], box(130), box(105))).toEqual([-1, 0]);
    expect(trackOf([missing(100), missing(400)], box(60), box(95))).toEqual([-1, 0]);
  });

  it('gives a missing face the nearest detection left over, however little they overlap', () => {
    expect(trackOf([missing(100)], box(170), box(100, 60))).toEqual([-1, 0]);
    expect(trackOf([missing(100)], box(176))).toEqual([-1]);
  });

  it('leaves a face in sight its own detection', () => {
    expect(trackOf([missing(100), inSight(140)], box(135))).toEqual([1]);
    expect(trackOf([inSight(100)], box(170))).toEqual([-1]);
  });
});

describe('a detection beside a face', () => {
  it('is near it and about as large', () => {
    expect(isBeside(box(110), box(0))).toBe(true);
    expect(isBeside(box(110, 20, 60), box(0))).toBe(true);
    expect(isBeside(box(400), box(0))).toBe(false);
  });

  it('is no small thing below it, such as a collar', () => {
    expect(isBeside(box(20, 105, 40), box(0))).toBe(false);
  });

  it('is not the face itself', () => {
    expect(isBeside(box(5), box(0))).toBe(false);
  });
});
