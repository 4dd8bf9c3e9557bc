// SPDX-License-Identifier: Apache-2.0
// NAL units and SEI of H.264 and H.265; docs/format.md, sections 1 and 5.
import { Reader, Refused, equal } from "./bytes.ts";

export type Codec = "h264" | "h265";

const UUID = Uint8Array.of(0x7f, 0x24, 0x7e, 0xef, 0x1d, 0xcd, 0x41, 0x27, 0x97, 0x69, 0xee, 0x70, 0x67, 0xad, 0x09, 0x3e);

/** The units of a sample with sizes before them (ISO/IEC 14496-15). What is cut short ends the list. */
export function unitsOfSample(sample: Uint8Array, sizeBytes: number): Uint8Array[] {
  const units: Uint8Array[] = [];
  let at = 0;
  while (at + sizeBytes <= sample.length) {
    let size = 0;
    for (let i = 0; i < sizeBytes; i++) size = size * 256 + sample[at + i]!;
    at += sizeBytes;
    if (size > sample.length - at) break;
    if (size > 0) units.push(sample.subarray(at, at + size));
    at += size;
  }
  return units;
}

/** The next start code, 00 00 01, at `from` or later; the end if there is none. */
function startCode(data: Uint8Array, from: number): number {
  for (let at = data.indexOf(1, from + 2); at >= 0; at = data.indexOf(1, at + 1))
    if (data[at - 1] === 0 && data[at - 2] === 0) return at - 2;
  return data.length;
}

/** The units of a byte stream (Annex B), without start codes and the zero bytes that follow a unit. */
export function unitsOfByteStream(data: Uint8Array): Uint8Array[] {
  const units: Uint8Array[] = [];
  let at = startCode(data, 0);
  while (at < data.length) {
    const next = startCode(data, at + 3);
    let end = next;
    while (end > at + 3 && data[end - 1] === 0) end--;
    if (end > at + 3) units.push(data.subarray(at + 3, end));
    at = next;
  }
  return units;
}

function kindOf(unit: Uint8Array, codec: Codec): number {
  return codec === "h264" ? unit[0]! & 31 : (unit[0]! >> 1) & 63;
}

export function isSlice(unit: Uint8Array, codec: Codec): boolean {
  const kind = kindOf(unit, codec);
  return codec === "h264" ? (kind >= 1 && kind <= 5) || kind === 14 || kind === 20 : kind < 32;
}

/** Whether it is a slice of the picture itself: not a prefix unit, nor one of another layer or view. */
export function isOfPicture(unit: Uint8Array, codec: Codec): boolean {
  const kind = kindOf(unit, codec);
  if (codec === "h264") return kind >= 1 && kind <= 5;
  const layer = ((unit[0]! & 1) << 5) | (unit[1]! >> 3);
  return layer === 0 && (kind <= 9 || (kind >= 16 && kind <= 21)); // others are reserved
}

/** Whether decoding can begin at this slice, and nothing that follows builds on what was before: IDR. */
export function isClosedEntry(unit: Uint8Array, codec: Codec): boolean {
  const kind = kindOf(unit, codec);
  return codec === "h264" ? kind === 5 : kind === 19 || kind === 20;
}

/** Whether it is a slice of a picture that is skipped where decoding began at the CRA picture before it: RASL. */
export function isSkippedLeading(unit: Uint8Array, codec: Codec): boolean {
  const kind = kindOf(unit, codec);
  return codec === "h265" && (kind === 8 || kind === 9);
}

/** Whether a slice is the first of its picture: its first block is the picture's. */
export function beginsPicture(unit: Uint8Array, codec: Codec): boolean {
  return isSlice(unit, codec) && (unit[codec === "h264" ? 1 : 2]! & 0x80) !== 0;
}

export function isSei(unit: Uint8Array, codec: Codec): boolean {
  return kindOf(unit, codec) === (codec === "h264" ? 6 : 39);
}

function withoutEmulationPrevention(unit: Uint8Array): Uint8Array {
  const plain = new Uint8Array(unit.length);
  let size = 0;
  let zeros = 0;
  for (const byte of unit) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    plain[size++] = byte;
  }
  return plain.subarray(0, size);
}

function seiNumber(reader: Reader): number {
  let value = 0;
  let byte = 255;
  while (byte === 255) {
    byte = reader.u8();
    value += byte;
  }
  return value;
}

/** The messages of ours in an SEI unit; a broken unit has those before the fault. */
export function messagesOf(unit: Uint8Array, codec: Codec): Uint8Array[] {
  const messages: Uint8Array[] = [];
  const reader = new Reader(withoutEmulationPrevention(unit));
  try {
    reader.take(codec === "h264" ? 1 : 2);
    while (reader.left > 2) {
      const kind = seiNumber(reader);
      const body = reader.take(seiNumber(reader));
      if (kind === 5 && equal(body.subarray(0, 16), UUID)) messages.push(body.subarray(16));
    }
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
  return messages;
}
