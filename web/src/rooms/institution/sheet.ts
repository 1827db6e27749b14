import { callForResponse } from '../../link/call.ts';

/** So many orders a sheet has at most: more than an institution answers in one file. */
const pagesMax = 25;

/** Orders as the server writes them for spreadsheets, all pages in one file, with a mark by which spreadsheets know UTF-8. */
export async function readSheet(query: object): Promise<Blob> {
  const parts: string[] = ['\ufeff'];
  let after: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const answer = await callForResponse('/v1/orders', {
      query: { ...query, after },
      headers: { accept: 'text/csv' },
    });
    const text = await answer.text();
    parts.push(page === 0 ? text : withoutHead(text));
    after = nextOf(answer.headers.get('link'));
    if (after === undefined) break;
  }
  return new Blob(parts, { type: 'text/csv' });
}

const withoutHead = (text: string): string => text.slice(text.indexOf('\n') + 1);

/** What `link: </v1/orders?after=…>; rel="next"` leads on to. */
export function nextOf(link: string | null): string | undefined {
  const [, query] = /^<[^?>]*\?([^>]*)>; rel="next"$/.exec(link ?? '') ?? [];
  return query === undefined ? undefined : (new URLSearchParams(query).get('after') ?? undefined);
}
