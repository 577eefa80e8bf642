import { describe, expect, test } from 'vitest';
import { EngineError } from '../../engine/errors';
import type { Tuning } from '../../engine/types';
import { EngineTuning } from './tune-engine';

const usual = { maxFaces: 1, smoothing: 0.5, signals: false, gaze: false, newcomerIntervalMs: 1000 };
const looking = { ...usual, signals: true, gaze: true };

/** Fails as long as gaze is asked for. */
function engineThatThrows(thrown: Error, lost = false) {
  const tuned: Tuning[] = [];
  const tune = async (tuning: Tuning) => {
    if (tuning.gaze) throw thrown;
    tuned.push(tuning);
  };
  return { tuned, tuning: new EngineTuning({ tune, lost }, usual) };
}

describe('an engine whose eye network cannot be had', () => {
  test('is tuned to everything else', async () => {
    const offline = new EngineError('download-failed', 'eye/model.json: could not be fetched');
    const { tuning, tuned } = engineThatThrows(offline);
    expect(await tuning.change(looking, {})).toBe(offline);
    expect(await tuning.change(usual, {})).toBeNull();
    expect(tuned).toEqual([{ ...looking, gaze: false }, usual]);
  });

  test('that is gone itself says so, and so does a call that was ended', async () => {
    const gone = new EngineError('context-lost', 'gone');
    await expect(engineThatThrows(gone, true).tuning.change(looking, {})).rejects.toBe(gone);
    const { tuning, tuned } = engineThatThrows(new Error('aborted'));
    await expect(tuning.change(looking, { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
    expect(tuned).toEqual([]);
  });
});
