// SPDX-License-Identifier: Apache-2.0
// Plays one recording onto the canvas: when which picture is shown, and who is shown in it.
import type { Keyring } from "../crypto/keyring.ts";
import { KeyProblem } from "../crypto/private_key.ts";
import { hex } from "../format/bytes.ts";
import { CLASS_NAMES } from "../format/messages.ts";
import type { ClassName, FromEngine, Opened, Reach, Shown, Snapshot, Source, State } from "../protocol.ts";
import { Clock } from "./clock.ts";
import { Keys } from "./keys.ts";
import { LiveLanes } from "./lanes.ts";
import type { Collected, Collector } from "./collector.ts";
import { nameOf } from "./opener.ts";
import { Recording, RecordingProblem } from "./recording.ts";
import type { Revealed } from "./revealer.ts";
import { Run } from "./run.ts";
import { takeSnapshot } from "./snapshot.ts";

const REPORT_MS = 100;
const LANES_MS = 500;
const WAITING_MS = 300; // after which a picture is said to be waited for
const BEHIND_S = 2; // a live picture that is so late is shown at once

const HIDDEN_MS = 100; // a page that nobody sees has no animation frames

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** When the screen can take another picture. */
function nextScreen(): Promise<unknown> {
  return Promise.race([new Promise((resolve) => requestAnimationFrame(resolve)), sleep(HIDDEN_MS)]);
}

export class Player {
  readonly keys = new Keys();
  private source!: Source;
  private recording!: Recording;
  private context!: OffscreenCanvasRenderingContext2D;
  private run: Run | null = null;
  private next: Promise<Revealed | null> | null = null; // asked for, of the run
  private held: Revealed | null = null; // it has come, and waits for its time
  private due: Revealed | null = null; // to be drawn with the next screen
  private current: Revealed | null = null; // on the canvas
  private collector: Collector | null = null; // of the last run
  private keyring: Keyring | null = null;
  private shown: Shown = [];
  private rights = 0; // goes up with each forgetting
  private beginnings = 0; // of these the last one counts,
  private loops = 0; // and of these
  private readonly clock = new Clock();
  private lanes = new LiveLanes();
  private newest = 0; // microseconds: the latest picture received
  private state: State = {
    playing: false, waiting: false, ended: false, speed: 1, duration: 0, picture: null, decodedPictures: 0, recoveredPictures: 0,
  };
  private reportedMs = 0;
  private lanesMs = 0;

  constructor(private readonly say: (message: FromEngine) => void) {}

  async open(canvas: OffscreenCanvas, source: Source): Promise<Opened> {
    this.source = source;
    this.context = canvas.getContext("2d", { alpha: false })!;
    this.recording = await Recording.open(source);
    const { config, duration } = this.recording;
    this.state.duration = duration;
    await this.begin(0);
    if (source.live) await this.play();
    return { codec: config.codec, width: canvas.width, height: canvas.height, duration };
  }

  async play(): Promise<void> {
    if (this.state.playing) return;
    this.state.playing = true;
    const loop = ++this.loops;
    try {
      if (this.source.live && (this.state.ended || !this.run)) await this.reconnect();
      else if (this.state.ended) await this.begin(0);
    } catch (error) {
      this.state.playing = false;
      throw error;
    }
    this.clock.restart();
    this.report(true);
    if (this.run) void this.loop(this.run, loop);
  }

  async pause(): Promise<void> {
    this.stopPlaying();
    if (this.source.live) this.stopRun(); // what comes meanwhile is not waited for
    this.report(true);
  }

  async seek(time: number): Promise<void> {
    if (this.source.live) throw new RecordingProblem("A live stream cannot be sought in.");
    const wasPlaying = this.stopPlaying();
    await this.begin(time);
    if (wasPlaying) await this.play();
  }

  async step(by: 1 | -1): Promise<void> {
    if (this.source.live) throw new RecordingProblem("A live stream cannot be stepped through.");
    this.stopPlaying();
    if (by === 1 && this.run) await this.showNext(this.run);
    else if (this.current) await this.begin(Math.max(this.current.picture.time - 1e-5, 0));
    this.report(true);
  }

  async setSpeed(speed: number): Promise<void> {
    this.state.speed = speed;
    this.clock.restart();
    this.report(true);
  }

  async reach(): Promise<Reach> {
    const keyring = await this.keys.keyring();
    const streams: string[] = [];
    for (const stream of this.collector?.met ?? []) if (await keyring.opens(stream)) streams.push(hex(stream.id));
    return { opens: streams.length > 0, streams };
  }

  async show(shown: Shown): Promise<void> {
    const { rights } = this;
    const keyring = await this.keys.keyring();
    if (rights !== this.rights) throw new KeyProblem("The key was forgotten.");
    this.keyring = keyring;
    this.shown = shown;
    await this.refresh(this.state.picture?.time ?? 0);
  }

  async forget(): Promise<void> {
    const time = this.state.picture?.time ?? 0;
    this.rights++;
    this.keys.forget();
    this.keyring = null;
    this.shown = [];
    this.stopRun();
    this.blank();
    await this.refresh(time);
  }

  async snapshot(title: string): Promise<Snapshot> {
    if (!this.current) throw new RecordingProblem("There is no picture yet.");
    const { frame, picture } = this.current;
    const copy = frame.clone();
    try {
      return await takeSnapshot(copy, picture, title);
    } finally {
      copy.close();
    }
  }

  /** The same picture again, for other eyes. */
  private async refresh(time: number): Promise<void> {
    const wasPlaying = this.stopPlaying();
    if (!this.source.live) await this.begin(time);
    else this.run?.allow(this.keyring, this.shown);
    if (wasPlaying) await this.play();
    this.report(true);
  }

  private async reconnect(): Promise<void> {
    this.stopRun();
    this.recording.close();
    this.recording = await Recording.open(this.source);
    this.lanes = new LiveLanes();
    this.newest = 0;
    await this.begin(0);
  }

  /** Stops what ran, and shows the picture at `time`, from which playing goes on. */
  private async begin(time: number): Promise<void> {
    this.stopRun();
    const beginning = ++this.beginnings;
    const { recording, source } = this;
    const start = source.live ? await recording.sink.getFirstKeyPacket() : await recording.keyPacket(time);
    if (!start) throw new RecordingProblem("There is no picture that can be decoded.");
    const from = source.live ? null : await recording.timestampAt(time);
    if (beginning !== this.beginnings) return; // somebody wants another place by now
    const run = new Run({
      recording, start, from: from ?? -Infinity, keyring: this.keyring, shown: this.shown,
      collected: (collected) => this.collected(collected),
      fault: (fault) => this.run === run && this.say({ fault }),
    });
    this.run = run;
    this.collector = run.collector;
    this.state.ended = false;
    await this.showNext(run);
    this.report(true);
  }

  /** Whether it was playing. */
  private stopPlaying(): boolean {
    const { playing } = this.state;
    this.state.playing = false;
    this.loops++;
    return playing;
  }

  private stopRun(): void {
    this.run?.stop();
    this.run = null;
    this.next = null;
    this.held?.frame.close();
    this.held = null;
    this.due?.frame.close();
    this.due = null;
  }

  private async loop(run: Run, loop: number): Promise<void> {
    const isOver = () => this.loops !== loop || this.run !== run;
    while (!isOver()) {
      const next = await this.peek(run);
      if (isOver()) return;
      if (!next) return this.end();
      const late = this.source.live && this.recording.timeOf(this.newest) - next.picture.time > BEHIND_S;
      if (late) this.clock.restart();
      else await sleep(this.clock.wait(next.picture.time, this.state.speed));
      if (isOver() || this.held !== next) continue;
      this.held = null;
      this.drawSoon(next);
    }
  }

  private end(): void {
    if (this.due) this.paint(this.due);
    this.due = null;
    this.stopPlaying();
    this.state.ended = true;
    this.report(true);
  }

  /** The picture that comes next, which stays held; null at the end. */
  private peek(run: Run): Promise<Revealed | null> {
    if (this.held) return Promise.resolve(this.held);
    this.next ??= this.fetch(run);
    return this.next;
  }

  private async fetch(run: Run): Promise<Revealed | null> {
    const timer = setTimeout(() => this.wait(true), WAITING_MS);
    const next = await run.next();
    clearTimeout(timer);
    if (this.run !== run) {
      next?.frame.close();
      return null;
    }
    this.next = null;
    this.held = next;
    this.wait(false);
    return next;
  }

  private wait(waiting: boolean): void {
    if (this.state.waiting === waiting) return;
    this.state.waiting = waiting;
    this.report(true);
  }

  private async showNext(run: Run): Promise<void> {
    const next = await this.peek(run);
    if (this.run !== run) return;
    if (!next) return this.end();
    if (this.held !== next) return; // another step was quicker
    this.held = null;
    this.count(next);
    this.paint(next);
  }

  /** Draws with the next screen; of pictures that come faster than screens, the latest. */
  private drawSoon(next: Revealed): void {
    this.count(next);
    const waits = this.due !== null;
    this.due?.frame.close();
    this.due = next;
    if (waits) return;
    void nextScreen().then(() => {
      const { due } = this;
      this.due = null;
      if (due) this.paint(due);
    });
  }

  private count({ picture }: Revealed): void {
    this.state.decodedPictures++;
    if (picture.regions.some(({ state }) => state === "shown")) this.state.recoveredPictures++;
  }

  private paint(next: Revealed): void {
    const { canvas } = this.context;
    const { displayWidth: width, displayHeight: height } = next.frame;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    this.context.drawImage(next.frame, 0, 0, width, height);
    this.current?.frame.close();
    this.current = next;
    this.state.picture = next.picture;
    if (this.source.live) this.state.duration = next.picture.time;
    this.report(false);
  }

  /** Nothing may stay on the canvas that its viewer has no right to any more. */
  private blank(): void {
    const { canvas } = this.context;
    this.context.fillStyle = "black";
    this.context.fillRect(0, 0, canvas.width, canvas.height);
    this.current?.frame.close();
    this.current = null;
    this.state.picture = null;
  }

  private collected({ timestamp, message }: Collected): void {
    this.newest = Math.max(this.newest, timestamp);
    if (!this.source.live || !message) return;
    const time = this.recording.timeOf(timestamp);
    for (const region of message.regions) {
      const lane = { target: region.target, class: CLASS_NAMES[region.class] as ClassName };
      this.lanes.see(nameOf(region), lane, time);
    }
    if (performance.now() - this.lanesMs < LANES_MS) return;
    this.lanesMs = performance.now();
    this.say({ lanes: this.lanes.take(time) });
  }

  private report(now: boolean): void {
    if (!now && performance.now() - this.reportedMs < REPORT_MS) return;
    this.reportedMs = performance.now();
    this.say({ state: { ...this.state } });
  }
}
