/** Says plainly, before the summary, which of the tests that need something from outside ran. */
export default class WhatRanReporter {
  onRunComplete() {
    const postgres = process.env['LINEFINDER_TEST_POSTGRES']
    const line = postgres
      ? 'Real PostgreSQL: found; every test that needs it ran.'
      : 'Real PostgreSQL: none found (set TEST_DATABASE_URL, or run one on 127.0.0.1:5432); tests that need it were NOT RUN.'
    process.stderr.write(`\n${line}\n`)
  }
}
