import { describe, expect, test } from 'vitest';
import { expectKept } from './breach.ts';
import { defaultExportBreaches, namingBreaches, wordBreaches } from './naming.ts';
import { houseFiles, isCode } from './source.ts';

const files = houseFiles();
const code = files.filter(({ path }) => isCode(path));

test('every file and folder is named for what it holds', () => {
  expectKept(
    'names',
    { count: files.length, atLeast: 30 },
    files.flatMap(({ path }) => namingBreaches(path)),
  );
});

test('only what a tool configures is exported by default', () => {
  expectKept('no default exports', { count: code.length, atLeast: 20 }, code.flatMap(defaultExportBreaches));
});

test('the design has one word for each thing, and the code uses no other', () => {
  const bound = files.filter(({ path }) => /^(?:server\/src|protocol)\//.test(path));
  expectKept('the words of the design', { count: bound.length, atLeast: 10 }, bound.flatMap(wordBreaches));
});

describe('names that say nothing', () => {
  test.each([
    'server/src/registry/index.ts',
    'web/src/ui/index.tsx',
    'server/src/registry/types.ts',
    'server/src/utils/text.ts',
    'server/src/kernel/utils.ts',
    'server/src/kernel/helpers.ts',
    'server/src/common/text.ts',
    'server/src/orders/manager.ts',
    'server/src/orders/order-manager.ts',
    'server/src/orders/orders.service.ts',
    'server/services/a.ts',
    'server/src/kernel/misc.ts',
  ])('%s is refused', (path) => {
    expect(namingBreaches(path)).not.toEqual([]);
  });

  test.each([
    'server/src/registry/registry.ts',
    'protocol/identifiers/identifier.ts',
    'web/index.html',
    'server/src/liaison/service-clocks.ts',
  ])('%s is a name', (path) => {
    expect(namingBreaches(path)).toEqual([]);
  });
});

describe('default exports', () => {
  const found = (path: string, text: string): number => defaultExportBreaches({ path, text }).length;

  test('are found in every form', () => {
    expect(found('server/src/house.ts', 'export default function open() {}')).toBe(1);
    expect(found('server/src/house.ts', 'const a = 1;\nexport { a as default };')).toBe(1);
  });

  test('are for configurations only', () => {
    expect(found('vitest.config.ts', 'export default {};')).toBe(0);
    expect(found('web/vite.config.ts', 'export default {};')).toBe(0);
    expect(found('server/src/house.ts', '// export default')).toBe(0);
    expect(found('server/src/house.ts', "import fastify from 'fastify';\nexport const a = fastify;")).toBe(0);
  });
});

describe('banned words', () => {
  const found = (text: string, path = 'server/src/funds/funds.ts'): number => wordBreaches({ path, text }).length;

  test('are found in names, strings, comments, SQL and file names', () => {
    expect(found('const transferId = 1;')).toBe(1);
    expect(found('const wireTransfers = 1;')).toBe(1);
    expect(found("const text = 'the transfer';")).toBe(1);
    expect(found('// a transfer of prisoners')).toBe(1);
    expect(found('create table funds.transfer ();', 'server/src/funds/migrations/0001-start.sql')).toBe(1);
    expect(found('', 'protocol/statements/transfer.ts')).toBe(1);
    expect(found('const whitelist = white_list;')).toBe(2);
    expect(found('const blackList = 1;', 'protocol/handling.ts')).toBe(1);
  });

  test("others' names stay theirs: of ISO messages in comments, of HTTP anywhere", () => {
    expect(found('// pacs.008, FIToFICustomerCreditTransferV08')).toBe(0);
    expect(found('// ERC-681 calls it `/transfer`')).toBe(0);
    expect(found('const CustomerCreditTransfer = 1;')).toBe(1);
    expect(found("app.post('/transfer', run);")).toBe(1);
    expect(found("reply.header('transfer-encoding', 'chunked');")).toBe(0);
    expect(found('const allowList = 1;')).toBe(0);
  });

  test('bind the server and the protocol, not the papers', () => {
    expect(found('const transfer = 1;', 'tidy/naming.ts')).toBe(0);
    expect(found('transfer', 'server/src/funds/notes.md')).toBe(0);
  });
});
