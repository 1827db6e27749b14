import { Buffer } from 'node:buffer';

import { jsonParser } from 'stream-json/parser.js';
import type { Token } from 'stream-json/parser.js';

/** What a JSON document consists of, in its order. A handler answers false to hear no more. */
export interface JsonHandler {
  readonly open: (array: boolean) => boolean;
  readonly close: (array: boolean) => boolean;
  readonly key: (text: string) => boolean;
  readonly scalar: (value: string | number | boolean | null) => boolean;
}

export interface JsonEvents {
  /** False once nothing more will be read: the handler said so, or this is no JSON. */
  readonly push: (bytes: Uint8Array) => boolean;
  readonly end: () => boolean;
  readonly malformed: boolean;
}

/** Longer texts are cut a little beyond this, so that whoever checks the length sees that it was exceeded. */
const textMax = 64 * 1024;

/**
 * Turns bytes into JSON events by stream-json's tokenizer, with texts in bounded memory.
 *
 * The tokenizer gives up all tokens of a piece when it meets an error in it. It is therefore fed pieces that end at a
 * closing brace: every object that was complete before the error is heard of, wherever the blocks were cut. Of lists
 * and scalars after the last brace that cannot be said.
 */
export function openJsonEvents(handler: JsonHandler): JsonEvents {
  const tokenize = jsonParser({ packValues: false, streamValues: true });
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let text = '';
  let malformed = false;
  let open = true;

  function read(token: Token): boolean {
    switch (token.name) {
      case 'startObject':
        return handler.open(false);
      case 'startArray':
        return handler.open(true);
      case 'endObject':
        return handler.close(false);
      case 'endArray':
        return handler.close(true);
      case 'startKey':
      case 'startString':
      case 'startNumber':
        text = '';
        return true;
      case 'stringChunk':
      case 'numberChunk':
        if (text.length <= textMax) text += token.value;
        return true;
      case 'endKey':
        return handler.key(text);
      case 'endString':
        return handler.scalar(text);
      case 'endNumber':
        return handler.scalar(Number(text));
      case 'nullValue':
      case 'trueValue':
      case 'falseValue':
        return handler.scalar(token.value);
      default:
        return true;
    }
  }

  function tokensOf(piece: string): readonly Token[] {
    try {
      const many = tokenize(piece);
      return typeof many === 'object' && 'values' in many ? many.values : [];
    } catch {
      malformed = true;
      open = false;
      return [];
    }
  }

  function feed(json: string): boolean {
    for (let from = 0; open && from < json.length;) {
      const brace = json.indexOf('}', from);
      const to = brace < 0 ? json.length : brace + 1;
      open = tokensOf(json.slice(from, to)).every(read) && open;
      from = to;
    }
    return open;
  }

  return {
    get malformed() {
      return malformed;
    },
    push: (bytes) =>
      open && feed(decoder.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), { stream: true })),
    // The space settles a number at the very end, which might have gone on.
    end: () => open && feed(`${decoder.decode()} `),
  };
}
