import { beforeEach, expect, it, vi } from 'vitest';
import { EngineError } from '../../engine/errors';
import { settle } from '../../../tests/fixtures/held-work';
import { LookLoop } from './look-loop';

let source: string | null;
let loop: LookLoop<string>;
const look = vi.fn<(source: string) => Promise<void>>();
const onLost = vi.fn();
/** As of a page that shows nothing any more then. */
const onFailed = vi.fn(() => void (source = null));

beforeEach(() => {
  vi.resetAllMocks();
  onFailed.mockImplementation(() => void (source = null));
  source = 'camera';
  loop = new LookLoop({ source: () => source, look, onLost, onFailed });
});

/** A look that lasts until it is ended. */
function holdLook(): () => void {
  let end: () => void = () => undefined;
  look.mockImplementationOnce(() => new Promise<void>((resolve) => (end = resolve)));
  return () => end();
}

it('drops pictures that come while one is looked at, but not what was asked for', async () => {
  const end = holdLook();
  void loop.next();
  void loop.next();
  end();
  await settle();
  expect(look).toHaveBeenCalledTimes(1);

  const endSecond = holdLook();
  void loop.next();
  loop.ask();
  loop.ask();
  // By then it shows something else.
  source = 'still';
  endSecond();
  await settle();
  expect(look.mock.calls).toEqual([['camera'], ['camera'], ['still']]);
});

it('looks at nothing where nothing is shown', async () => {
  source = null;
  loop.ask();
  await settle();
  expect(look).not.toHaveBeenCalled();
});

it('looks again after a failure, and tells of the third in a row', async () => {
  const broken = new Error('no engine');
  look.mockRejectedValueOnce(broken).mockRejectedValueOnce(broken);
  loop.ask();
  await settle();
  expect([look.mock.calls.length, onFailed.mock.calls.length]).toEqual([3, 0]);
  look.mockRejectedValue(broken);
  loop.ask();
  await settle();
  expect(look).toHaveBeenCalledTimes(6);
  expect(onFailed.mock.calls).toEqual([[broken]]);
  expect(onLost).not.toHaveBeenCalled();
});

it('allows as many failures again once it has told of them', async () => {
  look.mockRejectedValue(new Error('no engine'));
  loop.ask();
  await settle();
  expect(onFailed).toHaveBeenCalledTimes(1);
  source = 'camera';
  look.mockReset().mockRejectedValueOnce(new Error('one bad frame'));
  loop.ask();
  await settle();
  expect([look.mock.calls.length, onFailed.mock.calls.length]).toEqual([2, 1]);
});

it('has an engine that is gone replaced once', async () => {
  const gone = new EngineError('worker-failed', 'worker: is gone');
  look.mockRejectedValueOnce(gone);
  loop.ask();
  await settle();
  expect([onLost.mock.calls.length, look.mock.calls.length]).toEqual([1, 2]);
  look.mockRejectedValue(gone);
  loop.ask();
  await settle();
  expect([onLost.mock.calls.length, onFailed.mock.calls]).toEqual([1, [[gone]]]);
});
