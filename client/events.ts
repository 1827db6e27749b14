/** One event as it was sent. */
export interface SentEvent {
  /** Of this event or, if it has none of its own, of the last before it that had one; '' if there was none. */
  readonly id: string;
  /** `message` unless it says another. */
  readonly event: string;
  readonly data: string;
}

/** Reads text/event-stream by the WHATWG's rules, in pieces of any size. What is incomplete at the end is no event. */
export interface EventReader {
  /** The events that this piece completes, as they are read. Throws EventTooLarge behind those that are not. */
  push(piece: Uint8Array): Iterable<SentEvent>;
  /** What to resume from, behind the event that was read last: it may move without an event. */
  lastEventId(): string;
  /** How long to wait before coming again, once the server has said so. */
  retryMs(): number | undefined;
}

export class EventTooLarge extends Error {
  override name = 'EventTooLarge';
}

const usualLengthMax = 4 * 1024 * 1024;

/** `lengthMax`: of an event's data, or of one line, in UTF-16 units. */
export function openEventReader(lastEventId = '', lengthMax = usualLengthMax): EventReader {
  // By the rules bytes that are no UTF-8 are replaced, and one mark at the very beginning is dropped: by us, since a decoder
  // that is given the mark in pieces drops the next one too.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let isBeginning = true;
  let rest = '';
  /** A CR ended the piece before: a LF that follows belongs to it. */
  let endedInCr = false;
  let retryMs: number | undefined;
  let event = '';
  let data: string[] = [];
  let length = 0;
  let id = lastEventId;

  const end = (): SentEvent | undefined => {
    lastEventId = id;
    const ended = data.length > 0 ? { id, event: event === '' ? 'message' : event, data: data.join('\n') } : undefined;
    event = '';
    data = [];
    length = 0;
    return ended;
  };
  const field = (name: string, value: string): void => {
    if (name === 'event') event = value;
    else if (name === 'data') {
      data.push(value);
      length += value.length + 1;
      if (length > lengthMax + 1) throw new EventTooLarge('an event is too large');
    } else if (name === 'id') {
      if (!value.includes('\0')) id = value;
    } else if (name === 'retry' && /^[0-9]{1,9}$/.test(value)) retryMs = Number(value);
  };
  const line = (text: string): SentEvent | undefined => {
    if (text === '') return end();
    const colon = text.indexOf(':');
    if (colon === -1) field(text, '');
    else if (colon > 0) field(text.slice(0, colon), text.slice(text[colon + 1] === ' ' ? colon + 2 : colon + 1));
    return undefined;
  };
  return {
    *push(piece) {
      let text = decoder.decode(piece, { stream: true });
      if (text === '') return;
      if (isBeginning && text.startsWith('\uFEFF')) text = text.slice(1);
      isBeginning = false;
      if (endedInCr && text.startsWith('\n')) text = text.slice(1);
      endedInCr = text.endsWith('\r');
      // Only what is new is searched: a line in a thousand pieces is not searched a thousand times.
      const ends = /\r\n|\r|\n/g;
      let from = 0;
      for (let match = ends.exec(text); match !== null; match = ends.exec(text)) {
        const whole = rest + text.slice(from, match.index);
        rest = '';
        from = ends.lastIndex;
        const event = line(whole);
        if (event !== undefined) yield event;
      }
      rest += text.slice(from);
      if (rest.length > lengthMax + 64) throw new EventTooLarge('a line is too long');
    },
    lastEventId: () => lastEventId,
    retryMs: () => retryMs,
  };
}
