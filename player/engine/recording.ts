// SPDX-License-Identifier: Apache-2.0
// Where access units come from: a file at the server, read by ranges, or a live stream; demultiplexed by Mediabunny.
import {
  CustomSource, EncodedPacketSink, Input, MATROSKA, MP4, MPEG_TS, QTFF, ReadableStreamSource,
  type EncodedPacket, type InputVideoTrack, type Source as Bytes,
} from "mediabunny";
import type { Codec } from "../format/units.ts";
import type { Source } from "../protocol.ts";

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
async function readRange(source: Source, start: number, end: number, signal: AbortSignal): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  for (let at = start; at < end; ) {
    const response = await request(source, { headers: { Range: `bytes=${at}-${end - 1}` }, signal });
    const part = new Uint8Array(await response.arrayBuffer());
    if (part.length === 0 || part.length > end - at) throw new RecordingProblem("The file is shorter than it was.");
    bytes.set(part, at - start);
    at += part.length;
  }
  return bytes;
}

function fileBytes(source: Source, signal: AbortSignal): Bytes {
  return new CustomSource({
    getSize: async () => Number((await request(source, { method: "HEAD", signal })).headers.get("Content-Length")),
    read: (start, end) => readRange(source, start, end, signal),
    maxCacheSize: CACHE_BYTES,
    prefetchProfile: "network",
    handleUnhandledError: () => undefined,
  });
}

async function liveBytes(source: Source, signal: AbortSignal): Promise<Bytes> {
  const response = await request(source, { signal });
  return new ReadableStreamSource(response.body!, { maxCacheSize: CACHE_BYTES, handleUnhandledError: () => undefined });
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

export class Recording {
  readonly sink: EncodedPacketSink;

  private constructor(
    private readonly input: Input,
    private readonly abort: AbortController,
    readonly track: InputVideoTrack,
    readonly codec: Codec,
    readonly config: VideoDecoderConfig,
    readonly duration: number,
    readonly origin: number, // seconds; what a picture's time counts from
  ) {
    this.sink = new EncodedPacketSink(track);
  }

  /** RecordingProblem says what is wrong. */
  static async open(source: Source): Promise<Recording> {
    const abort = new AbortController();
    const bytes = source.live ? await liveBytes(source, abort.signal) : fileBytes(source, abort.signal);
    const input = new Input({ source: bytes, formats: [MP4, QTFF, MATROSKA, MPEG_TS] });
    try {
      return await Recording.read(input, abort, source.live);
    } catch (error) {
      abort.abort();
      if (error instanceof RecordingProblem) throw error;
      throw new RecordingProblem(`This file cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  private static async read(input: Input, abort: AbortController, live: boolean): Promise<Recording> {
    const track = await input.getPrimaryVideoTrack();
    if (!track) throw new RecordingProblem("There is no video in this file.");
    const name = await track.getCodec();
    const codec = name === "avc" ? "h264" : name === "hevc" ? "h265" : null;
    const config = await track.getDecoderConfig();
    if (!codec || !config) throw new RecordingProblem("This file is neither H.264 nor H.265.");
    // What software decoded is handed out as it is; H.265 is decoded by hardware or not at all.
    const hardwareAcceleration = codec === "h264" ? "prefer-software" : "no-preference";
    const colorSpace = colorsOf(config.colorSpace, config.codedHeight ?? 0);
    const whole = { ...config, colorSpace, hardwareAcceleration } satisfies VideoDecoderConfig;
    if (!(await VideoDecoder.isConfigSupported(whole)).supported)
      throw new RecordingProblem(
        codec === "h265" ? "This browser does not decode H.265. Others may, or `bauta recover` does."
                         : "This browser does not decode this kind of H.264.");
    const origin = live ? 0 : await track.getFirstTimestamp();
    const duration = live ? 0 : (await track.computeDuration()) - origin;
    return new Recording(input, abort, track, codec, whole, duration, origin);
  }

  get sizeBytes(): number {
    return sizeBytesOf(this.codec, this.config);
  }

  /** Where decoding begins for a picture at `time`: the random access point before it. */
  async keyPacket(time: number): Promise<EncodedPacket | null> {
    return (await this.sink.getKeyPacket(this.origin + time)) ?? this.sink.getFirstKeyPacket();
  }

  /** The timestamp of the picture that is shown at `time`, in microseconds; null before the first. */
  async timestampAt(time: number): Promise<number | null> {
    const packet = await this.sink.getPacket(this.origin + time, { metadataOnly: true });
    return packet && packet.microsecondTimestamp;
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
