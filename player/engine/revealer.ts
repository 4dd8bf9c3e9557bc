// SPDX-License-Identifier: Apache-2.0
// From access units in decoding order to pictures in presentation order, recovered as far as the keyring goes.
import type { Keyring } from "../crypto/keyring.ts";
import { hex } from "../format/bytes.ts";
import type { Size } from "../format/record.ts";
import type { Picture, Shown } from "../protocol.ts";
import type { Collected } from "./collector.ts";
import { compose, isInside } from "./compose.ts";
import { Opener, laneOfRegion, type Opening } from "./opener.ts";
import { turnedRect, turnedSize, type Turn } from "./turn.ts";
import { readPlanes, sizeOf, toFrame, type Planes } from "./yuv.ts";

/** A picture that is ready; who takes it closes it. */
export interface Revealed {
  frame: VideoFrame;
  masked: VideoFrame; // the same as frame where nothing was recovered
  planes: Planes | null; // as recovered; null where nothing was
  picture: Picture;
}

export function close(revealed: Revealed | null): void {
  revealed?.frame.close();
  revealed?.masked.close();
}

/** The same picture with everybody masked; takes the one that it is made of. */
export function mask({ frame, masked, picture }: Revealed): Revealed {
  if (frame !== masked) frame.close();
  const regions = picture.regions.map((region) => ({ ...region, state: "hidden" as const }));
  return { frame: masked, masked, planes: null, picture: { ...picture, regions } };
}

export interface RevealerSettings {
  config: VideoDecoderConfig;
  turn: Turn;
  keyring: Keyring | null;
  shown: Shown;
  from: number; // microseconds: earlier pictures are decoded and not composed
  until: number; // the same of these and later ones
  timeOf: (timestamp: number) => number; // seconds from the start
  ready: (revealed: Revealed) => void;
  /** A picture has left, also one that is not shown. */
  progressed: () => void;
  /** A decoded picture's samples cannot be had: what belongs into it stays masked. */
  closedToUs: () => void;
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
  private rights = 0; // how often they were changed
  private lastFed = -Infinity;
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
    this.rights++;
    this.opener.allow(keyring, shown);
  }

  get decodeQueueSize(): number {
    return this.decoder.decodeQueueSize;
  }

  /** Takes one picture, in decoding order. Without a chunk: one that cannot be decoded. */
  push(collected: Collected, chunk: EncodedVideoChunk | null): void {
    let at = this.collected.length;
    while (at > 0 && this.collected[at - 1]!.timestamp > collected.timestamp) at--;
    this.collected.splice(at, 0, collected);
    this.opener.prepare(collected);
    this.inFlight++;
    if (!chunk || this.decoder.state !== "configured") return; // it failed, and has said so
    try {
      this.decoder.decode(chunk);
    } catch (error) {
      this.s.failed(error instanceof Error ? error.message : String(error));
    }
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
      const size = sizeOf(frame);
      let openings: Opening[] = [];
      for (const collected of due) {
        if (this.closed || collected.timestamp <= this.lastFed) continue; // it leads a random access point that was entered at
        openings = await this.opener.feed(collected, size);
        this.lastFed = collected.timestamp;
      }
      const own = due.at(-1)?.timestamp === frame.timestamp ? due.at(-1)! : null;
      this.composed = this.composed.then(() => this.finish(frame, own, own ? openings : [], due.length));
    });
  }

  private async finish(frame: VideoFrame, own: Collected | null, openings: Opening[], n: number): Promise<void> {
    this.inFlight -= n;
    this.s.progressed();
    if (this.closed || frame.timestamp < this.s.from || frame.timestamp >= this.s.until) {
      frame.close();
      return;
    }
    const { rights } = this;
    const planes = await this.compose(frame, openings);
    const size = sizeOf(frame);
    const { turn } = this.s;
    const told = await describe(own, openings, size, turn);
    const picture = { ...told, ...turnedSize(size, turn), time: this.s.timeOf(frame.timestamp) };
    if (own && !fits(openings, size)) Object.assign(picture, { recovery: "unreadable", regions: [] });
    const revealed = { frame: planes ? toFrame(planes, frame) : frame, masked: frame, planes, picture };
    if (this.closed) close(revealed);
    else this.s.ready(rights === this.rights ? revealed : mask(revealed)); // somebody was switched off meanwhile
  }

  /** The recovered samples; null if nothing is recovered. Says of each opening what became of it. */
  private async compose(frame: VideoFrame, openings: Opening[]): Promise<Planes | null> {
    if (!fits(openings, sizeOf(frame))) return null;
    const windows = await Promise.all(openings.map(({ part }) => part));
    for (const opening of openings) if (!this.opener.wants(opening.region)) opening.state = "hidden"; // by now
    const parts = openings.map(({ region, state }, i) => ({
      rect: region.rect, window: state === "shown" ? windows[i]! : null,
    }));
    if (!parts.some(({ window }) => window)) return null;
    const masked = await readPlanes(frame);
    if (masked) return compose(masked, parts);
    for (const opening of openings) if (opening.state === "shown") opening.state = "broken";
    this.s.closedToUs();
    return null;
  }
}

function fits(openings: Opening[], size: Size): boolean {
  return openings.every(({ region }) => isInside(region.rect, size));
}

type Told = Omit<Picture, "time" | "width" | "height">;

async function describe(own: Collected | null, openings: Opening[], size: Size, turn: Turn): Promise<Told> {
  const { message, stream } = own ?? {};
  const recovery = (await own?.changed) ? "changed" : message ? "good" : own?.unreadable ? "unreadable" : "absent";
  return {
    stream: stream ? hex(stream.id) : "",
    epoch: message?.epoch ?? 0,
    number: message?.number ?? 0,
    utcMs: own?.utcMs ?? 0,
    regions: openings.map(({ region, state }) => ({
      ...laneOfRegion(region), state, ...turnedRect(region.rect, size, turn),
    })),
    recovery,
  };
}
