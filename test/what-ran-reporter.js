/** After the summary: which of the tests that need something from outside ran, and the counts on one plain line. */
export default class WhatRanReporter {
  onRunComplete(_contexts, results) {
    const postgres = process.env['LINEFINDER_TEST_POSTGRES']
    const browser = process.env['LINEFINDER_TEST_BROWSER']
    const tryton = process.env['LINEFINDER_TEST_TRYTON']
    const lines = [
      postgres
        ? 'Real PostgreSQL: found; every test that needs it ran.'
        : 'Real PostgreSQL: none found (set TEST_DATABASE_URL, or run one on 127.0.0.1:5432). NOT RUN: the tests that need it.',
      browser
        ? `Browser: ${browser}; every test that needs it ran.`
        : 'Browser: no Chromium found (set TEST_BROWSER to its path). NOT RUN: the tests that need it.',
      tryton
        ? 'Tryton: found; every test that needs it ran.'
        : 'NOT RUN: tryton (it comes from Debian: see adapters/tryton/README.md)',
      process.env['LINEFINDER_TEST_PEER']
        ? 'App Connect’s own server: installed; every test that needs it ran.'
        : 'NOT RUN: App Connect’s own server (npm ci --ignore-scripts in bench/peer)',
    ]
    const { numPassedTests: passed, numFailedTests, numRuntimeErrorTestSuites: broken, numPendingTests: skipped } = results
    const text = `\n${lines.join('\n')}\n${passed} passed, ${numFailedTests + broken} failed, ${skipped} skipped\n`
    // Jest prints its own summary after every reporter, and this line is to be the last.
    process.once('exit', () => { process.stdout.write(text) })
  }
}
