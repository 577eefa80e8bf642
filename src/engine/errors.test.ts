import { expect, it } from 'vitest';
import { EngineError, recordError, reviveError, toEngineError } from './errors';
import { createInterrupt } from './interrupt';

it('an error crosses to another thread with its code, message, stack and cause', () => {
  const error = new EngineError('hash-mismatch', 'file: is another', { cause: new Error('deep down') });
  const revived = reviveError(structuredClone(recordError(error)));
  expect(revived).toBeInstanceOf(EngineError);
  expect(revived).toMatchObject({ code: 'hash-mismatch', message: 'file: is another', name: 'EngineError' });
  expect(revived.stack).toContain('errors.test.ts');
  expect(revived.stack).toContain('deep down');
});

it('whatever is thrown becomes an error that names the subject', () => {
  expect(toEngineError({ message: 'bare' }, 'frame').message).toBe('frame: bare');
  expect(toEngineError('text', 'frame').message).toBe('frame: text');
  expect(toEngineError(null, 'frame')).toMatchObject({ code: 'internal', message: 'frame: null' });
});

it('an interrupt settles what would wait for ever, before and after it trips', async () => {
  const interrupt = createInterrupt();
  const never = interrupt.guard(new Promise(() => {}));
  expect(await interrupt.guard(Promise.resolve(1))).toBe(1);
  interrupt.trip(new Error('gone'));
  await expect(never).rejects.toThrow('gone');
  await expect(interrupt.guard(Promise.resolve(2))).rejects.toThrow('gone');
});
