import { describe, expect, test } from 'vitest';
import { addTallies, formatTally, tallyOfJunit, tallyOfVitest } from './tally.mjs';

describe('tallies of test reports', () => {
  test('vitest: a file that cannot be loaded counts as one failure', () => {
    const report = {
      numPassedTests: 3,
      numFailedTests: 1,
      numPendingTests: 2,
      numTodoTests: 0,
      testResults: [
        { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] },
        { status: 'failed', assertionResults: [] },
        { status: 'passed', assertionResults: [{ status: 'passed' }] },
      ],
    };
    expect(tallyOfVitest(JSON.stringify(report))).toEqual({ passed: 3, failed: 2, skipped: 2 });
  });

  test('pytest: errors are failures, and neither they nor skipped tests are passed', () => {
    const xml =
      '<testsuites><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="1">';
    expect(tallyOfJunit(xml)).toEqual({ passed: 4, failed: 3, skipped: 3 });
    expect(() => tallyOfJunit('<nothing/>')).toThrow('no <testsuite>');
  });

  test('the summary names skipped tests only when there are some', () => {
    const sum = addTallies([
      { passed: 1, failed: 0, skipped: 0 },
      { passed: 2, failed: 1, skipped: 0 },
    ]);
    expect(formatTally(sum)).toBe('3 passed, 1 failed');
    expect(formatTally({ ...sum, skipped: 4 })).toBe('3 passed, 1 failed, 4 skipped');
  });
});
