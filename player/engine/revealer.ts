// SPDX-License-Identifier: Apache-2.0
// From access units in decoding order to pictures in presentation order, recovered as far as the keyring goes.
import type { Keyring } from "../crypto/keyring.ts";
import { hex } from "../format/bytes.ts";
import { CLASS_NAMES } from "../format/messages.ts";
import type { ClassName, Picture, Shown } from "../protocol.ts";
import type { Collected, Collector } from "./collector.ts";
import { compose, isInside } from "./compose.ts";
import { Opener, type Opening } from "./opener.ts";
import { readPlanes, toFrame, type Planes } from "./yuv.ts";

/** A picture that is ready; who takes it closes the frame. */
export interface Revealed {
  frame: VideoFrame;
  planes: Planes | null; // as recovered; null where nothing was
  picture: Picture;
}

export interface RevealerSettings {
  config: VideoDecoderConfig;
  collector: Collector;
  keyring: Keyring | null;
  shown: Shown;
  from: number; // microseconds: earlier pictures are decoded and not composed
  timeOf: (timestamp: number) => number; // seconds from the start
  ready: (revealed: Revealed) => void;
  /** A picture has left, also one that is not shown. */
  progressed: () => void;
  /** The decoder failed; nothing more will come. */
  failed: (problem: string) => void;
}

export class Revealer {
  private readonly decoder: VideoDecoder;
  private readonly opener: Opener;
  private collected: Collected[] = []; // whose pictures were not shown yet, in presentation order
  private fed: Promise<void> = Promise.resolve();
  private composed: Promise<void> = Promise.resolve();
  private closed = false;
  /** Pictures that were given and are not ready. */
  inFlight = 0;

  constructor(private readonly s: RevealerSettings) {
    this.opener = new Opener(s.keyring, s.shown);
    this.decoder = new VideoDecoder({
      output: (frame) => this.take(frame),
      error: (error) => this.s.failed(error.message),
    });
    this.decoder.configure(s.config);
  }

  allow(keyring: Keyring | null, shown: Shown): void {
    this.opener.allow(keyring, shown);
  }

  get decodeQueueSize(): number {
    return this.decoder.decodeQueueSize;
  }

  /** Takes one access unit, in decoding order. */
  push(sample: Uint8Array, chunk: EncodedVideoChunk): Collected {
    const collected = this.s.collector.collect(sample, chunk.timestamp);
    let at = this.collected.length;
    while (at > 0 && this.collected[at - 1]!.timestamp > collected.timestamp) at--;
    this.collected.splice(at, 0, collected);
    this.opener.prepare(collected);
    this.inFlight++;
    this.decoder.decode(chunk);
    return collected;
  }

  /** All that was pushed is ready, or will never be. */
  async drain(): Promise<void> {
    if (this.decoder.state === "configured") await this.decoder.flush().catch(() => undefined);
    await this.fed;
    await this.composed;
    this.inFlight = 0;
  }

  close(): void {
    this.closed = true;
    if (this.decoder.state !== "closed") this.decoder.close();
    this.opener.close();
  }

  /** A masked picture, decoded. Those before it that did not come are lost, their objects' units are not. */
  private take(frame: VideoFrame): void {
    this.fed = this.fed.then(async () => {
      const due = this.collected.filter((c) => c.timestamp <= frame.timestamp);
      this.collected = this.collected.slice(due.length);
      const size = { width: frame.visibleRect!.width, height: frame.visibleRect!.height };
      let openings: Opening[] = [];
      for (const collected of due) openings = this.closed ? [] : await this.opener.feed(collected, size);
      const own = due.at(-1);
      const its = own?.timestamp === frame.timestamp ? own : null;
      this.composed = this.composed.then(() => this.finish(frame, its, its ? openings : [], due.length));
    });
  }

  private async finish(frame: VideoFrame, own: Collected | null, openings: Opening[], n: number): Promise<void> {
    this.inFlight -= n;
    this.s.progressed();
    if (this.closed || frame.timestamp < this.s.from) {
      frame.close();
      return;
    }
    const whole = { width: frame.visibleRect!.width, height: frame.visibleRect!.height };
    const fits = openings.every(({ region }) => isInside(region.rect, whole));
    const windows = await Promise.all(openings.map(({ part }) => part));
    for (const opening of openings) if (!this.opener.wants(opening.region)) opening.state = "hidden"; // by now
    const parts = openings.map(({ region, state }, i) => ({
      rect: region.rect, window: fits && state === "shown" ? windows[i]! : null,
    }));
    const masked = parts.some(({ window }) => window) ? await readPlanes(frame) : null;
    if (!masked) for (const opening of openings) if (opening.state === "shown") opening.state = "broken";
    const picture = await describe(this.s.timeOf(frame.timestamp), own, fits ? openings : []);
    if (own && !fits) picture.recovery = "unreadable";
    const planes = masked && compose(masked, parts);
    const shown = planes ? toFrame(planes, frame) : frame;
    if (planes) frame.close();
    if (this.closed) shown.close();
    else this.s.ready({ frame: shown, planes, picture });
  }
}

async function describe(time: number, own: Collected | null, openings: Opening[]): Promise<Picture> {
  const { message, stream } = own ?? {};
  const recovery = (await own?.changed) ? "changed" : message ? "good" : own?.unreadable ? "unreadable" : "absent";
  return {
    time,
    stream: stream ? hex(stream.id) : "",
    epoch: message?.epoch ?? 0,
    number: message?.number ?? 0,
    utcMs: own?.utcMs ?? 0,
    regions: openings.map(({ region, state }) => ({
      target: region.target, class: CLASS_NAMES[region.class] as ClassName, state, ...region.rect,
    })),
    recovery,
  };
}
