// SPDX-License-Identifier: Apache-2.0
// Where access units come from: a file at the server, read by ranges, or a live stream; demultiplexed by Mediabunny.
import {
  CustomSource, EncodedPacketSink, Input, MATROSKA, MP4, MPEG_TS, QTFF, ReadableStreamSource,
  type EncodedPacket, type InputVideoTrack, type Source as Bytes,
} from "mediabunny";
import type { Codec } from "../format/units.ts";
import type { Source } from "../protocol.ts";
import { accelerationOf } from "./yuv.ts";

const CACHE_BYTES = 32 << 20;

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
}

async function openFile(source: Source, signal: AbortSignal): Promise<File> {
  const { headers } = await request(source, { method: "HEAD", signal });
  const etag = headers.get("ETag") ?? "";
  const bytes = new CustomSource({
    getSize: () => Number(headers.get("Content-Length")),
    read: (start, end) => readRange(source, start, end, etag, signal),
    maxCacheSize: CACHE_BYTES,
    prefetchProfile: "network",
    handleUnhandledError: () => undefined,
  });
  return { bytes, etag };
}

async function openLive(source: Source, signal: AbortSignal): Promise<File> {
  const response = await request(source, { signal });
  const bytes = new ReadableStreamSource(response.body!, { maxCacheSize: CACHE_BYTES, handleUnhandledError: () => undefined });
  return { bytes, etag: "" };
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
    readonly rotation: number, // degrees, that the container wants and nobody applies
    track: InputVideoTrack,
  ) {
    this.sink = new EncodedPacketSink(track);
  }

  /** RecordingProblem says what is wrong. */
  static async open(source: Source): Promise<Recording> {
    const abort = new AbortController();
    const { bytes, etag } = await (source.live ? openLive : openFile)(source, abort.signal);
    const input = new Input({ source: bytes, formats: [MP4, QTFF, MATROSKA, MPEG_TS] });
    try {
      return await Recording.read(input, abort, source.live, etag);
    } catch (error) {
      abort.abort();
      if (error instanceof RecordingProblem) throw error;
      throw new RecordingProblem("This is no video that can be read here: MP4, MKV and MPEG-TS are, with H.264 or H.265.");
    }
  }

  private static async read(input: Input, abort: AbortController, live: boolean, etag: string): Promise<Recording> {
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
    const origin = live ? 0 : await track.getFirstTimestamp();
    const duration = live ? 0 : (await track.computeDuration()) - origin;
    const rotation = await track.getRotation();
    return new Recording(input, abort, etag, codec, whole, duration, origin, rotation, track);
  }

  get sizeBytes(): number {
    return sizeBytesOf(this.codec, this.config);
  }

  /** Where decoding begins for the picture that is shown at `us`: the random access point before it. */
  async keyPacket(us: number): Promise<EncodedPacket | null> {
    return (await this.sink.getKeyPacket(secondsAt(us))) ?? this.sink.getFirstKeyPacket();
  }

  /** The timestamp of the picture that is shown at `us`; null before the first. Both in microseconds. */
  async timestampAt(us: number): Promise<number | null> {
    const packet = await this.sink.getPacket(secondsAt(us), { metadataOnly: true });
    return packet && packet.microsecondTimestamp;
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
