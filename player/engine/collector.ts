// SPDX-License-Identifier: Apache-2.0
// What access units say: the messages in them, and which stream a picture belongs to.
import { concat, equal, u32 } from "../format/bytes.ts";
import {
  MESSAGE_PICTURE, MESSAGE_STREAM, isMessage, parsePictureMessage, parseStreamMessage, tryParse,
  type PictureMessage, type StreamMessage,
} from "../format/messages.ts";
import { isSei, isSlice, messagesOf, unitsOfByteStream, unitsOfSample, type Codec } from "../format/units.ts";

const MAX_STREAMS = 64;

/** One access unit, its picture shown at `timestamp` (microseconds). */
export interface Collected {
  timestamp: number;
  message: PictureMessage | null;
  unreadable: boolean; // there was a message, which could not be read
  stream: StreamMessage | null;
  utcMs: number; // by the stream's word; 0: not told
  changed: Promise<boolean>; // its slices are not those that were protected
}

async function slicesHash(slices: Uint8Array[]): Promise<Uint8Array> {
  const bytes = concat(...slices.flatMap((slice) => [u32(slice.length), slice]));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).subarray(0, 16);
}

export class Collector {
  private readonly streams = new Map<string, StreamMessage>(); // by tag, the one met last at the end
  private readonly began = new Map<string, number>(); // microseconds: when the epoch of a tag began

  /** `sizeBytes`: of the sizes before units; 0: a byte stream. */
  constructor(private readonly codec: Codec, private readonly sizeBytes: number) {}

  /** Streams met so far. */
  get met(): StreamMessage[] {
    return [...this.streams.values()];
  }

  collect(sample: Uint8Array, timestamp: number): Collected {
    const units = this.sizeBytes ? unitsOfSample(sample, this.sizeBytes) : unitsOfByteStream(sample);
    let message: PictureMessage | null = null;
    let unreadable = false;
    for (const unit of units.filter((u) => isSei(u, this.codec)))
      for (const bytes of messagesOf(unit, this.codec)) {
        if (isMessage(bytes, MESSAGE_STREAM)) this.meet(tryParse(parseStreamMessage, bytes), timestamp);
        if (bytes[0] === MESSAGE_PICTURE && !message) {
          message = isMessage(bytes, MESSAGE_PICTURE) ? tryParse(parsePictureMessage, bytes) : null;
          unreadable ||= !message;
        }
      }
    const stream = message ? (this.streams.get(message.tag) ?? null) : null;
    const slices = units.filter((unit) => isSlice(unit, this.codec));
    const changed = message ? slicesHash(slices).then((hash) => !equal(hash, message!.slicesHash)) : Promise.resolve(false);
    return { timestamp, message, unreadable: unreadable && !message, stream, utcMs: this.timeOf(stream, timestamp), changed };
  }

  private meet(stream: StreamMessage | null, timestamp: number): void {
    if (!stream) return;
    this.streams.delete(stream.tag);
    this.streams.set(stream.tag, stream);
    this.began.set(stream.tag, timestamp);
    if (this.streams.size <= MAX_STREAMS) return;
    const oldest = this.streams.keys().next().value!;
    this.streams.delete(oldest);
    this.began.delete(oldest);
  }

  private timeOf(stream: StreamMessage | null, timestamp: number): number {
    if (!stream?.utcMs) return 0;
    return stream.utcMs + (timestamp - this.began.get(stream.tag)!) / 1000;
  }
}
