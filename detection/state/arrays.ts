/** State that can be written down and read back exactly: its flat arrays, always the same ones in the same order. */
export interface Kept {
  arrays(): readonly Flat[];
}

export type Flat =
  | Float64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>;

export const bytesOf = (arrays: readonly Flat[]): number => arrays.reduce((sum, array) => sum + array.byteLength, 0);

/** All arrays as one run of bytes, those of zeros at the end of each left out. */
export function pack(arrays: readonly Flat[]): Uint8Array<ArrayBuffer> {
  const views = arrays.map(viewOf);
  const used = views.map(usedOf);
  const packed = new Uint8Array(used.reduce((sum, length) => sum + length + 8, 0));
  const lengths = new DataView(packed.buffer);
  let at = 0;
  for (const [index, view] of views.entries()) {
    const length = used[index]!;
    lengths.setFloat64(at, length, true);
    packed.set(view.subarray(0, length), at + 8);
    at += 8 + length;
  }
  return packed;
}

/** Puts back what `pack` wrote; false, with everything empty, if it is of other arrays. */
export function unpack(packed: Uint8Array, arrays: readonly Flat[]): boolean {
  const lengths = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  let at = 0;
  for (const array of arrays) {
    const view = viewOf(array);
    view.fill(0);
    const length = at + 8 <= packed.byteLength ? lengths.getFloat64(at, true) : Number.NaN;
    if (!(length >= 0 && length <= view.byteLength && at + 8 + length <= packed.byteLength)) return clear(arrays);
    view.set(packed.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return at === packed.byteLength || clear(arrays);
}

function clear(arrays: readonly Flat[]): false {
  for (const array of arrays) viewOf(array).fill(0);
  return false;
}

const viewOf = (array: Flat): Uint8Array<ArrayBuffer> =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** Up to the last byte that is not zero. */
function usedOf(view: Uint8Array<ArrayBuffer>): number {
  const words = new Uint32Array(view.buffer, view.byteOffset, view.byteLength >> 2);
  let word = words.length;
  if (view.byteLength === word * 4) {
    while (word > 0 && words[word - 1] === 0) word -= 1;
    return word * 4;
  }
  let length = view.byteLength;
  while (length > 0 && view[length - 1] === 0) length -= 1;
  return length;
}
