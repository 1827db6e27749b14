import type { Page } from 'playwright-core';

/**
 * Letters of Khmer, Lao, Burmese and Thai that belong together (a consonant with its vowel signs, tones and the consonants below it) and
 * that a line's end has torn apart. The browser measures where each of them stands.
 */
export async function tornClustersOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const range = document.createRange();
    const isOnLines = (node: Text, from: number, to: number): boolean => {
      range.setStart(node, from);
      range.setEnd(node, to);
      const boxes = Array.from(range.getClientRects()).filter(({ width }) => width > 0);
      const tops = boxes.map(({ top }) => top);
      return Math.max(...tops) - Math.min(...tops) > Math.max(0, ...boxes.map(({ height }) => height)) / 2;
    };
    const segmenter = new Intl.Segmenter(document.documentElement.lang, { granularity: 'grapheme' });
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const torn: string[] = [];
    for (let node = texts.nextNode() as Text | null; node !== null; node = texts.nextNode() as Text | null) {
      if (!/[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]/.test(node.data) || !isOnLines(node, 0, node.length)) continue;
      let from = 0;
      for (const { index, segment } of segmenter.segment(node.data)) {
        // What stacks the next consonant below this one (Khmer coeng, Burmese virama) ends no cluster.
        if (/[\u17d2\u1039]$/.test(segment)) continue;
        const to = index + segment.length;
        if (isOnLines(node, from, to)) torn.push(node.data.slice(from, to));
        from = to;
      }
    }
    return torn.slice(0, 5);
  });
}
