import { describe, expect, test } from 'vitest';
import { account, imei, minuteAt, openTestDevices, type TestWatch, type TestWorld } from '../test-watch.ts';

const ip = 'ip:198.18.7.7';

function use(watch: TestWatch, count: number, more: (who: number) => object = () => ({})): void {
  for (let who = 0; who < count; who += 1)
    watch.see('login', who / 10, { account: account(who), outcome: 'ok', ip, ...more(who) }, `bank-${who % 2}`);
}

const found = (world: TestWorld, count: number, more?: (who: number) => object): number => {
  const watch = openTestDevices(world);
  use(watch, count, more);
  return watch.found.length;
};

/** The third telephone serves the third four accounts. */
const farm = (who: number) => ({ device: imei(who >> 2) });
const own = (who: number) => ({ device: imei(100 + who) });

describe('one address of many accounts', () => {
  test('ten accounts on a few devices are found, and the address is what is told of', () => {
    const watch = openTestDevices({ networks: { [ip]: { country: 'LA', kind: 'satellite' } } });
    use(watch, 10, farm);
    expect(watch.found.filter(({ detector }) => detector === 'shared-address').slice(-1)).toEqual([
      {
        detector: 'shared-address',
        subject: ip,
        facts: {
          accounts: 10,
          devices: 3,
          institutions: 2,
          withinMinutes: 60,
          accountsMin: 6,
          network: 'satellite',
          country: 'LA',
          firstAt: minuteAt(0),
          lastAt: minuteAt(0.9),
        },
        counterparts: [9, 8, 7, 6, 5, 4, 3, 2].map((who) => account(who)),
        strength: 0.7,
      },
    ]);
  });

  test('through a hosting company, a VPN or a satellite six are enough', () => {
    for (const kind of ['hosting', 'vpn', 'satellite'] as const) {
      const networks = { [ip]: { kind } };
      expect([found({ networks }, 6, farm), found({ networks }, 5, farm)]).toEqual([1, 0]);
      expect(found({ networks }, 200, own)).toBe(0);
    }
  });

  test('nine are not, and not ten within more than an hour', () => {
    expect(found({}, 9, farm)).toBe(0);
    const watch = openTestDevices();
    for (let who = 0; who < 30; who += 1)
      watch.see('login', who * 7, { account: account(who), outcome: 'ok', ip, device: 'shared' }, `bank-${who}`);
    expect(watch.subjects('shared-address')).toEqual([]);
  });

  test('an office, a café or a hotel, where everybody has a telephone of his own, is not found', () => {
    expect(found({}, 250, own)).toBe(0);
  });

  test('an office whose bank tells no devices is not found', () => {
    expect(found({}, 59)).toBe(0);
    expect(found({}, 60)).toBeGreaterThan(0);
  });

  test('customers of a mobile network share its addresses, and are not found', () => {
    const world = { networks: { [ip]: { country: 'TH', kind: 'mobile' } } } as const;
    expect(found(world, 199)).toBe(0);
    expect(found(world, 250, own)).toBe(0);
  });

  test('what is told late counts where it belongs', () => {
    const watch = openTestDevices();
    for (let who = 9; who >= 0; who -= 1)
      watch.see('login', who, { account: account(who), outcome: 'ok', ip, device: 'one' }, `bank-${who}`);
    expect(watch.subjects('shared-address')).toEqual([]);
    const same = openTestDevices();
    for (let who = 9; who >= 0; who -= 1)
      same.see('login', who, { account: account(who), outcome: 'ok', ip, device: imei(1) });
    expect(same.subjects('shared-address')).toEqual([ip]);
  });
});
