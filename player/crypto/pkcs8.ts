// SPDX-License-Identifier: Apache-2.0
// PKCS#8, version 1 and 2 (RFC 5958, 2: PrivateKeyInfo, OneAsymmetricKey), of X25519 (RFC 8410).
import { Reader, concat, need } from "../format/bytes.ts";
import { CONTEXT, CONTEXT_1, SEQUENCE, follows, objectName, take, takeInteger, takeObject, takeOctets } from "./der.ts";
import { KeyProblem } from "./key_problem.ts";

type Bytes = Uint8Array<ArrayBuffer>;

export interface Pkcs8 {
  type: string; // the object identifier, in hex
  bytes: Uint8Array;
  publicBytes: Uint8Array | null; // what version 2 may attach
}

const X25519 = "2b656e";
const ED25519 = "2b6570";
const TYPES: Record<string, string> = { "2a864886f70d010101": "RSA", "2a8648ce3d0201": "EC", [ED25519]: "Ed25519" };
// Version 1 with nothing attached, up to the 32 raw bytes: what every WebCrypto takes.
const HEAD = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20);

export function readPkcs8(der: Uint8Array): Pkcs8 {
  const r = new Reader(der);
  const whole = take(r, SEQUENCE);
  need(takeInteger(whole) <= 1, "a later version");
  const type = takeObject(take(whole, SEQUENCE));
  const bytes = takeOctets(whole);
  if (follows(whole, CONTEXT)) take(whole, CONTEXT);
  let publicBytes: Uint8Array | null = null;
  if (follows(whole, CONTEXT_1)) {
    const bits = take(whole, CONTEXT_1);
    need(bits.u8() === 0, "bits left over");
    publicBytes = bits.take(bits.left);
  }
  whole.end();
  r.end();
  return { type, bytes, publicBytes };
}

/** The key alone, as WebCrypto imports it. KeyProblem: it is of another type, and of which. */
export function bareX25519({ type, bytes }: Pkcs8): Bytes {
  if (type === ED25519) throw new KeyProblem("This key is for signing. What opens a recording is a recipient's key.");
  const name = TYPES[type] ?? objectName(type);
  if (type !== X25519) throw new KeyProblem(`This is a key of type ${name}. What opens a recording is X25519.`);
  const r = new Reader(bytes);
  const raw = takeOctets(r); // CurvePrivateKey
  r.end();
  need(raw.length === 32, "another length than 32 bytes");
  return concat(HEAD, raw);
}
