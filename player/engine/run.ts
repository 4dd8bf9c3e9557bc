// SPDX-License-Identifier: Apache-2.0
// One stretch of decoding, from a random access point on: pictures in order, a bounded number of them ahead.
import type { EncodedPacket } from "mediabunny";
import type { Keyring } from "../crypto/keyring.ts";
import type { Shown } from "../protocol.ts";
import { Collector, type Collected } from "./collector.ts";
import type { Recording } from "./recording.ts";
import { Revealer, close, type Revealed } from "./revealer.ts";

const MAX_READY = 6; // pictures that wait to be shown
const MAX_IN_FLIGHT = 12; // and that are being decoded: more than any reordering

const UNREADABLE = "The samples of this recording cannot be read here (not 8 bits, or not 4:2:0): everybody stays masked.";

export interface RunSettings {
  recording: Recording;
  start: EncodedPacket;
  from: number; // microseconds: pictures that are shown
  until: number;
  keyring: Keyring | null;
  shown: Shown;
  collected: (collected: Collected) => void;
  /** Something is wrong, in a sentence; the run goes on where it can. */
  fault: (problem: string) => void;
}

export class Run {
  readonly collector: Collector;
  private revealer: Revealer | null = null;
  private failed: Revealer | null = null; // its decoder was; what it had decoded is still to come
  private entered: Collected | null = null; // where decoding began
  private readonly ready: Revealed[] = [];
  private ended = false;
  private stopped = false;
  private wake: (() => void)[] = [];
  private readonly complaints = new Set<string>();

  constructor(private readonly s: RunSettings) {
    this.collector = new Collector(s.recording.codec, s.recording.sizeBytes);
    void this.feed();
  }

  /** Nothing more will come. */
  get isOver(): boolean {
    return this.stopped || (this.ended && this.ready.length === 0);
  }

  /** The next picture, or null at the end. Who takes it closes it. */
  async next(): Promise<Revealed | null> {
    while (!this.ready.length && !this.ended && !this.stopped) await this.change();
    const picture = this.stopped ? null : (this.ready.shift() ?? null);
    this.changed();
    return picture;
  }

  /** Other rights, from now on: objects begin to be shown at their next key unit, and what waits to be shown goes. */
  allow(keyring: Keyring | null, shown: Shown): void {
    Object.assign(this.s, { keyring, shown });
    this.revealer?.allow(keyring, shown);
    for (const revealed of this.ready.splice(0)) close(revealed);
    this.changed();
  }

  stop(): void {
    this.stopped = true;
    this.revealer?.close();
    this.failed?.close();
    for (const revealed of this.ready.splice(0)) close(revealed);
    this.changed();
  }

  /** Each thing once. */
  private complain(problem: string): void {
    if (this.complaints.has(problem)) return;
    this.complaints.add(problem);
    this.s.fault(problem);
  }

  private change(): Promise<void> {
    return new Promise((resolve) => this.wake.push(resolve));
  }

  private changed(): void {
    for (const resolve of this.wake.splice(0)) resolve();
  }

  private newRevealer(): Revealer {
    return new Revealer({
      ...this.s, config: this.s.recording.config, turn: this.s.recording.turn,
      timeOf: (timestamp) => this.s.recording.timeOf(timestamp),
      ready: (revealed) => {
        if (this.stopped) close(revealed);
        else this.ready.push(revealed);
        this.changed();
      },
      progressed: () => this.changed(),
      closedToUs: () => this.complain(UNREADABLE),
      failed: (problem) => {
        if (!this.revealer) return;
        this.failed = this.revealer;
        this.revealer = null; // the next random access point has a new one
        this.complain(`Pictures could not be decoded; it goes on with the next that can (${problem})`);
        this.changed();
      },
    });
  }

  /** Shown before the picture that decoding began at, and building on what is not there. */
  private leads(collected: Collected): boolean {
    const { entered } = this;
    if (!entered || entered.isClosedEntry || collected.timestamp >= entered.timestamp) return false;
    return this.s.recording.codec === "h264" || collected.isSkippedLeading;
  }

  /** Begins to decode at this picture. */
  private async enter(collected: Collected): Promise<void> {
    await this.failed?.drain();
    this.failed?.close();
    this.failed = null;
    this.entered = collected;
    if (!this.stopped) this.revealer = this.newRevealer();
  }

  private async drain(): Promise<void> {
    await this.failed?.drain();
    await this.revealer?.drain();
    await this.failed?.drain(); // it may have failed only now
  }

  private isFull(): boolean {
    const { inFlight = 0, decodeQueueSize = 0 } = this.revealer ?? {};
    return this.ready.length + inFlight >= MAX_READY + MAX_IN_FLIGHT || decodeQueueSize >= MAX_IN_FLIGHT;
  }

  private async feed(): Promise<void> {
    try {
      for await (const packet of this.s.recording.sink.packets(this.s.start)) {
        while (this.isFull() && !this.stopped) await this.change();
        if (this.stopped) break;
        const collected = this.collector.collect(packet.data, packet.microsecondTimestamp);
        if (!collected) continue; // a browser's decoder fails on what has no slice
        if (!this.revealer && packet.type === "key") await this.enter(collected);
        this.revealer?.push(collected, this.leads(collected) ? null : packet.toEncodedVideoChunk());
        this.s.collected(collected);
      }
      if (!this.stopped) await this.drain();
    } catch (error) {
      if (!this.stopped) {
        await this.drain();
        this.s.fault(`The recording cannot be read further: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    this.ended = true;
    this.changed();
  }
}
