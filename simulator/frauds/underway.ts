import type { Chance } from '../chance/chance.ts';
import type { MemberCode } from '@bronze-drum/protocol/members';
import { accountTakeover } from './account-takeover.ts';
import { fakeInvestment } from './fake-investment.ts';
import { fakePolice } from './fake-police.ts';
import type { Fraud } from './fraud.ts';
import { romance } from './romance.ts';
import type { Route } from './route.ts';

/** A fraud that is in the middle of its payments when somebody begins to look. */
export interface Script {
  readonly fraud: Fraud;
  /** Where the law’s limit is known to rings; otherwise anywhere. */
  readonly member?: MemberCode;
  readonly route?: Route;
  /** In baht of a Thai case, so that the route has something to carry. */
  readonly lossBaht: readonly [least: number, most: number];
  /** When the victim first paid. */
  readonly minutesAgo: readonly [least: number, most: number];
}

const many = [180_000, 420_000] as const;

/** Of every way of moving money, and of every way of reaching a victim, some; the later ones go on while somebody looks. */
export const scripts: readonly Script[] = [
  { fraud: fakePolice, route: 'spread', lossBaht: many, minutesAgo: [-0.6, 1] },
  { fraud: accountTakeover, route: 'spread', lossBaht: many, minutesAgo: [1, 4] },
  { fraud: fakeInvestment, route: 'gather', lossBaht: many, minutesAgo: [70, 120] },
  { fraud: romance, route: 'motorcade', lossBaht: many, minutesAgo: [120, 170] },
  { fraud: fakeInvestment, member: 'th', route: 'structured', lossBaht: [260_000, 400_000], minutesAgo: [8, 30] },
  { fraud: fakePolice, route: 'shells', lossBaht: many, minutesAgo: [3, 8] },
  { fraud: romance, route: 'cycle', lossBaht: many, minutesAgo: [140, 170] },
  { fraud: accountTakeover, route: 'motorcade', lossBaht: many, minutesAgo: [90, 160] },
  { fraud: fakePolice, route: 'gather', lossBaht: many, minutesAgo: [60, 110] },
  { fraud: fakeInvestment, member: 'vn', route: 'structured', lossBaht: [120_000, 300_000], minutesAgo: [8, 30] },
  { fraud: accountTakeover, route: 'spread', lossBaht: many, minutesAgo: [2, 12] },
  { fraud: fakePolice, route: 'spread', lossBaht: many, minutesAgo: [-0.6, 2] },
  { fraud: fakeInvestment, member: 'cn', route: 'spread', lossBaht: [800_000, 1_200_000], minutesAgo: [2, 9] },
  { fraud: accountTakeover, member: 'vn', route: 'spread', lossBaht: many, minutesAgo: [-0.5, 3] },
  { fraud: accountTakeover, member: 'th', route: 'spread', lossBaht: many, minutesAgo: [-0.5, 3] },
];

export const paidAgoMs = (chance: Chance, { minutesAgo: [least, most] }: Script): number =>
  Math.round(chance.between(least, most) * 60_000);

export const lossOf = (chance: Chance, { lossBaht: [least, most] }: Script): number => chance.between(least, most);
