// Counts of passed, failed and skipped tests, read from the reports of the test runners.

/** @typedef {{ passed: number, failed: number, skipped: number }} Tally */

/** @param {string} text report of vitest's json reporter @returns {Tally} */
export function tallyOfVitest(text) {
  const report = JSON.parse(text);
  // A file that cannot be loaded has no tests but fails as a suite.
  const brokenFiles = report.testResults.filter(
    (/** @type {{ status: string, assertionResults: { status: string }[] }} */ file) =>
      file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** @param {string} text JUnit XML, as pytest writes it @returns {Tally} */
export function tallyOfJunit(text) {
  const suite = /<testsuite [^>]*>/.exec(text)?.[0];
  if (!suite) throw new Error('The JUnit report has no <testsuite>');
  const count = (/** @type {string} */ name) => Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = count('failures') + count('errors');
  return { passed: count('tests') - failed - count('skipped'), failed, skipped: count('skipped') };
}

/** @param {Tally[]} tallies @returns {Tally} */
export function addTallies(tallies) {
  return tallies.reduce(
    (sum, one) => ({
      passed: sum.passed + one.passed,
      failed: sum.failed + one.failed,
      skipped: sum.skipped + one.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

/** `3 passed, 0 failed`, with `, 1 skipped` when there is one. @param {Tally} tally */
export function formatTally({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;
}
