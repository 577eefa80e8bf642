import { describe, expect, test } from 'vitest';
import { CameraError, toCameraError } from './camera-error';

describe('camera errors', () => {
  test.each([
    ['NotAllowedError', 'denied'],
    ['SecurityError', 'denied'],
    ['NotFoundError', 'no-camera'],
    ['OverconstrainedError', 'no-camera'],
    ['NotReadableError', 'in-use'],
    ['AbortError', 'in-use'],
    ['SomethingNewError', 'unknown'],
  ])('%s is %s', (name, problem) => {
    const thrown = new DOMException('Could not start video source', name);
    const error = toCameraError(thrown);
    expect(error.problem).toBe(problem);
    expect(error.message).toContain('Could not start video source');
    expect(error.cause).toBe(thrown);
  });

  test('what is a camera error already stays itself, and any value can be thrown', () => {
    const error = new CameraError('unplugged', 'camera: gone');
    expect(toCameraError(error)).toBe(error);
    expect(toCameraError('odd')).toMatchObject({ problem: 'unknown', message: 'camera: odd' });
  });
});
