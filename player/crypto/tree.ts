// SPDX-License-Identifier: Apache-2.0
// The key tree: which key opens a capsule; docs/format.md, section 6. HKDF-Expand (RFC 5869, 2.3) of 32 bytes with
// SHA-256 is one HMAC, of the information and the byte 1; WebCrypto's own HKDF would extract first.
import { ascii, concat, u32 } from "../format/bytes.ts";

export type TreeKey = Uint8Array<ArrayBuffer>; // 32 bytes

async function child(parent: TreeKey, label: string, number: Uint8Array): Promise<TreeKey> {
  const key = await crypto.subtle.importKey("raw", parent, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, concat(ascii(label), number, Uint8Array.of(1))));
}

/** The child at `depth` + 1 of a node at `depth`, on the way to an epoch. */
function nodeBelow(node: TreeKey, depth: number, epoch: number): Promise<TreeKey> {
  return child(node, "bauta v1 node", Uint8Array.of((epoch >>> (31 - depth)) & 1));
}

/** An epoch's key, from a node above it, or itself (depth 32). */
export async function epochKey(node: TreeKey, depth: number, epoch: number): Promise<TreeKey> {
  let key = node;
  for (let d = depth; d < 32; d++) key = await nodeBelow(key, d, epoch);
  return key;
}

export function classKey(ofEpoch: TreeKey, class_: number): Promise<TreeKey> {
  return child(ofEpoch, "bauta v1 class", Uint8Array.of(class_));
}

export function targetKey(ofClass: TreeKey, target: number): Promise<TreeKey> {
  return child(ofClass, "bauta v1 target", u32(target));
}
