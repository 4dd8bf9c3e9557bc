// SPDX-License-Identifier: Apache-2.0
// One object stream: the small video of one target and class; docs/format.md, section 9.
import { hex } from "../format/bytes.ts";
import type { ObjectRecord, Size } from "../format/record.ts";
import { unitsOfByteStream, type Codec } from "../format/units.ts";
import { accelerationOf, readPlanes, type Planes } from "./yuv.ts";

/** How WebCodecs calls what an object's key unit begins with; by its parameter sets. */
export function codecString(unit: Uint8Array, codec: Codec): string {
  if (codec === "h265") return "hev1.1.6.L93.B0"; // decoders read the real one from the stream
  const sets = unitsOfByteStream(unit).find((u) => (u[0]! & 31) === 7);
  return `avc1.${sets ? hex(sets.subarray(1, 4)) : ""}`;
}

/** A decoder that keeps silent for so long has failed: nothing may wait for it without an end. */
const PATIENCE_MS = 10_000;

interface Waiting {
  size: Size;
  resolve: (planes: Planes | null) => void;
}

/** A browser's decoder, configured once, and what it owes. It fails once: what it owes is null then. */
class Decoding {
  private readonly decoder: VideoDecoder;
  private readonly waiting = new Map<number, Waiting>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Throws if the browser refuses it. */
  constructor(config: VideoDecoderConfig, private readonly failed: () => void) {
    this.decoder = new VideoDecoder({ output: (frame) => void this.take(frame), error: () => this.fail() });
    this.decoder.configure(config);
  }

  decode(chunk: EncodedVideoChunk, size: Size): Promise<Planes | null> {
    return new Promise((resolve) => {
      if (this.waiting.size === 0) this.expect();
      this.waiting.set(chunk.timestamp, { size, resolve });
      try {
        this.decoder.decode(chunk);
      } catch {
        this.fail();
      }
    });
  }

  /** Gets no more units, gives all that it owes, and closes. */
  retire(): void {
    const close = () => this.close();
    if (this.decoder.state === "configured") void this.decoder.flush().then(close, close);
    else this.close();
  }

  close(): void {
    clearTimeout(this.timer);
    if (this.decoder.state !== "closed") this.decoder.close();
    for (const { resolve } of this.waiting.values()) resolve(null);
    this.waiting.clear();
  }

  private fail(): void {
    this.close();
    this.failed();
  }

  private expect(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.fail(), PATIENCE_MS);
  }

  private async take(frame: VideoFrame): Promise<void> {
    const waiting = this.waiting.get(frame.timestamp);
    this.waiting.delete(frame.timestamp);
    clearTimeout(this.timer);
    if (this.waiting.size > 0) this.expect();
    let planes: Planes | null = null;
    try {
      planes = await readPlanes(frame);
    } catch {
      planes = null;
    }
    frame.close();
    const fits = planes && waiting && planes.width === waiting.size.width && planes.height === waiting.size.height;
    waiting?.resolve(fits ? planes : null);
  }
}

/** Decodes units in presentation order. A unit that does not follow on, or fails, gives null until the next key. */
export class ObjectDecoder {
  private decoding: Decoding | null = null;
  private configured = "";
  private size: Size = { width: 0, height: 0 };
  private run: { epoch: number; key: number; next: number } | null = null;
  private timestamp = 0;

  constructor(private readonly codec: Codec) {}

  /** The window's size; before any key unit there is none. */
  get windowSize(): Size | null {
    return this.run && this.size;
  }

  /** Whether no key unit has come yet. */
  get isNew(): boolean {
    return this.size.width === 0;
  }

  /** Whether a unit of this picture continues its run, or begins one. Must be asked before decode(). */
  follows(record: ObjectRecord, epoch: number, picture: number): boolean {
    if (record.size) {
      this.run = { epoch, key: picture, next: 0 };
      this.size = record.size;
    }
    const run = this.run;
    if (run?.epoch === epoch && run.next === record.sequence && run.key + record.sequence === picture) return true;
    this.run = null;
    return false;
  }

  /** The window as decoded; null if it is not. */
  decode(record: ObjectRecord): Promise<Planes | null> {
    if (record.key) this.configure(codecString(record.unit, this.codec));
    if (!this.decoding || !this.run) return Promise.resolve(null);
    this.run.next++;
    const timestamp = this.timestamp++;
    const chunk = new EncodedVideoChunk({ type: record.key ? "key" : "delta", timestamp, data: record.unit });
    return this.decoding.decode(chunk, this.size);
  }

  /** A unit is missing, or was not opened. */
  interrupt(): void {
    this.run = null;
  }

  /** Takes no more units; those that it has are decoded still. */
  retire(): void {
    this.decoding?.retire();
    this.forget();
  }

  /** At once; what is waiting stays masked. */
  close(): void {
    this.decoding?.close();
    this.forget();
  }

  private forget(): void {
    this.decoding = null;
    this.configured = "";
    this.run = null;
  }

  /** A window that grows may need other parameters. What came before still decodes by its own: its pictures wait for it. */
  private configure(codec: string): void {
    if (this.decoding && this.configured === codec) return;
    const { run } = this;
    this.retire();
    const config = { codec, optimizeForLatency: true, hardwareAcceleration: accelerationOf(this.codec) };
    try {
      const decoding: Decoding = new Decoding(config, () => this.decoding === decoding && this.forget());
      this.decoding = decoding;
      this.configured = codec;
      this.run = run;
    } catch {
      this.interrupt(); // the browser has no such decoder
    }
  }
}
