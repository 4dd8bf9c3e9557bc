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
  timer: ReturnType<typeof setTimeout>;
  resolve: (planes: Planes | null) => void;
}

/** Decodes units in presentation order. A unit that does not follow on, or fails, gives null until the next key. */
export class ObjectDecoder {
  private decoder: VideoDecoder | null = null;
  private configured = "";
  private size: Size = { width: 0, height: 0 };
  private run: { epoch: number; key: number; next: number } | null = null;
  private readonly waiting = new Map<number, Waiting>();
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
    if (record.key && !this.configure(codecString(record.unit, this.codec))) return Promise.resolve(null);
    if (!this.decoder || !this.run) return Promise.resolve(null);
    this.run.next++;
    const timestamp = this.timestamp++;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.fail(), PATIENCE_MS);
      this.waiting.set(timestamp, { size: this.size, timer, resolve });
      try {
        this.decoder!.decode(new EncodedVideoChunk({ type: record.key ? "key" : "delta", timestamp, data: record.unit }));
      } catch {
        this.fail();
      }
    });
  }

  /** A unit is missing, or was not opened. */
  interrupt(): void {
    this.run = null;
  }

  close(): void {
    this.fail();
  }

  private configure(codec: string): boolean {
    if (this.decoder && this.configured === codec) return true;
    this.fail(true);
    this.configured = codec;
    this.decoder = new VideoDecoder({ output: (frame) => void this.take(frame), error: () => this.fail() });
    try {
      this.decoder.configure({ codec, optimizeForLatency: true, hardwareAcceleration: accelerationOf(this.codec) });
      return true;
    } catch {
      this.fail();
      return false;
    }
  }

  private async take(frame: VideoFrame): Promise<void> {
    const waiting = this.waiting.get(frame.timestamp);
    this.waiting.delete(frame.timestamp);
    clearTimeout(waiting?.timer);
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

  /** The decoder is given up; what is waiting stays masked. */
  private fail(keepRun = false): void {
    if (this.decoder && this.decoder.state !== "closed") this.decoder.close();
    this.decoder = null;
    this.configured = "";
    if (!keepRun) this.run = null;
    for (const { timer, resolve } of this.waiting.values()) {
      clearTimeout(timer);
      resolve(null);
    }
    this.waiting.clear();
  }
}
