import { describe, expect, test } from 'vitest';
import { EngineError } from '../engine/errors';
import type { Tuning } from '../engine/types';
import { tuneEngine } from './tune-engine';

/** Fails as long as gaze is asked for. */
function engineThatThrows(thrown: Error) {
  const tuned: Tuning[] = [];
  const tune = async (tuning: Tuning) => {
    if (tuning.gaze) throw thrown;
    tuned.push(tuning);
  };
  return { tuned, engine: { tune } };
}

describe('an engine whose eye network cannot be had', () => {
  test('is tuned to everything else', async () => {
    const offline = new EngineError('download-failed', 'eye/model.json: could not be fetched');
    const { engine, tuned } = engineThatThrows(offline);
    expect(await tuneEngine(engine, { signals: true, gaze: true }, {})).toBe(offline);
    expect(await tuneEngine(engine, { signals: true }, {})).toBeNull();
    expect(tuned).toEqual([{ signals: true, gaze: false }, { signals: true }]);
  });

  test('that is gone itself says so, and so does a call that was ended', async () => {
    const gone = new EngineError('context-lost', 'gone');
    await expect(tuneEngine(engineThatThrows(gone).engine, { gaze: true }, {})).rejects.toBe(gone);
    const { engine, tuned } = engineThatThrows(new Error('aborted'));
    await expect(tuneEngine(engine, { gaze: true }, { signal: AbortSignal.abort() })).rejects.toThrow(
      'aborted',
    );
    expect(tuned).toEqual([]);
  });
});
