import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Tests that take minutes are begun first: begun last, they would keep one core waiting for the other. What takes so long is a browser, a
 * crash or an alliance; the rest in the order of the runner.
 */
const long: readonly RegExp[] = [
  /\/web\/test\/screens/,
  /crash/,
  /\/web\/test\//,
  /\/feeds\.long/,
  /\/backup\.long/,
  /\/journeys\//,
];

export class BegunFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = long.findIndex((each) => each.test(moduleId));
      return at === -1 ? long.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
