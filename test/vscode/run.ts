import fs from 'node:fs';
import Mocha from 'mocha';
import type { SuiteEvent } from '../../src/dev/suite-report.ts';

const TEST_TIMEOUT_MS = 30_000;

class Silent extends Mocha.reporters.Base {}

/** Runs test files inside the extension host; results go to a file, because console output is lost in a crash. */
export async function runSuite(files: readonly (() => Promise<unknown>)[]): Promise<void> {
  const report = process.env['UNDERPIN_SUITE_REPORT'];
  if (!report) throw new Error('UNDERPIN_SUITE_REPORT does not name the report file.');
  const tell = (event: SuiteEvent) => fs.appendFileSync(report, `${JSON.stringify(event)}\n`);

  const mocha = new Mocha({ ui: 'bdd', timeout: TEST_TIMEOUT_MS, reporter: Silent });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  for (const load of files) await load();
  await new Promise<void>((resolve, reject) => {
    const runner = mocha.run(failures => {
      tell({ kind: 'end' });
      if (failures > 0) reject(new Error(`${failures} tests failed`));
      else resolve();
    });
    runner.on('pass', test => tell({ kind: 'pass', title: test.fullTitle(), ms: test.duration ?? 0 }));
    runner.on('pending', test => tell({ kind: 'skip', title: test.fullTitle() }));
    runner.on('fail', (test, error: Error) =>
      tell({ kind: 'fail', title: test.fullTitle(), error: error.stack ?? error.message }),
    );
  });
}
