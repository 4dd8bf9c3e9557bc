// SPDX-License-Identifier: Apache-2.0
// Records; docs/format.md, sections 8 and 13.
import { Reader, concat, need } from "./bytes.ts";
import type { Rect } from "./messages.ts";

const MAX_UNIT_BYTES = 8 << 20;
const START_CODE = Uint8Array.of(0, 0, 0, 1);

export interface Size {
  width: number;
  height: number;
}

export interface ObjectRecord {
  key: boolean;
  sequence: number;
  dx: number;
  dy: number;
  size: Size | null; // of the window, in key units only
  unit: Uint8Array<ArrayBuffer>; // one coded picture, Annex B
}

export function parseRecord(record: Uint8Array): ObjectRecord {
  const r = new Reader(record);
  const flags = r.u8();
  need(flags < 2, "unknown flags of a record");
  const key = flags === 1;
  const sequence = r.vlq();
  need(key === (sequence === 0), "a sequence that does not begin with its key unit");
  const [dx, dy] = [2 * r.vlq(), 2 * r.vlq()];
  const size = key ? { width: 2 * r.vlq(), height: 2 * r.vlq() } : null;
  need(!size || (size.width > 0 && size.height > 0), "a window without size");
  need(!size || (size.width <= 16384 && size.height <= 16384), "a window that is too large");
  need(r.left > 0 && r.left <= MAX_UNIT_BYTES, "a record without a unit, or with one that is too large");
  const parts: Uint8Array[] = [];
  while (r.left > 0) {
    const unitSize = r.vlq();
    need(unitSize > 0, "a NAL unit without bytes");
    parts.push(START_CODE, r.take(unitSize));
  }
  return { key, sequence, dx, dy, size, unit: concat(...parts) };
}

/** Where the window lies that belongs to a region; it must hold the region and lie in the picture. */
export function placeWindow(record: ObjectRecord, size: Size, region: Rect, picture: Size): Rect {
  const window = { x: region.x - record.dx, y: region.y - record.dy, ...size };
  need(window.x >= 0 && window.y >= 0, "a window that begins outside the picture");
  need(
    region.x + region.width <= window.x + size.width && region.y + region.height <= window.y + size.height,
    "a window that does not hold its region",
  );
  need(window.x + size.width <= picture.width && window.y + size.height <= picture.height,
    "a window that reaches out of the picture");
  return window;
}
