import { describe, expect, test } from 'vitest';
import { CameraError } from '../shared/camera/camera-error';
import { EngineError } from '../engine/errors';
import { StorageError } from '../shared/storage/storage-error';
import { problemOf, withoutActions } from './messages';

describe('messages for problems', () => {
  test('each kind has its own message and at least one action', () => {
    const cameras = [
      'denied',
      'withdrawn',
      'no-camera',
      'in-use',
      'unplugged',
      'insecure',
      'no-picture',
      'unknown',
    ] as const;
    const engines = [
      'model-missing',
      'hash-mismatch',
      'download-failed',
      'no-backend',
      'context-lost',
    ] as const;
    const problems = [
      ...cameras.map((problem) => problemOf(new CameraError(problem, 'camera: x'))),
      ...engines.map((code) => problemOf(new EngineError(code, 'model: x'))),
    ];
    expect(new Set(problems.map(({ title }) => title)).size).toBe(problems.length);
    for (const problem of problems) expect(problem.actions.length, problem.code).toBeGreaterThan(0);
  });

  test('a model of one’s own that storage does not give says why', () => {
    const problem = problemOf(new StorageError('blocked', 'model my-nose: held'));
    expect(problem).toMatchObject({ code: 'storage', detail: 'model my-nose: held' });
    expect(problem.text).toContain('Models of your own cannot be read while Mien is open in another tab');
    expect(problem.actions[0]).toBe('reload');
  });

  test('an action that would change nothing is not offered, but there is always one', () => {
    const problem = problemOf(new EngineError('no-backend', 'no backend works here'));
    expect(problem.actions).toEqual(['any-backend', 'retry']);
    expect(withoutActions(problem, ['any-backend']).actions).toEqual(['retry']);
    expect(withoutActions(problem, ['any-backend', 'retry']).actions).toEqual(['retry']);
  });

  test('what was thrown is kept as the detail', () => {
    expect(problemOf(new EngineError('hash-mismatch', 'a.bin: SHA-256 is 12')).detail).toBe(
      'a.bin: SHA-256 is 12',
    );
    expect(problemOf(new Error('odd'))).toMatchObject({ code: 'internal', detail: 'odd' });
    expect(problemOf('odd')).toMatchObject({ code: 'internal', detail: 'odd' });
  });
});
