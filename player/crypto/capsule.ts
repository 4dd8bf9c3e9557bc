// SPDX-License-Identifier: Apache-2.0
// Capsules; docs/format.md, section 7.
import { concat, u32 } from "../format/bytes.ts";

/** The record in a capsule of a picture, whose message's head it authenticates; null: its seal is broken. */
export async function openCapsule(
  key: CryptoKey, streamId: Uint8Array, picture: { head: Uint8Array; number: number }, capsule: Uint8Array,
): Promise<Uint8Array | null> {
  const iv = concat(new Uint8Array(8), u32(picture.number));
  const additionalData = concat(streamId, picture.head);
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData }, key, new Uint8Array(capsule)));
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}
