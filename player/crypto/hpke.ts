// SPDX-License-Identifier: Apache-2.0
// HPKE (RFC 9180), base mode, single shot, with the suite of docs/format.md, section 6.
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import { ascii } from "../format/bytes.ts";
import type { PrivateKey } from "./private_key.ts";

const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes256Gcm(),
});

function buffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

/** What was sealed to `key`; null if it does not open. */
export async function open(
  key: PrivateKey, info: string, aad: Uint8Array, enc: Uint8Array, sealed: Uint8Array,
): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    const context = await suite.createRecipientContext({
      recipientKey: key.pair, enc: buffer(enc), info: buffer(ascii(info)),
    });
    return new Uint8Array(await context.open(buffer(sealed), buffer(aad)));
  } catch {
    return null;
  }
}
