import { describe, expect, test } from 'vitest';
import { account, imei, minuteAt, openTestDevices, type TestWatch } from '../test-watch.ts';

const world = {
  networks: {
    'ip:198.18.1.1': { country: 'TH' },
    'ip:198.18.2.1': { country: 'CN', kind: 'mobile' },
    'ip:198.18.3.1': { country: 'MM' },
    'ip:203.0.113.1': { country: 'SG', kind: 'vpn' },
    'ip:192.0.2.1': { country: 'US', kind: 'satellite' },
  },
} as const;
const [thailand, china, myanmar, vpn, satellite] = Object.keys(world.networks) as [
  string,
  string,
  string,
  string,
  string,
];

const use = (watch: TestWatch, minute: number, ip: string, device?: number): void =>
  watch.see('login', minute, {
    account: account(1),
    outcome: 'ok' as const,
    ip,
    ...(device !== undefined && { device: imei(device) }),
  });
const found = (act: (watch: TestWatch) => void): number => {
  const watch = openTestDevices(world);
  act(watch);
  return watch.found.length;
};

describe('an account in two countries at once', () => {
  test('is found, and it is said from where to where', () => {
    const watch = openTestDevices(world);
    use(watch, 0, thailand, 1);
    use(watch, 30, china, 2);
    expect(watch.found).toEqual([
      {
        detector: 'impossible-travel',
        subject: account(1),
        facts: {
          firstCountry: 'TH',
          firstAt: minuteAt(0),
          thenCountry: 'CN',
          thenAt: minuteAt(30),
          minutes: 30,
          minutesMax: 60,
        },
        counterparts: [china],
        strength: 1 - 30 / 75,
      },
    ]);
  });

  test('is found whichever is told first, with the same facts', () => {
    const facts = (...uses: [number, string][]) => {
      const watch = openTestDevices(world);
      for (const [minute, ip] of uses) use(watch, minute, ip);
      return watch.found[0]?.facts;
    };
    expect(facts([30, china], [0, thailand])).toEqual(facts([0, thailand], [30, china]));
  });

  test('the edge is an hour', () => {
    expect(found((watch) => [use(watch, 0, thailand), use(watch, 60, china)])).toBe(1);
    expect(found((watch) => [use(watch, 0, thailand), use(watch, 61, china)])).toBe(0);
  });

  test('who crosses the bridge of a border town is not found', () => {
    expect(found((watch) => [use(watch, 0, thailand), use(watch, 6, myanmar)])).toBe(0);
    expect(found((watch) => [use(watch, 0, thailand), use(watch, 4, myanmar)])).toBe(1);
  });

  test('who roams, or switches a VPN on, or speaks over a satellite is not found', () => {
    expect(found((watch) => [use(watch, 0, thailand, 1), use(watch, 5, china, 1)])).toBe(0);
    expect(found((watch) => [use(watch, 0, thailand), use(watch, 5, vpn), use(watch, 6, satellite)])).toBe(0);
  });

  test('who flies is not found', () => {
    expect(found((watch) => [use(watch, 0, thailand), use(watch, 240, china), use(watch, 900, thailand)])).toBe(0);
  });
});
