import { describe, expect, test } from 'vitest';
import { account, baht, imei, minuteAt, openTestDevices, phone, type TestWatch } from '../test-watch.ts';

const signIn = (watch: TestWatch, minute: number, who: number, more: object = {}, institution = 'bank-a'): void =>
  watch.see('login', minute, { account: account(who), outcome: 'ok', device: imei(1), ...more }, institution);

describe('one device on the accounts of many', () => {
  test('four people within a day are found, each with the others', () => {
    const watch = openTestDevices();
    for (const who of [1, 2, 3]) signIn(watch, who * 60, who, { phone: phone(who) });
    expect(watch.found).toEqual([]);
    signIn(watch, 300, 4, { phone: phone(4) });
    expect(watch.found[0]).toEqual({
      detector: 'shared-device',
      subject: account(4),
      facts: {
        people: 4,
        accounts: 4,
        withinHours: 24,
        peopleMin: 4,
        firstAt: minuteAt(60),
        lastAt: minuteAt(300),
      },
      counterparts: [imei(1), account(3), account(2), account(1)],
      strength: 0.5,
    });
    expect(watch.subjects('shared-device').toSorted()).toEqual([1, 2, 3, 4].map((who) => account(who)));
  });

  test('payments tell of a device as log-ins do, unless the channel is a counter, a machine or a card', () => {
    const pay = (channel: 'mobile' | 'agent' | 'atm' | 'card' | 'branch') => {
      const watch = openTestDevices();
      for (const who of [1, 2, 3, 4, 5])
        watch.see('payment', who, { from: account(who), to: account(9), amount: baht(9), channel, device: imei(1) });
      return watch.subjects('shared-device').length;
    };
    expect(['mobile', 'agent', 'atm', 'card', 'branch'].map((channel) => pay(channel as 'mobile'))).toEqual([
      5, 0, 0, 0, 0,
    ]);
  });

  test('of a payment that the receiver’s institution tells, the device is the receiver’s', () => {
    const watch = openTestDevices();
    const told = { side: 'receiver', channel: 'qr', device: imei(1) } as const;
    for (const who of [1, 2, 3, 4, 5])
      watch.see('payment', who, { from: account(who), to: account(9), amount: baht(100), ...told });
    expect(watch.found).toEqual([]);
  });

  test('a family of three with a tablet is not found, whatever accounts each of them has', () => {
    const watch = openTestDevices();
    for (let day = 0; day < 10; day += 1)
      for (const who of [1, 2, 3])
        for (const bank of ['014', '004', '025'])
          watch.see(
            'login',
            day * 1440 + who * 10,
            { account: account(who, bank), outcome: 'ok', device: imei(1), phone: phone(who) },
            bank,
          );
    expect(watch.found).toEqual([]);
  });

  test('one person with an account at each of six banks is not found, also where nobody tells a number', () => {
    const watch = openTestDevices();
    for (const [at, bank] of ['014', '004', '025', '002', '006', '011'].entries())
      watch.see('login', at, { account: account(1, bank), outcome: 'ok', device: imei(1) }, bank);
    expect(watch.found).toEqual([]);
  });

  test('who tries many accounts and fails says nothing of them', () => {
    const watch = openTestDevices();
    for (let who = 0; who < 20; who += 1) signIn(watch, who, who, { outcome: 'failed' });
    expect(watch.found).toEqual([]);
  });

  test('over a week it takes six', () => {
    const watch = openTestDevices();
    for (let who = 0; who < 5; who += 1) signIn(watch, who * 1470, who);
    expect(watch.found).toEqual([]);
    signIn(watch, 5 * 1470, 5);
    expect(watch.found[0]?.facts).toMatchObject({ people: 6, withinHours: 168, peopleMin: 6 });
    signIn(watch, 5 * 1470 + 20_000, 6);
    expect(watch.subjects('shared-device')).not.toContain(account(6));
  });

  test('the edge of the day: a minute later is too late', () => {
    const within = (minutes: number) => {
      const watch = openTestDevices();
      for (const who of [1, 2, 3]) signIn(watch, 0, who);
      signIn(watch, minutes, 4);
      return watch.found.length > 0;
    };
    expect([within(1440), within(1441)]).toEqual([true, false]);
  });

  test('what is told late counts where it belongs', () => {
    const watch = openTestDevices();
    for (const who of [2, 3, 4]) signIn(watch, 100 + who, who);
    signIn(watch, 1, 1);
    expect(watch.found[0]?.facts).toMatchObject({ people: 4, firstAt: minuteAt(1), lastAt: minuteAt(104) });
  });

  test('what one institution calls a device is no device of another', () => {
    const watch = openTestDevices();
    for (const who of [1, 2, 3, 4]) signIn(watch, who, who, { device: 'app-1' }, `bank-${who % 2}`);
    expect(watch.found).toEqual([]);
    for (const who of [11, 12]) signIn(watch, who, who, { device: 'app-1' }, 'bank-0');
    expect(watch.found[0]).toMatchObject({ subject: account(12), counterparts: [account(11), account(4), account(2)] });
  });
});
