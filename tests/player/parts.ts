// SPDX-License-Identifier: Apache-2.0
// What the tests that run in the browser share: results, bytes, keys, and access units of byte streams.
import { readPrivateKey, type PrivateKey } from "../../player/crypto/private_key.ts";
import { Collector, type Collected } from "../../player/engine/collector.ts";
import { Refused, concat } from "../../player/format/bytes.ts";
import { beginsPicture, isSlice, unitsOfByteStream, type Codec } from "../../player/format/units.ts";

export type Bytes = Uint8Array<ArrayBuffer>;
export type Json = any; // eslint-disable-line

export interface Result {
  name: string;
  good: boolean;
  detail: string;
}

export const results: Result[] = [];

export function check(name: string, good: boolean, detail = ""): void {
  results.push({ name, good, detail });
}

export function bytes(digits: string): Bytes {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export function base64(text: string): Bytes {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}

export function pem(label: string, body: Bytes): string {
  return `-----BEGIN ${label}-----\n${btoa(String.fromCharCode(...body))}\n-----END ${label}-----\n`;
}

/** A raw X25519 key as a key file holds it (RFC 8410). */
export function keyFile(raw: string): Promise<PrivateKey> {
  return readPrivateKey(pem("PRIVATE KEY", bytes("302e020100300506032b656e04220420" + raw)), "");
}

export function refuses(work: () => unknown): boolean {
  try {
    work();
    return false;
  } catch (error) {
    return error instanceof Refused;
  }
}

/** Access units, timed by what the messages say of their order. */
export function accessUnits(stream: Bytes, codec: Codec): { sample: Bytes; collected: Collected }[] {
  const samples: Uint8Array[][] = [];
  let hasSlice = true;
  for (const unit of unitsOfByteStream(stream)) {
    const slice = isSlice(unit, codec);
    if (hasSlice && (!slice || beginsPicture(unit, codec))) {
      samples.push([]);
      hasSlice = false;
    }
    samples.at(-1)!.push(Uint8Array.of(0, 0, 0, 1), unit);
    hasSlice ||= slice;
  }
  const collector = new Collector(codec, 0);
  const units = samples.map((parts) => concat(...parts)).map((sample) => ({ sample, collected: collector.collect(sample, 0)! }));
  for (const { collected } of units) collected.timestamp = (collected.message!.epoch * 10_000 + collected.message!.number) * 1000;
  return units;
}
