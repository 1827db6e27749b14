import { stripVTControlCharacters } from 'node:util';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

const messageLengthMax = 400;

/**
 * Ends every test run with one plain line that people and programs read alike: `12 passed, 0 failed, 1 skipped`. Before it a line for each
 * failure (`failed: file > test: why`): of a long log often only the end is kept.
 */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    let [passed, failed, skipped] = [0, unhandled.length, 0];
    for (const module of modules) {
      const before = failed;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed++;
        else if (state === 'skipped') skipped++;
        else {
          failed++;
          tell(`${module.relativeModuleId} > ${test.fullName}`, test.result().errors);
        }
      }
      // A file that could not be loaded, or whose hooks failed, has no failed test to show for it.
      if (module.state() === 'failed' && failed === before) {
        failed++;
        tell(module.relativeModuleId, errorsWithin(module));
      }
    }
    for (const error of unhandled) tell('unhandled', [error]);
    process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  }
}

/** Of the file itself and of its groups: a hook that fails belongs to one of them. */
function errorsWithin(module: TestModule): readonly SerializedError[] {
  return [...module.errors(), ...[...module.children.allSuites()].flatMap((suite) => suite.errors())];
}

function tell(what: string, errors: readonly SerializedError[] = []): void {
  const why = stripVTControlCharacters(errors[0]?.message ?? 'no reason given')
    .replaceAll(/\s+/g, ' ')
    .trim();
  process.stdout.write(`failed: ${what}: ${why.slice(0, messageLengthMax)}\n`);
}
