import { describe, expect, test } from 'vitest';
import { baseOf, cancel, emptyHistory, record, redo, undo, type History } from './history';

/** A present value with its history, changed as the library does. */
class Track {
  history: History<number> = emptyHistory;
  present = 0;

  change(change: (base: number) => number, gesture: symbol | null = null) {
    const next = change(baseOf(this.history, this.present, gesture));
    this.history = record(this.history, this.present, gesture);
    this.present = next;
  }

  walk(way: typeof undo<number>): boolean {
    const stepped = way(this.history, this.present);
    if (stepped) ({ history: this.history, present: this.present } = stepped);
    return stepped !== null;
  }
}

describe('history', () => {
  test('ten thousand steps are all undone and all redone', () => {
    const track = new Track();
    for (let i = 1; i <= 10_000; i++) track.change(() => i);
    const undone = [];
    while (track.walk(undo)) undone.push(track.present);
    expect(undone).toEqual(Array.from({ length: 10_000 }, (_, i) => 9_999 - i));
    const redone = [];
    while (track.walk(redo)) redone.push(track.present);
    expect(redone).toEqual(Array.from({ length: 10_000 }, (_, i) => i + 1));
  });

  test('a change after an undo forgets what was undone', () => {
    const track = new Track();
    track.change(() => 1);
    track.change(() => 2);
    track.walk(undo);
    track.change(() => 3);
    expect(track.walk(redo)).toBe(false);
    track.walk(undo);
    expect(track.present).toBe(1);
  });

  test('a gesture is one step, told by its whole way from where it began', () => {
    const track = new Track();
    const drag = Symbol('drag');
    for (const way of [0.1, 0.2, 0.7]) track.change((base) => base + way, drag);
    expect(track.present).toBe(0.7);
    track.change((base) => base + 1, Symbol('another drag'));
    expect(track.present).toBe(1.7);
    track.walk(undo);
    expect(track.present).toBe(0.7);
    track.walk(undo);
    expect([track.present, track.walk(undo)]).toEqual([0, false]);
  });

  test('a gesture that was undone in its midst starts anew from there', () => {
    const track = new Track();
    const drag = Symbol('drag');
    track.change((base) => base + 5, drag);
    track.walk(undo);
    track.change((base) => base + 7, drag);
    expect(track.present).toBe(7);
    track.walk(undo);
    track.walk(redo);
    track.change((base) => base + 1, drag);
    expect(track.present).toBe(8);
  });

  test('a cancelled gesture leaves nothing: neither a redo of its own nor the loss of one from before', () => {
    const track = new Track();
    const drag = Symbol('drag');
    track.change(() => 1);
    track.change(() => 2);
    track.walk(undo);
    track.change((base) => base + 5, drag);
    track.change((base) => base + 6, drag);
    const before = cancel(track.history, drag)!;
    expect(before.present).toBe(1);
    Object.assign(track, before);
    expect(cancel(track.history, drag)).toBeNull();
    expect([track.walk(redo), track.present, track.walk(redo)]).toEqual([true, 2, false]);
  });
});
