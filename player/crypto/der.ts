// SPDX-License-Identifier: Apache-2.0
// As much of DER (ITU-T X.690) as private key files need.
import { Reader, hex, need } from "../format/bytes.ts";

export const SEQUENCE = 0x30;
export const INTEGER = 0x02;
export const OCTETS = 0x04;
const OBJECT = 0x06;

/** What the next element holds, which must be of this tag. */
export function take(r: Reader, tag: number): Reader {
  need(r.u8() === tag, "another element than expected");
  let size = r.u8();
  if (size & 0x80) {
    let n = size & 0x7f;
    need(n > 0 && n <= 3, "a size that is not DER's");
    for (size = 0; n > 0; n--) size = size * 256 + r.u8();
  }
  return new Reader(r.take(size));
}

/** Whether another element of this tag follows. */
export function follows(r: Reader, tag: number): boolean {
  return r.left > 0 && r.data[r.at] === tag;
}

export function takeOctets(r: Reader): Uint8Array {
  return take(r, OCTETS).data;
}

export function takeInteger(r: Reader): number {
  const bytes = take(r, INTEGER).data;
  need(bytes.length <= 5, "a number that is too large");
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

/** An object identifier, its encoding as hex digits. */
export function takeObject(r: Reader): string {
  return hex(take(r, OBJECT).data);
}
