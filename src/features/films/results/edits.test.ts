import { describe, expect, it } from 'vitest';
import { mergePeople, splitPerson, undoEdit } from './edits';
import type { Span } from './people';

const spans: readonly Span[] = [
  { track: 1, person: 1, firstFrame: 0, lastFrame: 99 },
  { track: 2, person: 2, firstFrame: 200, lastFrame: 250 },
];
const nothing = { edits: [], names: {}, hidden: [] };

describe('an undone split', () => {
  const split = { ...nothing, ...splitPerson(spans, nothing, 1, 50) };

  it('takes name and hiding of the person it made with it', () => {
    expect(split.edits).toEqual([{ kind: 'split', person: 1, atFrame: 50, into: 3 }]);
    const told = { ...split, names: { 1: 'Ada', 3: 'Bob' }, hidden: [2, 3] };
    expect(undoEdit(told)).toEqual({ edits: [], names: { 1: 'Ada' }, hidden: [2] });
  });

  it('gives the next one nothing, nor does one that was undone before', () => {
    const left = { edits: [], names: { 3: 'Bob' }, hidden: [4] };
    expect(splitPerson(spans, left, 1, 80)?.edits).toMatchObject([{ into: 5 }]);
  });
});

describe('two who are merged', () => {
  it('keep the only name there is, until that is undone', () => {
    const told = { ...nothing, names: { 1: 'Lisa' } };
    const merged = { ...told, ...mergePeople(told, 1, 2) };
    expect(merged.names[2]).toBe('Lisa');
    expect(undoEdit(merged)).toEqual({ edits: [], names: { 1: 'Lisa' }, hidden: [] });
    // A name that was given since is a person's own.
    expect(undoEdit({ ...merged, names: { 1: 'Lisa', 2: 'Eva' } }).names).toEqual({ 1: 'Lisa', 2: 'Eva' });
  });

  it('have the name of the one they become where both have one, also after the same name was there', () => {
    const told = { ...nothing, names: { 1: 'Lisa', 2: 'Eva' } };
    expect({ ...told, ...mergePeople(told, 1, 2) }.names).toEqual({ 1: 'Lisa', 2: 'Eva' });
    const same = { ...nothing, names: { 1: 'Eva', 2: 'Eva' } };
    expect(undoEdit({ ...same, ...mergePeople(same, 1, 2) })).toEqual(same);
  });
});

it('nothing to undo changes nothing', () => expect(undoEdit(nothing)).toEqual(nothing));
