import { describe, expect, test } from 'vitest';
import { account, baht, minuteAt, openTestDevices, type TestWatch } from '../test-watch.ts';

const vpn = 'ip:203.0.113.9';
const home = 'ip:198.18.1.1';
const known = 'ip:198.18.66.6';
const world = {
  networks: { [vpn]: { country: 'SG', kind: 'vpn' }, [home]: { country: 'TH' }, [known]: { country: 'TH' } },
  listed: { [known]: 1 },
} as const;

const signIn = (watch: TestWatch, minute: number, ip: string): void =>
  watch.see('login', minute, { account: account(1), outcome: 'ok', ip });
const pay = (watch: TestWatch, minute: number, amount: number, ip?: string): void =>
  watch.see('payment', minute, {
    from: account(1),
    to: account(2),
    amount: baht(amount),
    channel: 'mobile' as const,
    ...(ip !== undefined && { ip }),
  });
const found = (act: (watch: TestWatch) => void) => {
  const watch = openTestDevices(world);
  act(watch);
  return watch.found.filter(({ detector }) => detector === 'hosting-address');
};

describe('a payment through a hosting, VPN or satellite network', () => {
  test('is found after a log-in from there', () => {
    const [one, ...more] = found((watch) => {
      signIn(watch, 10, vpn);
      pay(watch, 15, 10_000, vpn);
    });
    expect(more).toEqual([]);
    expect(one).toMatchObject({
      subject: account(1),
      facts: {
        network: 'vpn',
        uses: 2,
        usedAt: minuteAt(15),
        paidAt: minuteAt(15),
        amount: '1000000',
        currency: 'THB',
        withinMinutes: 60,
        dollarsMin: 150,
      },
      counterparts: [vpn, account(2)],
    });
  });

  test('also if the payment itself tells no address, within an hour', () => {
    const after = (minutes: number) =>
      found((watch) => {
        signIn(watch, 0, vpn);
        signIn(watch, 1, vpn);
        pay(watch, 1 + minutes, 10_000);
      }).length;
    expect([after(60), after(61)]).toEqual([1, 0]);
  });

  test('whichever is told first', () => {
    const [one] = found((watch) => {
      signIn(watch, 9, vpn);
      pay(watch, 15, 10_000);
      signIn(watch, 10, vpn);
    }).slice(-1);
    expect(one?.facts).toMatchObject({ uses: 2, usedAt: minuteAt(10), paidAt: minuteAt(15), amount: '1000000' });
    expect(one?.counterparts).toEqual([vpn, account(2)]);
  });

  test('one use is not enough, nor a small payment, nor one from home after it', () => {
    expect(found((watch) => pay(watch, 1, 10_000, vpn))).toEqual([]);
    const small = (watch: TestWatch) => {
      signIn(watch, 0, vpn);
      pay(watch, 1, 4_900, vpn);
    };
    expect(found(small)).toEqual([]);
    const fromHome = (watch: TestWatch) => {
      signIn(watch, 0, vpn);
      signIn(watch, 1, vpn);
      pay(watch, 2, 10_000, home);
    };
    expect(found(fromHome)).toEqual([]);
  });

  test('who has done so for two weeks has the habit, and is let be', () => {
    const habit = found((watch) => {
      for (let day = 0; day < 20; day += 1) signIn(watch, day * 1440, vpn);
      pay(watch, 19 * 1440 + 5, 10_000, vpn);
    });
    expect(habit).toEqual([]);
  });

  test('a listed address counts at once', () => {
    const [one] = found((watch) => pay(watch, 1, 10_000, known));
    expect(one?.facts).toMatchObject({ network: 'listed', uses: 1 });
  });
});
