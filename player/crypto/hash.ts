// SPDX-License-Identifier: Apache-2.0
// SHA-256 at once; WebCrypto's own comes later.
import { sha256 as hash } from "@noble/hashes/sha2.js";

export function sha256(bytes: Uint8Array): Uint8Array {
  return hash(bytes);
}
