// SPDX-License-Identifier: Apache-2.0
// Stream and picture messages; docs/format.md, sections 3 and 4.
import { Reader, Refused, hex, need } from "./bytes.ts";
import type { Codec } from "./units.ts";

export const MESSAGE_STREAM = 1;
export const MESSAGE_PICTURE = 2;
const VERSION = 1;
const VERSION_WIDE = 129; // of picture messages with more regions than version 1 has room for (section 18)
const MAX_NARROW = 128;
const MAX_WIDE = 512;
export const CLASS_NAMES = ["", "face", "head", "body"] as const;

export interface Envelope {
  keyId: Uint8Array; // 8 bytes
  enc: Uint8Array; // 32
  sealed: Uint8Array; // 48
}

export interface StreamMessage {
  id: Uint8Array; // 16 bytes
  tag: string; // its first four, hex
  epoch: number;
  utcMs: number;
  objectCodec: number;
  envelopes: Envelope[];
}

/** In luma pixels; even. */
export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Region {
  target: number;
  class: number; // 1 face, 2 head, 3 body
  rect: Rect;
  capsule: Uint8Array;
}

export interface PictureMessage {
  tag: string;
  epoch: number;
  number: number;
  slicesHash: Uint8Array; // 16 bytes
  head: Uint8Array; // what capsules authenticate
  regions: Region[];
}

export function objectCodec(number: number): Codec | undefined {
  return ([undefined, "h264", "h265"] as const)[number];
}

/** Whether it is of this type and of a version that is known; others are passed over (section 14). */
export function isMessage(message: Uint8Array, type: number): boolean {
  return message[0] === type && (message[1] === VERSION || (type === MESSAGE_PICTURE && message[1] === VERSION_WIDE));
}

export function parseStreamMessage(message: Uint8Array): StreamMessage {
  const r = new Reader(message);
  r.take(2);
  const id = r.take(16);
  const stream = { id, tag: hex(id.subarray(0, 4)), epoch: r.u32(), utcMs: r.u64(), objectCodec: r.u8() };
  need(r.u8() === 0, "unknown flags of a stream message");
  const n = r.u8();
  need(n <= 32, "too many envelopes");
  const envelopes: Envelope[] = [];
  for (let i = 0; i < n; i++) envelopes.push({ keyId: r.take(8), enc: r.take(32), sealed: r.take(48) });
  r.end();
  return { ...stream, envelopes };
}

function parseRegion(r: Reader): Region {
  const target = r.vlq();
  const kind = r.u8();
  const [x, y, width, height] = [2 * r.vlq(), 2 * r.vlq(), 2 * r.vlq(), 2 * r.vlq()];
  need((kind & 3) > 0 && width > 0 && height > 0, "an empty region, or one without a class");
  need(x + width <= 16384 && y + height <= 16384, "a region that is too large");
  return { target, class: kind & 3, rect: { x, y, width, height }, capsule: new Uint8Array() };
}

export function parsePictureMessage(message: Uint8Array): PictureMessage {
  const r = new Reader(message);
  r.take(2);
  const picture = { tag: hex(r.take(4)), epoch: r.u32(), slicesHash: r.take(16), number: r.vlq() };
  const n = r.vlq();
  const wide = message[1] === VERSION_WIDE;
  need(wide ? n > MAX_NARROW && n <= MAX_WIDE : n <= MAX_NARROW, "a number of regions that this version has no room for");
  const regions = Array.from({ length: n }, () => parseRegion(r));
  need(new Set(regions.map(laneOf)).size === n, "a target named twice");
  const head = message.subarray(0, r.at);
  for (const region of regions) region.capsule = r.take(r.vlq());
  r.end();
  return { ...picture, head, regions };
}

/** Target and class as one number. */
export function laneOf(region: { target: number; class: number }): number {
  return region.target * 4 + region.class;
}

/** The message, or null if it must count as lost. */
export function tryParse<T>(parse: (message: Uint8Array) => T, message: Uint8Array): T | null {
  try {
    return parse(message);
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}
