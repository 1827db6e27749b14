import { beforeAll, describe, expect, test } from 'vitest';
import type { Login } from '@bronze-drum/protocol/activity/login';
import type { Payment } from '@bronze-drum/protocol/activity/payment';
import type { Mark, Sent } from './happening.ts';
import { hoursOf, testFromMs } from './test-world.ts';

const dayMs = 86_400_000;
const ageDays = (day: string): number => (testFromMs - Date.parse(day)) / dayMs;

describe('what institutions tell of their customers', () => {
  const told: { sent: Sent; record: Payment; own: string }[] = [];
  const logins: Sent[] = [];
  const marks = new Map<string, Mark>();

  beforeAll(() => {
    for (const { sent: all, marks: said = [] } of hoursOf(20, { rate: 150, fraudShare: 0.1 })) {
      for (const mark of said) marks.set(mark.key, mark);
      for (const sent of all) {
        const record = sent.record as Payment;
        const own = (record.side === 'receiver' ? record.to : (record.from ?? record.to))!;
        if (sent.kind === 'payment') told.push({ sent, record, own });
        if (sent.kind === 'login') logins.push(sent);
      }
    }
  });

  test('some tell all, some since when, some nothing; always the same of an account', () => {
    const forms = new Map<string, Set<string>>();
    const known = new Map<string, string>();
    const twofold: string[] = [];
    for (const { sent, record, own } of told) {
      const form = forms.get(sent.institution) ?? new Set();
      forms.set(sent.institution, form.add(Object.keys(record.customer ?? {}).join(',')));
      const customer = JSON.stringify(record.customer);
      if ((known.get(own) ?? customer) !== customer) twofold.push(own);
      known.set(own, customer);
    }
    expect(twofold).toEqual([]);
    expect(forms.get('bank-901')).toEqual(new Set(['kind,opened', 'kind,opened,registered,capital,controller']));
    expect(forms.get('bank-902')).toEqual(new Set(['']));
    expect(forms.get('bank-903')).toEqual(new Set(['opened']));
  });

  test('who tells devices tells the number at which the customer is reached, one for each', () => {
    const numbers = new Map<string, Set<string>>();
    for (const { record, own } of told) {
      if (record.side !== 'receiver' && record.phone !== undefined)
        numbers.set(own, (numbers.get(own) ?? new Set()).add(record.phone));
    }
    expect([...numbers.values()].every(({ size }) => size === 1)).toBe(true);
    expect(numbers.size).toBeGreaterThan(1000);
    const telling = logins.filter(({ record }) => (record as Login).phone !== undefined);
    expect(telling.length / logins.length).toBeGreaterThan(0.4);
    expect(telling.every(({ record }) => (record as Login).device !== undefined)).toBe(true);
  });

  test('few accounts are young, and of those that rings opened all are', () => {
    const ages = new Map<string, number>();
    for (const { record, own } of told)
      if (record.customer?.opened !== undefined) ages.set(own, ageDays(record.customer.opened));
    const ordinary = [...ages].filter(([key]) => !marks.has(key));
    const young = ordinary.filter(([, age]) => age < 30);
    expect(young.length / ordinary.length).toBeLessThan(0.02);
    expect(young.length).toBeGreaterThan(10);
    const fresh = [...ages].filter(([key]) => marks.get(key)?.tier === 'fresh');
    expect(fresh.length).toBeGreaterThan(5);
    expect(fresh.every(([, age]) => age < 30)).toBe(true);
  });

  test('companies on paper are young and poor, and one director has several; others are like that seldom', () => {
    const shells = new Map<string, Set<string>>();
    const ordinary = new Map<string, boolean>();
    for (const { sent, record, own } of told) {
      const { registered, capital, controller } = record.customer ?? {};
      if (registered === undefined || capital === undefined || controller === undefined) continue;
      const isYoung = ageDays(registered) < 365;
      if (marks.get(own)?.tier !== 'corporate') {
        ordinary.set(own, isYoung);
        continue;
      }
      expect(isYoung).toBe(true);
      const director = `${sent.member} ${sent.institution} ${controller}`;
      shells.set(director, (shells.get(director) ?? new Set()).add(own));
    }
    expect(shells.size).toBeGreaterThan(2);
    expect(Math.max(...[...shells.values()].map(({ size }) => size))).toBeGreaterThan(1);
    const young = [...ordinary.values()].filter((isYoung) => isYoung).length;
    expect(young / ordinary.size).toBeLessThan(0.12);
    expect(young).toBeGreaterThan(0);
  });
});
