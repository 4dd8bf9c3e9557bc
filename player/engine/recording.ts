// SPDX-License-Identifier: Apache-2.0
// Where access units come from: a file at the server, read by ranges, or a live stream; demultiplexed by Mediabunny.
import {
  CustomSource, EncodedPacketSink, Input, MATROSKA, MP4, MPEG_TS, QTFF, ReadableStreamSource,
  type EncodedPacket, type InputVideoTrack, type Source as Bytes,
} from "mediabunny";
import { readEditList, type Shown } from "../format/edit_list.ts";
import { isClosedEntry, unitsOfByteStream, unitsOfSample, type Codec } from "../format/units.ts";
import type { Source } from "../protocol.ts";
import { readMovie, type Read } from "./movie.ts";
import type { Turn } from "./turn.ts";
import { accelerationOf } from "./yuv.ts";

const CACHE_BYTES = 32 << 20;
const REORDERED_S = 1; // no picture comes so long after one that is shown later
const MOST_BACK_S = 60; // to a random access point of H.264 that every decoder takes

/** A sentence for the user. */
export class RecordingProblem extends Error {}

async function request(source: Source, init: RequestInit & { headers?: Record<string, string> }): Promise<Response> {
  const headers = { ...init.headers, Authorization: `Bearer ${source.token}` };
  let response: Response;
  try {
    response = await fetch(source.url, { ...init, headers, cache: "no-store" });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new RecordingProblem("The server does not answer any more.");
  }
  if (response.ok) return response;
  const answer = (await response.json().catch(() => null)) as { problem?: string } | null;
  throw new RecordingProblem(answer?.problem ?? `The server refuses the recording (${response.status}).`);
}

/** Bytes `start` to `end`; the server may give fewer at a time. */
async function readRange(source: Source, start: number, end: number, etag: string, signal: AbortSignal): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  for (let at = start; at < end; ) {
    const headers: Record<string, string> = { Range: `bytes=${at}-${end - 1}` };
    if (etag) headers["If-Match"] = etag; // the file that was verified, or none
    const response = await request(source, { headers, signal });
    const part = new Uint8Array(await response.arrayBuffer());
    if (part.length === 0 || part.length > end - at) throw new RecordingProblem("The file is shorter than it was.");
    bytes.set(part, at - start);
    at += part.length;
  }
  return bytes;
}

interface File {
  bytes: Bytes;
  etag: string; // which file it is, as long as nobody changes it
  size: number; // 0 when live
  read: Read;
}

async function openFile(source: Source, signal: AbortSignal): Promise<File> {
  const { headers } = await request(source, { method: "HEAD", signal });
  const etag = headers.get("ETag") ?? "";
  const size = Number(headers.get("Content-Length"));
  const read = (start: number, end: number) => readRange(source, start, end, etag, signal);
  const bytes = new CustomSource({
    getSize: () => size,
    read,
    maxCacheSize: CACHE_BYTES,
    prefetchProfile: "network",
    handleUnhandledError: () => undefined,
  });
  return { bytes, etag, size, read };
}

async function openLive(source: Source, signal: AbortSignal): Promise<File> {
  const response = await request(source, { signal });
  const bytes = new ReadableStreamSource(response.body!, { maxCacheSize: CACHE_BYTES, handleUnhandledError: () => undefined });
  return { bytes, etag: "", size: 0, read: () => Promise.reject(new RecordingProblem("A live stream is read once.")) };
}

function sizeBytesOf(codec: Codec, config: VideoDecoderConfig): number {
  if (!config.description) return 0; // a byte stream
  const d = config.description as ArrayBuffer | ArrayBufferView;
  const bytes = ArrayBuffer.isView(d) ? new Uint8Array(d.buffer, d.byteOffset, d.byteLength) : new Uint8Array(d);
  return (bytes[codec === "h264" ? 4 : 21]! & 3) + 1; // lengthSizeMinusOne, ISO/IEC 14496-15
}

/** Where a stream does not tell its colours, what players take them for: BT.601 up to 576 lines, BT.709 above. */
export function colorsOf(told: VideoColorSpaceInit | undefined, height: number): VideoColorSpaceInit {
  if (told?.matrix) return told;
  const usual = height > 576 ? "bt709" : "smpte170m";
  return { matrix: usual, primaries: usual, transfer: usual, fullRange: told?.fullRange ?? false };
}

/** Which stretch of the track an edit list shows, by Mediabunny's clock; pictures outside it are decoded only. */
async function shownOf(input: Input, track: InputVideoTrack, file: File): Promise<Shown | null> {
  const format = await input.getFormat();
  if ((format !== MP4 && format !== QTFF) || !file.size) return null;
  const movie = await readMovie(file.read, file.size);
  return (movie && readEditList(movie, track.id)) ?? { from: 0, until: Infinity, parts: 0 };
}

/** The time of the first picture that an edit list leaves to be shown; null if it hides none before it. */
async function firstShown(track: InputVideoTrack, from: number): Promise<number | null> {
  if ((await track.getFirstTimestamp()) >= from) return null;
  const sink = new EncodedPacketSink(track);
  const start = (await sink.getKeyPacket(from, { metadataOnly: true })) ?? undefined;
  let first = Infinity;
  for await (const { timestamp } of sink.packets(start, undefined, { metadataOnly: true })) {
    if (timestamp >= from) first = Math.min(first, timestamp);
    if (timestamp > first + REORDERED_S) break;
  }
  return first < Infinity ? first : null;
}

/** The time of what is shown or heard first: what a player calls 0, also where a picture that is hidden lasts beyond it. */
async function originOf(input: Input, track: InputVideoTrack, shown: Shown | null): Promise<number> {
  const first = shown && (await firstShown(track, shown.from));
  if (first !== null) return first;
  const times: number[] = [];
  for (const any of [track, ...(await input.getAudioTracks())]) times.push(await any.getFirstTimestamp());
  return shown ? Math.max(0, Math.min(...times)) : Math.min(...times);
}

/** Timestamps are cut to whole microseconds, packets' times are not: a picture's own is up to one later. */
function secondsAt(us: number): number {
  return (us + 1) / 1e6;
}

export class Recording {
  readonly sink: EncodedPacketSink;

  private constructor(
    private readonly input: Input,
    private readonly abort: AbortController,
    readonly etag: string, // which file it is; "" when live
    readonly codec: Codec,
    readonly config: VideoDecoderConfig,
    readonly duration: number, // seconds
    private readonly origin: number, // seconds; what a picture's time counts from
    readonly shown: Shown | null, // by an edit list; its own clock
    readonly turn: Turn,
    track: InputVideoTrack,
  ) {
    this.sink = new EncodedPacketSink(track);
  }

  /** RecordingProblem says what is wrong. */
  static async open(source: Source): Promise<Recording> {
    const abort = new AbortController();
    const file = await (source.live ? openLive : openFile)(source, abort.signal);
    const input = new Input({ source: file.bytes, formats: [MP4, QTFF, MATROSKA, MPEG_TS] });
    try {
      return await Recording.read(input, abort, source.live, file);
    } catch (error) {
      abort.abort();
      if (error instanceof RecordingProblem) throw error;
      throw new RecordingProblem("This is no video that can be read here: MP4, MKV and MPEG-TS are, with H.264 or H.265.");
    }
  }

  private static async read(input: Input, abort: AbortController, live: boolean, file: File): Promise<Recording> {
    const track = await input.getPrimaryVideoTrack();
    if (!track) throw new RecordingProblem("There is no video in this file.");
    const name = await track.getCodec();
    const codec = name === "avc" ? "h264" : name === "hevc" ? "h265" : null;
    const config = await track.getDecoderConfig();
    if (!codec || !config) throw new RecordingProblem("This file is neither H.264 nor H.265.");
    const colorSpace = colorsOf(config.colorSpace, config.codedHeight ?? 0);
    const whole: VideoDecoderConfig = { ...config, colorSpace, hardwareAcceleration: accelerationOf(codec) };
    if (!(await VideoDecoder.isConfigSupported(whole)).supported)
      throw new RecordingProblem(
        codec === "h265"
          ? "This browser does not decode H.265. Others may; any player shows it masked, and bauta recover opens it."
          : "This browser does not decode this kind of H.264.");
    const shown = live ? null : await shownOf(input, track, file);
    const origin = live ? 0 : await originOf(input, track, shown);
    const duration = live ? 0 : Math.min(await track.computeDuration(), shown?.until ?? Infinity) - origin;
    const turn = { degrees: await track.getRotation(), flip: await track.getFlip() };
    return new Recording(input, abort, file.etag, codec, whole, duration, origin, shown, turn, track);
  }

  get sizeBytes(): number {
    return sizeBytesOf(this.codec, this.config);
  }

  /** Where decoding begins for the picture that is shown at `us`: the random access point before it. */
  async keyPacket(us: number): Promise<EncodedPacket | null> {
    const key = (await this.sink.getKeyPacket(secondsAt(us))) ?? (await this.sink.getFirstKeyPacket());
    if (!key || this.codec === "h265") return key;
    // Of an open GOP's first picture browsers decode what refers to pictures before it, or fail.
    for (let at: EncodedPacket | null = key; at && key.timestamp - at.timestamp <= MOST_BACK_S; at = await this.keyBefore(at))
      if (this.unitsOf(at.data).some((unit) => isClosedEntry(unit, this.codec))) return at;
    return key;
  }

  private unitsOf(sample: Uint8Array): Uint8Array[] {
    return this.sizeBytes ? unitsOfSample(sample, this.sizeBytes) : unitsOfByteStream(sample);
  }

  private async keyBefore(key: EncodedPacket): Promise<EncodedPacket | null> {
    const before = await this.sink.getKeyPacket(secondsAt(key.microsecondTimestamp - 2));
    return before && before.timestamp < key.timestamp ? before : null;
  }

  /** The timestamps of the pictures that are shown if it begins at `us`: from one to before another, in microseconds. */
  async shownFrom(us: number): Promise<{ from: number; until: number }> {
    const until = this.shown ? Math.round(this.shown.until * 1e6) : Infinity;
    const at = Math.min(us, until - 1);
    const packet = await this.sink.getPacket(secondsAt(at), { metadataOnly: true });
    const from = packet ? packet.microsecondTimestamp : -Infinity;
    return { from: Math.max(from, this.shown ? Math.round(this.shown.from * 1e6) - 1 : -Infinity), until };
  }

  /** The timestamp for seconds from the start, in microseconds. */
  timestampOf(time: number): number {
    return Math.round((this.origin + time) * 1e6);
  }

  /** Seconds from the start. */
  timeOf(timestamp: number): number {
    return timestamp / 1e6 - this.origin;
  }

  close(): void {
    this.abort.abort();
    this.input.dispose();
  }
}
