import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDeskWorld, visit, type DeskWorld, type Visit } from './desk.ts';

/** What an officer sees when the line to the server breaks, and that nothing of what happened meanwhile is missed. */
let world: DeskWorld;
let line: Line;
let desk: Visit;

/** The network between the desk and its server. */
interface Line {
  readonly address: string;
  /** Nothing passes any more, and nobody is told: as when a cable is pulled. */
  freeze(): void;
  /** Every connection is broken, and none is accepted. */
  cut(): void;
  mend(): void;
  close(): void;
}

async function openLine(to: string): Promise<Line> {
  const port = Number(new URL(to).port);
  const sockets = new Set<Socket>();
  let [isFrozen, isCut] = [false, false];
  const end = (): void => sockets.forEach((socket) => socket.destroy());
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
  };
  const server = createServer((near) => {
    keep(near);
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect({ port, host: '127.0.0.1' });
    keep(far);
    near.on('data', (data) => isFrozen || far.write(data)).on('close', () => far.destroy());
    far.on('data', (data) => isFrozen || near.write(data)).on('close', () => isFrozen || near.destroy());
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    freeze: () => (isFrozen = true),
    cut() {
      isCut = true;
      end();
    },
    mend() {
      // What was on its way is lost: whoever waits for it comes again.
      if (isFrozen) end();
      [isFrozen, isCut] = [false, false];
    },
    close() {
      end();
      server.close();
    },
  };
}

beforeAll(async () => {
  world = await openDeskWorld();
  const duty = await world.officer('th', 'duty', ['duty-officer', 'analyst']);
  line = await openLine(world.alliance.of('th').address);
  desk = await visit(world.browser, line.address, duty, {});
  await desk.page.clock.install();
  await desk.go('/alerts');
  await desk.page.getByText('Live', { exact: true }).waitFor();
});
afterAll(async () => {
  line?.close();
  await world?.close();
});

const lost = () => desk.page.getByText(/^The line to the server is lost since/);

/** The bank holds a payment to be fraud: an alert at the server, wherever the desk is. */
async function happen(account: string): Promise<void> {
  const answer = await fetch(`${world.alliance.of('th').address}/v1/activity/payments`, {
    method: 'POST',
    headers: { ...world.things.bank, 'content-type': 'application/x-ndjson' },
    body: JSON.stringify({
      id: crypto.randomUUID(),
      at: new Date().toISOString(),
      from: 'account:TH:901:3333333333',
      to: `account:TH:902:${account}`,
      amount: { value: '120000', currency: 'THB' },
      channel: 'mobile',
      suspicion: { typology: 'mule-account', confirmed: false },
    }),
  });
  expect(answer.status).toBe(200);
}

/** Accounts are shown in groups of four. */
const shown = (account: string): Promise<void> =>
  desk.page
    .locator('tbody tr[data-index]', { hasText: account.match(/.{1,4}/g)!.join(' ') })
    .first()
    .waitFor();

test('a line that was cut is told, comes back by itself, and what happened meanwhile is there', async () => {
  line.cut();
  await lost().waitFor();
  await happen('8100000001');
  line.mend();
  await lost().waitFor({ state: 'detached' });
  await shown('8100000001');
  expect(await desk.page.locator('tbody tr[data-index]').count()).toBe(1);
});

test('a line that broke without a word is found out by its silence', async () => {
  line.freeze();
  await happen('8100000002');
  expect(await lost().count()).toBe(0);
  await desk.page.clock.fastForward(41_000);
  await lost().waitFor();
  line.mend();
  await lost().waitFor({ state: 'detached' });
  await shown('8100000002');
});
