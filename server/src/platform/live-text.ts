import { writePositions } from './live-positions.ts';
import type { Place, Selection, TopicFeed } from './live-topic.ts';

/** Where one stream stands in one topic. */
export interface Following {
  // oxlint-disable-next-line typescript/no-explicit-any -- a stream tells topics of any items
  readonly feed: TopicFeed<any>;
  readonly place: Place;
}

/** How long a browser waits before it comes again. */
const retryMs = 2000;

export function idOf(followed: readonly Following[]): string {
  return writePositions(followed.map(({ feed, place }) => [feed.name, place.position]));
}

/** The beginning of a stream: where it begins, and what is the newest. */
export function openingText(followed: readonly Following[], newest: Readonly<Record<string, number>>): string {
  return `retry: ${retryMs}\n\nid: ${idOf(followed)}\nevent: hello\ndata: ${JSON.stringify({ at: newest })}\n\n`;
}

/**
 * A sign of life, as an event: of a comment a browser’s page would not hear. It carries what was passed over because it was not for the
 * viewer, so that nobody reads it again.
 */
export function beatText(followed: readonly Following[]): string {
  return `id: ${idOf(followed)}\nevent: beat\ndata: {}\n\n`;
}

/** What was selected of each topic, with the id of each message. Empty if nothing was. */
export function batchText(followed: readonly Following[], selected: readonly (Selection | undefined)[]): string {
  const positions = followed.map(({ feed, place }): [string, number] => [feed.name, place.position]);
  let text = '';
  selected.forEach((selection, index) => {
    if (selection === undefined) return;
    const position = positions[index]!;
    const before = idPart(positions.slice(0, index), 'before');
    const behind = idPart(positions.slice(index + 1), 'behind');
    const from = position[1];
    for (const { number, frame } of selection.told) {
      // In a storm the position moves with the word that something was skipped: who leaves before it, is told again.
      const at = selection.skipped > 0 ? from : Math.max(from, number);
      text += `id: ${before}${position[0]}=${at}${behind}\n${frame}`;
    }
    position[1] = selection.position;
    if (selection.skipped === 0) return;
    const more = JSON.stringify({ topic: position[0], skipped: selection.skipped });
    text += `id: ${writePositions(positions)}\nevent: more\ndata: ${more}\n\n`;
  });
  return text;
}

function idPart(positions: readonly (readonly [string, number])[], side: 'before' | 'behind'): string {
  if (positions.length === 0) return '';
  const part = writePositions(positions);
  return side === 'before' ? `${part},` : `,${part}`;
}
