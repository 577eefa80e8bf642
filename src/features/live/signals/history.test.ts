import { describe, expect, test } from 'vitest';
import { makeSignals } from '../../../../tests/fixtures/signals';
import { SignalHistory } from './history';
import { kindOf } from '../../../shared/format/signal-kinds';

const yaw = kindOf('yaw');

describe('the last 30 s', () => {
  test('are told from the newest frame back, older ones are gone', () => {
    const history = new SignalHistory();
    for (let second = 0; second <= 40; second++) history.add(1000 * second, makeSignals({ yawDeg: second }));
    const [times, values] = history.strip(yaw);
    expect([times[0], times.at(-1)]).toEqual([-30, 0]);
    expect([values[0], values.at(-1)]).toEqual([10, 40]);
    expect(times).toHaveLength(31);
  });

  test('are open where there was no face, another one, or no frame for a while', () => {
    const history = new SignalHistory();
    history.add(0, makeSignals({ yawDeg: 1 }));
    history.add(100, null);
    history.add(200, makeSignals({ yawDeg: 2 }));
    history.cut();
    history.add(300, makeSignals({ yawDeg: 3 }));
    history.add(5000, makeSignals({ yawDeg: 4 }));
    expect(history.strip(yaw)[1]).toEqual([1, null, 2, null, 3, null, 4]);
  });

  test('begin anew with a clock that was set back', () => {
    const history = new SignalHistory();
    history.add(9000, makeSignals());
    history.add(10, makeSignals({ yawDeg: 5 }));
    expect(history.strip(yaw)).toEqual([[0], [5]]);
  });
});
