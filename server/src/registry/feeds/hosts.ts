import type { Batches } from './batches.ts';
import type { FeedReader } from './entry.ts';
import { openLines } from './lines.ts';

/** Addresses by which a hosts file blocks a name. Any other address maps the name, which claims nothing about it. */
const blocking = /^(?:0\.0\.0\.0|0|127(?:\.\d{1,3}){3}|::|::1|255\.255\.255\.255)$/;
const anyAddress = /^(?:0|\d{1,3}(?:\.\d{1,3}){3}|[\da-f:.]*:[\da-f:.]*(?:%\w+)?)$/i;
const localNames = new Set([
  'localhost',
  'localhost.localdomain',
  'localhost4',
  'localhost6',
  'local',
  'broadcasthost',
  'ip6-localhost',
  'ip6-loopback',
  'ip6-localnet',
  'ip6-mcastprefix',
  'ip6-allnodes',
  'ip6-allrouters',
  'ip6-allhosts',
  '0.0.0.0',
]);
const spaces = /\s+/;

/** A hosts file: an address, then the names that it blocks; `#` begins a comment anywhere. */
export function openHosts(out: Batches): FeedReader {
  return openLines({
    onRefusal: out.add,
    onLine(raw, line) {
      const comment = raw.indexOf('#');
      const text = (comment < 0 ? raw : raw.slice(0, comment)).trim();
      if (text === '') return;
      const [address = '', ...names] = text.split(spaces);
      if (names.length === 0 || !anyAddress.test(address)) {
        out.add({ line, refused: 'feed.hosts.line' });
        return;
      }
      const blocks = blocking.test(address);
      for (const name of names) {
        if (localNames.has(name.toLowerCase())) out.skip(line, 'local');
        else if (blocks) out.add({ line, text: name, type: 'domain' });
        else out.skip(line, 'mapping');
      }
    },
  });
}
