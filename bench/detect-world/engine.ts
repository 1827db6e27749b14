import { openEngine, type Engine } from '@bronze-drum/detection/engine';
import { defaultRules } from '@bronze-drum/detection/rules';

/** As a server opens it; one account in a thousand is listed. */
export function openBenchEngine(owns: (key: string) => boolean): Engine {
  return openEngine({
    rules: defaultRules,
    sizes: {
      accounts: 1 << 18,
      payments: 1 << 20,
      devices: 1 << 16,
      addresses: 1 << 16,
      numbers: 1 << 16,
      cells: 1 << 12,
    },
    country: 'TH',
    listed: (key) => (key.endsWith('777') ? 2 : 0),
    networkOf: () => undefined,
    owns,
  });
}
