import { describe, expect, it } from 'vitest';
import { trackedFrames, type TrackPlan } from '../../../../tests/fixtures/tracked-frames';
import { boxOf } from '../../../engine/geometry';
import type { Edit } from '../types';
import { splitPerson } from './edits';
import { linkTracks } from './link';
import { meetingFrame, numbersOf, peopleOf, personFinder, spansOf } from './people';
import { extendSegments, type Segment } from './segments';

function segmentsOf(plans: readonly TrackPlan[], cuts: readonly number[] = []) {
  const segments = new Map<number, Segment>();
  for (const { index, faces, ...frame } of trackedFrames(300, plans, cuts))
    for (const { track, points } of faces)
      extendSegments(segments, { ...frame, track, frame: index, box: boxOf(points) });
  return [...segments.values()];
}
const here = () => [100, 100] as const;
const nothing = { edits: [], names: {}, hidden: [] };
const peopleOfTracks = (plans: readonly TrackPlan[], cuts?: readonly number[]) =>
  Object.fromEntries(linkTracks(segmentsOf(plans, cuts)));

describe('tracks are joined', () => {
  it('through gaps of up to two seconds, at the same place', () => {
    // 25 frames a second: the last frame before and the first after are 50 frames apart.
    const before = { track: 1, frames: [[0, 50]] as const, at: here };
    expect(peopleOfTracks([before, { track: 2, frames: [[100, 150]], at: here }])).toEqual({ 1: 1, 2: 1 });
    expect(peopleOfTracks([before, { track: 2, frames: [[101, 150]], at: here }])).toEqual({ 1: 1, 2: 2 });
  });

  it('not across cuts, nor with a face elsewhere or of another size', () => {
    const before = { track: 1, frames: [[0, 50]] as const, at: here };
    const after = { track: 2, frames: [[60, 90]] as const, at: here };
    expect(peopleOfTracks([before, after], [55])).toEqual({ 1: 1, 2: 2 });
    expect(peopleOfTracks([before, { ...after, at: () => [260, 100] }])).toEqual({ 1: 1, 2: 2 });
    expect(peopleOfTracks([before, { ...after, sizePx: 220 }])).toEqual({ 1: 1, 2: 2 });
    expect(peopleOfTracks([before, { ...after, at: () => [150, 110], sizePx: 110 }])).toEqual({ 1: 1, 2: 1 });
  });

  it('each with the nearest of two that were lost at once', () => {
    const left = () => [100, 100] as const;
    const right = () => [180, 100] as const;
    const plans: TrackPlan[] = [
      { track: 1, frames: [[0, 50]], at: left },
      { track: 2, frames: [[0, 50]], at: right },
      { track: 3, frames: [[60, 90]], at: () => [185, 100] },
      { track: 4, frames: [[60, 90]], at: () => [105, 100] },
    ];
    expect(peopleOfTracks(plans)).toEqual({ 1: 1, 2: 2, 3: 2, 4: 1 });
  });

  it('at once, of a long film with many people', () => {
    const box = { x: 0, y: 0, width: 50, height: 50 };
    // Each is lost for 80 ms at its place; every other one goes on.
    const many = Array.from({ length: 20_000 }, (_, i): Segment => {
      const at = { ...box, x: 500 * Math.floor((i % 8) / 2) };
      const times = { firstMs: 400 * i, lastMs: 400 * i + 320 };
      return {
        track: i + 1,
        shot: 0,
        firstFrame: 10 * i,
        lastFrame: 10 * i + 8,
        ...times,
        firstBox: at,
        lastBox: at,
      };
    });
    const startMs = performance.now();
    expect(new Set(linkTracks(many).values()).size).toBe(10_000);
    expect(performance.now() - startMs).toBeLessThan(3000);
  });

  it('never with one that is still there', () => {
    const plans: TrackPlan[] = [
      { track: 1, frames: [[0, 80]], at: here },
      { track: 2, frames: [[70, 90]], at: here },
    ];
    expect(peopleOfTracks(plans)).toEqual({ 1: 1, 2: 2 });
  });
});

describe('what a person says of faces', () => {
  const segments = segmentsOf([
    { track: 1, frames: [[0, 99]], at: here },
    { track: 2, frames: [[200, 250]], at: here },
    { track: 3, frames: [[50, 120]], at: () => [400, 100] },
  ]);

  it('merges two, unless they are seen together', () => {
    const spans = spansOf(segments, []);
    expect(peopleOf(spans)).toEqual([1, 2, 3]);
    const [one, beside, later] = [1, 2, 3];
    expect(personFinder(spans)(3, 60)).toBe(beside);
    expect(meetingFrame(spans, one, beside)).toBe(50);
    expect(meetingFrame(spans, one, later)).toBeNull();
    const merged = spansOf(segments, [{ kind: 'merge', person: later, into: one }]);
    expect(personFinder(merged)(2, 210)).toBe(one);
    expect(peopleOf(merged)).toEqual([one, beside]);
  });

  it('splits one at a frame, and both parts can be changed again', () => {
    const spans = spansOf(segments, []);
    const { edits: halves, into } = splitPerson(spans, nothing, 1, 40)!;
    expect([halves, into]).toEqual([[{ kind: 'split', person: 1, atFrame: 40, into: 4 }], 4]);
    const split = spansOf(segments, halves);
    const find = personFinder(split);
    expect([find(1, 39), find(1, 40), find(3, 60)]).toEqual([1, 4, 2]);
    const edits: Edit[] = [...halves, { kind: 'merge', person: 4, into: 1 }];
    const back = spansOf(segments, edits);
    expect(personFinder(back)(1, 40)).toBe(1);
    // An id that was used once is not given out again.
    expect(splitPerson(back, { ...nothing, edits }, 1, 60)).toMatchObject({ into: 5 });
  });

  it('splits nobody where one side would be empty', () => {
    const spans = spansOf(segments, []);
    expect(splitPerson(spans, nothing, 1, 0)).toBeNull();
    expect(splitPerson(spans, nothing, 1, 100)).toBeNull();
    expect(splitPerson(spans, nothing, 1, 99)).not.toBeNull();
  });
});

describe('while a film is read on, people keep their ids', () => {
  const first: TrackPlan = { track: 1, frames: [[0, 299]], at: here };
  const beside = (track: number, from: number, x: number): TrackPlan => ({
    ...{ track, frames: [[from, 299]], at: () => [x, 100] },
  });
  const now = segmentsOf([first]);

  it('that of a split is not the next newcomer', () => {
    const { edits } = splitPerson(spansOf(now, []), nothing, 1, 20)!;
    const later = segmentsOf([first, beside(2, 180, 400)]);
    // As in films that were stored before ids were.
    const find = personFinder(spansOf(later, edits));
    expect([find(1, 10), find(1, 200), find(2, 200)]).toEqual([1, 2, 3]);
    expect(peopleOf(spansOf(later, edits))).toEqual([1, 2, 3]);
  });

  it('also when a split is undone after others came', () => {
    const { edits } = splitPerson(spansOf(now, []), nothing, 1, 20)!;
    const two = segmentsOf([first, beside(2, 180, 400)]);
    const people = numbersOf(two, { edits });
    expect(people).toEqual({ 1: 1, 2: 3 });
    const find = personFinder(spansOf(two, [], people));
    expect([find(1, 200), find(2, 200)]).toEqual([1, 3]);
    const three = segmentsOf([first, beside(2, 180, 400), beside(3, 200, 700)]);
    expect(numbersOf(three, { edits: [], people })).toEqual({ 1: 1, 2: 3, 3: 4 });
  });

  it('when a face comes that fits better where one was lost', () => {
    const lost: TrackPlan = { track: 1, frames: [[0, 50]], at: here };
    const aside: TrackPlan = { track: 2, frames: [[60, 299]], at: () => [190, 100] };
    const better: TrackPlan = { track: 3, frames: [[70, 299]], at: here };
    const people = numbersOf(segmentsOf([lost, aside]), nothing);
    expect(people).toEqual({ 1: 1, 2: 1 });
    const all = segmentsOf([lost, aside, better]);
    expect(numbersOf(all, nothing)).toEqual({ 1: 1, 2: 2, 3: 1 });
    expect(numbersOf(all, { edits: [], people })).toEqual({ 1: 1, 2: 1, 3: 2 });
  });

  it('and who is lost for a moment goes on with the id that was told', () => {
    const lost: TrackPlan = { track: 1, frames: [[0, 50]], at: here };
    const again: TrackPlan = { track: 2, frames: [[60, 299]], at: here };
    expect(numbersOf(segmentsOf([lost, again]), { edits: [], people: { 1: 7 } })).toEqual({ 1: 7, 2: 7 });
  });
});
