import { expect, test } from 'vitest';

import { readAll } from './read-all.ts';

test('a hosts file blocks names, not its own machinery and not the names that it merely maps', async () => {
  const source = `127.0.0.1 localhost
::1 ip6-localhost ip6-loopback
255.255.255.255 broadcasthost
192.0.2.10 intranet.example
0.0.0.0 scam.example www.scam.example # two
0.0.0.0
not a hosts line
# comment
0 short.example`;
  expect(await readAll(source, { format: 'hosts' })).toEqual([
    { line: 5, text: 'scam.example', type: 'domain' },
    { line: 5, text: 'www.scam.example', type: 'domain' },
    { line: 6, refused: 'feed.hosts.line' },
    { line: 7, refused: 'feed.hosts.line' },
    { line: 9, text: 'short.example', type: 'domain' },
    { line: 1, skipped: 'local', count: 4 },
    { line: 4, skipped: 'mapping', count: 1 },
  ]);
});
