// SPDX-License-Identifier: Apache-2.0
// As much of DER (ITU-T X.690) as private key files need.
import { Reader, hex, need } from "../format/bytes.ts";

export const SEQUENCE = 0x30;
export const INTEGER = 0x02;
export const OCTETS = 0x04;
export const CONTEXT = 0xa0; // [0], constructed
export const CONTEXT_1 = 0x81; // [1], primitive
const OBJECT = 0x06;

// By the names that OpenSSL has for them, as the program says them.
const NAMES: Record<string, string> = {
  "2a864886f70d010503": "pbeWithMD5AndDES-CBC", "2a864886f70d01050a": "pbeWithSHA1AndDES-CBC",
  "2a864886f70d010c0101": "pbeWithSHA1And128BitRC4", "2a864886f70d010c0103": "pbeWithSHA1And3-KeyTripleDES-CBC",
  "2a864886f70d010c0106": "pbeWithSHA1And40BitRC2-CBC", "2a864886f70d0208": "hmacWithSHA224", "2a864886f70d0307": "des-ede3-cbc",
  "608648016503040116": "aes-192-cbc", "608648016503040106": "aes-128-gcm", "60864801650304012e": "aes-256-gcm",
  "2a831a8c9a6e01010c": "aria-256-cbc", "2b656f": "X448", "2b6571": "ED448",
};

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

/** One that is not negative; beyond 2^53 only its size is right. */
export function takeInteger(r: Reader): number {
  const bytes = take(r, INTEGER).data;
  need(bytes.length > 0 && bytes[0]! < 0x80, "a number that is none, or negative");
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

/** An object identifier, its encoding as hex digits. */
export function takeObject(r: Reader): string {
  return hex(take(r, OBJECT).data);
}

/** An object identifier in words, or its numbers with dots. */
export function objectName(object: string): string {
  if (NAMES[object]) return NAMES[object];
  const numbers: number[] = [];
  let number = 0;
  for (const pair of object.match(/../g) ?? []) {
    const byte = parseInt(pair, 16);
    number = number * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    numbers.push(number);
    number = 0;
  }
  const [first = 0, ...rest] = numbers;
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - root * 40, ...rest].join(".");
}
