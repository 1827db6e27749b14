import type { Happening } from '../world/happening.ts';
import type { PaymentDeed } from '../world/payment-records.ts';
import { accountOf, holderOf, nationOfHolder, type Account, type Holder } from '../world/people.ts';
import { currencies, fromBaht, nationOf, roundly } from '../world/nations.ts';
import { addressOf, anybody, spending, usedAccount, type Moment, type Money } from './moment.ts';

type Way = (moment: Moment) => void;

/** What people pay on an ordinary day, and how often the one compared with the other. */
const ways: readonly (readonly [weight: number, way: Way])[] = [
  [40, buyAtShop],
  [14, buyOnline],
  [15, payFriend],
  [7, withdraw],
  [5, payBill],
  [5, fillWallet],
  [4, deposit],
  [4, sendHome],
  [3, atAgent],
  [1.2, tryPayee],
  [0.6, trade],
  [0.002, moveSavings],
];
const weights = ways.map(([weight]) => weight);

export function payment(moment: Moment): void {
  const { people, person, chance } = moment;
  if (people.isTrader(person) && chance.is(0.5)) trade(moment);
  else ways[chance.weighted(weights)]![1](moment);
}

/** Puts a payment on the agenda; who has too little then puts cash on the account instead. */
function pay(moment: Moment, atMs: number, deed: Omit<PaymentDeed, 'atMs' | 'origin' | 'order'>): void {
  const { ground, records } = moment;
  if (deed.from === deed.to) return;
  const begun = moment.deed(atMs);
  ground.agenda.add(atMs, (): Happening => {
    const { from, minor, currency } = deed;
    if (from === undefined || has(moment, from, { minor, currency })) return records.payment({ ...begun, ...deed });
    return records.payment({
      ...begun,
      to: from,
      minor: minor * 2,
      currency,
      channel: minor % 3 === 0 ? 'branch' : 'atm',
    });
  });
}

function has({ ground }: Moment, account: Account, { minor, currency }: Money): boolean {
  const own = nationOfHolder(holderOf(account)).currency;
  return ground.ledger.balance(account) * currencies[currency].perBaht >= minor * currencies[own].perBaht;
}

/** From a telephone, with the log-in that comes before it now and then. */
function byPhone(moment: Moment, to: Account, money: Money, channel: 'mobile' | 'qr' | 'web' | 'exchange'): void {
  const { ground, records, chance, person } = moment;
  const from = channel === 'exchange' ? accountOf(person, 0) : usedAccount(moment);
  const device = ground.screen(from);
  const ip = addressOf(moment);
  const seconds = 5 + chance.below(90);
  if (chance.is(0.22)) {
    const login = moment.deed();
    const method = chance.is(0.7) ? 'biometric' : 'password';
    ground.agenda.add(moment.atMs, () =>
      records.login({
        ...login,
        account: from,
        outcome: 'ok',
        method,
        newDevice: false,
        remoteAccess: false,
        device,
        ip,
      }),
    );
  }
  pay(moment, moment.atMs + seconds * 1000, { from, to, ...money, channel, device, ip });
}

function buyAtShop(moment: Moment): void {
  const { people, person, chance } = moment;
  const shop = chance.is(0.8) ? people.usualShop(person, chance.below(6)) : people.shop(chance.below(1 << 22));
  byPhone(moment, accountOf(shop, 0), spending(moment, 120, 0.9), 'qr');
}

/** From a shop of the country, or from somebody who sells what they no longer need. */
function buyOnline(moment: Moment): void {
  const { people, chance } = moment;
  const seller = chance.is(0.7) ? people.shop(chance.below(1 << 22)) : anybody(moment);
  byPhone(moment, accountOf(seller, 0), spending(moment, 650, 1), chance.is(0.7) ? 'mobile' : 'web');
}

function payFriend(moment: Moment): void {
  const { people, person, chance } = moment;
  const friend = people.friend(person, chance.below(12));
  if (friend !== person)
    byPhone(moment, accountOf(friend, chance.is(0.85) ? 0 : 1), spending(moment, 400, 1.2), 'mobile');
}

function withdraw(moment: Moment): void {
  pay(moment, moment.atMs, { from: usedAccount(moment), ...spending(moment, 1500, 0.7), channel: 'atm' });
}

function payBill(moment: Moment): void {
  byPhone(moment, accountOf(moment.people.biller(moment.chance.below(64)), 0), spending(moment, 600, 0.7), 'mobile');
}

function fillWallet(moment: Moment): void {
  const { ground, person } = moment;
  const money = spending(moment, 500, 0.7);
  const [device, ip] = [ground.screen(accountOf(person, 0)), addressOf(moment)];
  pay(moment, moment.atMs, {
    from: accountOf(person, 0),
    to: accountOf(person, 1),
    ...money,
    channel: 'mobile',
    device,
    ip,
  });
}

function deposit(moment: Moment): void {
  const channel = moment.chance.is(0.6) ? 'atm' : 'branch';
  pay(moment, moment.atMs, { to: usedAccount(moment), ...spending(moment, 3000, 0.9), channel });
}

/** To the family: in another town, or over the border. */
function sendHome(moment: Moment): void {
  const { people, person, chance, nation, ground } = moment;
  let family: Holder = people.friend(person, 50 + chance.below(2));
  if (nation.familiesAbroad.length > 0 && chance.is(0.3)) {
    const abroad = ground.people[nationOf(chance.pick(nation.familiesAbroad)).place]!;
    family = abroad.friend(abroad.shop(person), 60 + (person % 3));
  }
  byPhone(moment, accountOf(family, 0), spending(moment, 2500, 0.7), 'mobile');
}

function atAgent(moment: Moment): void {
  const { people, person, chance } = moment;
  const agent = accountOf(people.agent(people.town(person)), 0);
  const money = spending(moment, 1200, 0.9);
  if (chance.is(0.5)) pay(moment, moment.atMs, { from: usedAccount(moment), to: agent, ...money, channel: 'agent' });
  else pay(moment, moment.atMs, { from: agent, to: usedAccount(moment), ...money, channel: 'agent' });
}

/** Careful people first send a little, and then the rest. */
function tryPayee(moment: Moment): void {
  const { chance, person, ground } = moment;
  const payee = accountOf(anybody(moment), 0);
  const money = spending(moment, 2500, 1);
  const from = accountOf(person, 0);
  const [device, ip] = [ground.screen(from), addressOf(moment)];
  const little = roundly(money.minor / (200 + chance.below(800)), money.currency, 0);
  pay(moment, moment.atMs, { from, to: payee, minor: little, currency: money.currency, channel: 'mobile', device, ip });
  const laterMs = moment.atMs + 60_000 + chance.below(20 * 60_000);
  pay(moment, laterMs, { from, to: payee, ...money, channel: 'mobile', device, ip });
}

/** Buys and sells coins for others: many small payments in, one out to the exchange, and out again to a wallet. */
function trade(moment: Moment): void {
  const { chance, person, ground, records } = moment;
  const account = accountOf(person, 0);
  if (chance.is(0.75)) {
    const money = spending({ ...moment, person: anybody(moment) }, 2500, 1.1);
    return pay(moment, moment.atMs, { from: accountOf(anybody(moment), 0), to: account, ...money, channel: 'mobile' });
  }
  const money = spending(moment, 9000, 0.9);
  const asset = tether(money);
  const [device, ip] = [ground.screen(account), addressOf(moment)];
  pay(moment, moment.atMs, {
    from: account,
    to: accountOf(person, 2),
    ...money,
    channel: 'exchange',
    asset,
    device,
    ip,
  });
  const out = moment.deed();
  const wallet = ground.keys.wallet(chance.below(1 << 30));
  const atMs = moment.atMs + 60_000 + chance.below(3 * 3_600_000);
  ground.agenda.add(atMs, () =>
    records.payment({
      ...out,
      atMs,
      from: accountOf(person, 2),
      toWallet: wallet,
      ...money,
      channel: 'exchange',
      asset,
      device,
      ip,
    }),
  );
}

/** Once in a life: a house is paid, or a bank pays better interest. What was saved for it came from beyond this world. */
function moveSavings(moment: Moment): void {
  const { chance, people, person, ground, nation } = moment;
  const from = accountOf(person, 0);
  const minor = roundly(
    fromBaht(people.income(person) * chance.between(20, 70), nation.currency),
    nation.currency,
    0.7,
  );
  const to = chance.is(0.5) ? accountOf(person, 1) : accountOf(people.company(chance.below(1 << 22)), 0);
  const saved = Math.round(minor * chance.between(1.05, 1.6)) - ground.ledger.balance(from);
  if (saved > 0) ground.ledger.add(from, saved);
  const [device, ip] = [ground.screen(from), addressOf(moment)];
  pay(moment, moment.atMs, { from, to, minor, currency: nation.currency, channel: 'mobile', device, ip });
}

/** What is bought for it: at 33 baht a piece, in hundredths. */
export function tether({ minor, currency }: Money): { symbol: string; quantity: string } {
  const hundredths = Math.max(1, Math.floor((minor * 100) / (currencies[currency].perBaht * 33)));
  return { symbol: 'USDT', quantity: `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}` };
}
