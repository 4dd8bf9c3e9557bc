// SPDX-License-Identifier: Apache-2.0
// Which stretch of an MP4's track is shown: its edit list; ISO/IEC 14496-12, 8.6.6.
import { Reader, Refused } from "./bytes.ts";

/** Seconds of the presentation. */
export interface Shown {
  from: number; // after empty edits
  until: number; // Infinity: to the end
  parts: number; // edits that show something
}

interface Box {
  type: string;
  body: Uint8Array;
}

/** Boxes one after another; what is cut short ends the list. */
function* boxesOf(bytes: Uint8Array): Generator<Box> {
  const r = new Reader(bytes);
  while (r.left >= 8) {
    let size = r.u32() - 8;
    const type = String.fromCharCode(...r.take(4));
    if (size === 1 - 8 && r.left >= 8) size = r.u64() - 16;
    if (size < 0 || size > r.left) return;
    yield { type, body: r.take(size) };
  }
}

function find(bytes: Uint8Array, ...path: string[]): Uint8Array | null {
  let at: Uint8Array | null = bytes;
  for (const type of path) {
    at = [...boxesOf(at)].find((box) => box.type === type)?.body ?? null;
    if (!at) return null;
  }
  return at;
}

/** The time scale of a movie header: it stands after two times. */
function timeScaleOf(header: Uint8Array): number {
  const r = new Reader(header);
  r.take(r.u8() === 1 ? 19 : 11);
  return r.u32();
}

function trackId(header: Uint8Array): number {
  const r = new Reader(header);
  r.take(r.u8() === 1 ? 19 : 11);
  return r.u32();
}

function editsOf(list: Uint8Array, timeScale: number): Shown {
  const r = new Reader(list);
  const wide = r.u8() === 1;
  r.take(3);
  const shown: Shown = { from: 0, until: Infinity, parts: 0 };
  for (let n = r.u32(); n > 0; n--) {
    const lasts = (wide ? r.u64() : r.u32()) / timeScale;
    const isEmpty = r.take(wide ? 8 : 4).every((byte) => byte === 255); // media time -1
    r.take(4);
    if (isEmpty && shown.parts === 0) shown.from += lasts;
    else if (!isEmpty && shown.parts++ === 0) shown.until = lasts > 0 ? shown.from + lasts : Infinity;
  }
  return shown;
}

/** Of the movie box's content; null where there is no edit list that can be read. */
export function readEditList(movie: Uint8Array, track: number): Shown | null {
  try {
    const header = find(movie, "mvhd");
    for (const { type, body } of boxesOf(movie)) {
      const own = type === "trak" ? find(body, "tkhd") : null;
      if (!header || !own || trackId(own) !== track) continue;
      const list = find(body, "edts", "elst");
      return list && editsOf(list, timeScaleOf(header));
    }
    return null;
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}
