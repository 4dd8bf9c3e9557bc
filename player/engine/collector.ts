// SPDX-License-Identifier: Apache-2.0
// What access units say: the messages in them, and which stream a picture belongs to.
import { sha256 } from "../crypto/hash.ts";
import { concat, equal, u32 } from "../format/bytes.ts";
import {
  MESSAGE_PICTURE, MESSAGE_STREAM, isMessage, parsePictureMessage, parseStreamMessage, tryParse,
  type PictureMessage, type StreamMessage,
} from "../format/messages.ts";
import {
  isClosedEntry, isOfPicture, isSei, isSkippedLeading, isSlice, messagesOf, unitsOfByteStream, unitsOfSample, type Codec,
} from "../format/units.ts";

const MAX_STREAMS = 64;
const MAX_EARLY = 64; // units that wait for their picture

/** One access unit, its picture shown at `timestamp` (microseconds). */
export interface Collected {
  timestamp: number;
  message: PictureMessage | null;
  unreadable: boolean; // there was a message, which could not be read
  stream: StreamMessage | null;
  utcMs: number; // by the stream's word; 0: not told
  changed: Promise<boolean>; // its slices are not those that were protected
  isClosedEntry: boolean; // nothing after it builds on what was before
  isSkippedLeading: boolean; // it cannot be decoded where decoding began at the random access point that it leads
}

interface Read {
  message: PictureMessage | null;
  unreadable: boolean;
  streams: StreamMessage[];
}

function hashed(slices: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return concat(...slices.flatMap((slice) => [u32(slice.length), slice]));
}

async function slicesHash(slices: Uint8Array[]): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", hashed(slices))).subarray(0, 16);
}

export class Collector {
  private readonly streams = new Map<string, StreamMessage>(); // by tag, the one met last at the end
  private early: Uint8Array[] = []; // SEI that came without a picture
  private readonly began = new Map<string, number>(); // microseconds: when the epoch of a tag began

  /** `sizeBytes`: of the sizes before units; 0: a byte stream. */
  constructor(private readonly codec: Codec, private readonly sizeBytes: number) {}

  /** Streams met so far. */
  get met(): StreamMessage[] {
    return [...this.streams.values()];
  }

  /** Null: it is no picture. What it says counts with the next one, to which SEI before a slice belongs. */
  collect(sample: Uint8Array, timestamp: number): Collected | null {
    const own = this.sizeBytes ? unitsOfSample(sample, this.sizeBytes) : unitsOfByteStream(sample);
    const units = [...this.early, ...own];
    const isIn = (test: (unit: Uint8Array, codec: Codec) => boolean) => own.some((unit) => test(unit, this.codec));
    const isPicture = isIn(isOfPicture);
    this.early = isPicture ? [] : units.filter((unit) => isSei(unit, this.codec)).slice(-MAX_EARLY);
    if (!isPicture) return null;
    const slices = own.filter((unit) => isSlice(unit, this.codec));
    const { message, unreadable, streams } = this.read(units, slices);
    this.meetAll(streams, message, timestamp);
    const stream = message ? (this.streams.get(message.tag) ?? null) : null;
    const changed = message ? slicesHash(slices).then((hash) => !equal(hash, message.slicesHash)) : Promise.resolve(false);
    return {
      timestamp, message, unreadable: unreadable && !message, stream, utcMs: this.timeOf(stream, timestamp), changed,
      isClosedEntry: isIn(isClosedEntry), isSkippedLeading: isIn(isSkippedLeading),
    };
  }

  /** The picture message is the first that names these slices, since tools repeat others'; if none does, the first. */
  private read(units: Uint8Array[], slices: Uint8Array[]): Read {
    const pictures: PictureMessage[] = [];
    const streams: StreamMessage[] = [];
    let unreadable = false;
    for (const unit of units.filter((u) => isSei(u, this.codec)))
      for (const bytes of messagesOf(unit, this.codec)) {
        const stream = isMessage(bytes, MESSAGE_STREAM) ? tryParse(parseStreamMessage, bytes) : null;
        if (stream) streams.push(stream);
        if (bytes[0] !== MESSAGE_PICTURE) continue;
        const picture = isMessage(bytes, MESSAGE_PICTURE) ? tryParse(parsePictureMessage, bytes) : null;
        if (picture) pictures.push(picture);
        else unreadable = true;
      }
    const hash = pictures.length > 1 ? sha256(hashed(slices)).subarray(0, 16) : null;
    const named = hash && pictures.find(({ slicesHash }) => equal(slicesHash, hash));
    return { message: named ?? pictures[0] ?? null, unreadable, streams };
  }

  /** Of several, the one of the picture's own epoch is met last: it counts. What only says it again counts for nothing. */
  private meetAll(streams: StreamMessage[], message: PictureMessage | null, timestamp: number): void {
    const isOwn = (stream: StreamMessage) => !message || (stream.tag === message.tag && stream.epoch === message.epoch);
    const own = streams.find(isOwn);
    for (const stream of streams) if (!isOwn(stream) && !this.streams.has(stream.tag)) this.meet(stream, timestamp);
    if (own && this.streams.get(own.tag)?.epoch !== own.epoch) this.meet(own, timestamp);
  }

  private meet(stream: StreamMessage, timestamp: number): void {
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
