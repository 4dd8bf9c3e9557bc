// SPDX-License-Identifier: Apache-2.0
// The statement of a grant: who may see whom, when, and why; docs/grants.md.
import { Reader, need } from "../format/bytes.ts";

export const ALL_CLASSES = 0b1110; // bit 1 face, 2 head, 3 body
const MAX_STREAMS = 64;
const MAX_TARGETS = 64;
const MAX_SPANS = 65536;

/** Epochs, both inclusive. */
export interface EpochSpan {
  first: number;
  last: number;
}

export interface GrantedStream {
  id: Uint8Array; // 16 bytes
  objectCodec: number;
  spans: EpochSpan[];
}

export interface Statement {
  id: Uint8Array; // 16 bytes
  holder: Uint8Array; // raw X25519 public key
  issuedMs: number;
  expiresMs: number; // 0: never
  sinceMs: number; // in the file that it was made for; for people
  untilMs: number;
  classes: number; // a set of bits
  reason: string;
  case: string;
  targets: number[]; // empty: everybody
  streams: GrantedStream[];
}

function takeText(r: Reader): string {
  const size = r.vlq();
  need(size <= 1024, "a text that is too long");
  const bytes = r.take(size);
  need(bytes.every((byte) => byte >= 0x20 && byte !== 0x7f), "a text of more than one line");
  return new TextDecoder().decode(bytes);
}

function takeTargets(r: Reader): number[] {
  const n = r.vlq();
  need(n <= MAX_TARGETS, "too many people");
  const targets = Array.from({ length: n }, () => r.vlq());
  need(targets.every((target, i) => i === 0 || target > targets[i - 1]!), "people out of order");
  return targets;
}

function takeSpans(r: Reader): EpochSpan[] {
  const n = r.vlq();
  need(n > 0 && n <= MAX_SPANS, "no time, or too many stretches of it");
  const spans = Array.from({ length: n }, () => ({ first: r.u32(), last: r.u32() }));
  need(spans.every(({ first, last }, i) => last >= first && (i === 0 || first > spans[i - 1]!.last + 1)),
    "times out of order");
  return spans;
}

function takeStreams(r: Reader): GrantedStream[] {
  const n = r.vlq();
  need(n > 0 && n <= MAX_STREAMS, "no stream, or too many");
  const streams = Array.from({ length: n }, () => ({ id: r.take(16), objectCodec: r.u8(), spans: takeSpans(r) }));
  need(streams.reduce((sum, stream) => sum + stream.spans.length, 0) <= MAX_SPANS, "too many stretches of time");
  return streams;
}

export function parseStatement(bytes: Uint8Array): Statement {
  const r = new Reader(bytes);
  const statement = {
    id: r.take(16), holder: r.take(32), issuedMs: r.u64(), expiresMs: r.u64(), sinceMs: r.u64(), untilMs: r.u64(),
    classes: r.u8(), reason: takeText(r), case: takeText(r), targets: takeTargets(r), streams: takeStreams(r),
  };
  need(statement.classes !== 0 && (statement.classes & ~ALL_CLASSES) === 0, "unknown classes");
  r.end();
  return statement;
}
