// SPDX-License-Identifier: Apache-2.0
// Finds the movie box of an MP4, from whose front on it is read; ISO/IEC 14496-12, 8.2.1.
import { Reader } from "../format/bytes.ts";

export type Read = (start: number, end: number) => Promise<Uint8Array>;

const MOST_BYTES = 64 << 20;
const MOST_BOXES = 64; // before it

/** Its content; null if there is none where it should be. */
export async function readMovie(read: Read, size: number): Promise<Uint8Array | null> {
  for (let at = 0, n = 0; at + 16 <= size && n < MOST_BOXES; n++) {
    const r = new Reader(await read(at, at + 16));
    let length = r.u32();
    const type = String.fromCharCode(...r.take(4));
    const long = length === 1;
    if (long) length = r.u64();
    if (length === 0) length = size - at;
    const head = long ? 16 : 8;
    if (length < head || at + length > size || type === "moof") return null;
    if (type === "moov") return length > MOST_BYTES ? null : read(at + head, at + length);
    at += length;
  }
  return null;
}
