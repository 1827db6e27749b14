import { describe, expect, test } from 'vitest';
import { imei, minuteAt, openTestLines, phone, type TestWatch } from '../test-watch.ts';

const cell = '520-91-100-7';
const call = (watch: TestWatch, minute: number, from: number, more: object = {}): void =>
  watch.see(
    'call',
    minute,
    {
      originating: phone(from),
      called: phone(1000 + Math.round(minute * 10)),
      durationSeconds: 9,
      answered: true,
      device: imei(1),
      cell,
      ...more,
    },
    'operator',
  );
const subjects = (act: (watch: TestWatch) => void): string[] => {
  const watch = openTestLines();
  act(watch);
  return watch.subjects('number-rotation').toSorted();
};
/** So many numbers in turn, so many calls. */
const turns =
  (numbers: number, calls: number, more: (at: number) => object = () => ({})) =>
  (watch: TestWatch): void => {
    for (let at = 0; at < calls; at += 1) call(watch, at * 5, at % numbers, more(at));
  };

describe('numbers that change', () => {
  test('five numbers on one device with twenty calls are found, each with the device and the others', () => {
    const watch = openTestLines();
    turns(5, 20)(watch);
    expect(watch.found).toEqual([
      {
        detector: 'number-rotation',
        subject: phone(4),
        facts: {
          numbers: 5,
          numbersMin: 5,
          traffic: 20,
          cells: 1,
          untilAt: minuteAt(95),
          withinHours: 24,
          trafficMin: 20,
        },
        counterparts: [imei(1), phone(3), phone(2), phone(1), phone(0)],
        strength: 0.5,
      },
    ]);
  });

  test('with one more number the others are found with it', () => {
    const act = (watch: TestWatch): void => {
      turns(4, 24)(watch);
      call(watch, 200, 9);
    };
    expect(subjects(act)).toEqual([0, 1, 2, 3, 9].map(phone));
  });

  test('one number in four devices is found', () => {
    const found = (devices: number) =>
      subjects(turns(1, 24, (at) => ({ device: imei(10 + (at % devices)), sim: `sim:imsi:52003${at % 2}` })));
    expect([found(4), found(3)]).toEqual([[phone(0)], []]);
  });

  test('messages count as calls do', () => {
    const act = (watch: TestWatch): void => {
      for (let at = 0; at < 20; at += 1)
        watch.see('message', at, {
          originating: phone(at % 5),
          to: phone(500 + at),
          channel: 'sms',
          device: imei(1),
          cell,
        });
    };
    expect(subjects(act)).toEqual([phone(4)]);
  });

  test('who has four cards, or sells cards and tries each once, is not found', () => {
    expect(subjects(turns(4, 200))).toEqual([]);
    expect(subjects(turns(19, 19))).toEqual([]);
  });

  test('an IMEI that was copied into many cheap telephones is in many places, and not found', () => {
    expect(subjects(turns(30, 90, (at) => ({ cell: `520-91-100-${at % 30}` })))).toEqual([]);
  });

  test('a company’s gateway whose lines show its main number is not found', () => {
    expect(subjects(turns(20, 200, () => ({ presented: 'phone:+6627654321' })))).toEqual([]);
    const now = (at: number) => ({ presented: `phone:+662123000${at % 7}` });
    expect(subjects(turns(20, 200, now))).toHaveLength(20);
  });

  test('a telephone that had five owners in a month is not found', () => {
    const act = (watch: TestWatch): void => {
      for (let day = 0; day < 30; day += 1)
        for (let at = 0; at < 10; at += 1) call(watch, day * 1440 + at * 60, Math.floor(day / 6));
    };
    expect(subjects(act)).toEqual([]);
  });

  test('an operator’s own name of a device is no device of another operator, and is told to nobody', () => {
    const own = (watch: TestWatch, institution: (at: number) => string): void => {
      for (let at = 0; at < 40; at += 1)
        watch.see(
          'call',
          at,
          {
            originating: phone(at % 5),
            called: phone(500 + at),
            durationSeconds: 9,
            answered: true,
            device: 'handset 1',
            cell,
          },
          institution(at),
        );
    };
    expect(subjects((watch) => own(watch, (at) => `operator-${at % 5}`))).toEqual([]);
    const watch = openTestLines();
    own(watch, () => 'operator');
    expect(watch.found[0]?.counterparts).toEqual([3, 2, 1, 0].map(phone));
  });
});
