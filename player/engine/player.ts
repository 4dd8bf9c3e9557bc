// SPDX-License-Identifier: Apache-2.0
// Plays one recording onto the canvas: when which picture is shown, and who is shown in it.
import type { Keyring } from "../crypto/keyring.ts";
import { hex } from "../format/bytes.ts";
import { CLASS_NAMES } from "../format/messages.ts";
import type { ClassName, FromEngine, Opened, Reach, Shown, Snapshot, Source, State } from "../protocol.ts";
import { Clock } from "./clock.ts";
import { Keys } from "./keys.ts";
import { LiveLanes } from "./lanes.ts";
import type { Collected } from "./collector.ts";
import { nameOf } from "./opener.ts";
import { Recording, RecordingProblem } from "./recording.ts";
import type { Revealed } from "./revealer.ts";
import { Run } from "./run.ts";
import { takeSnapshot } from "./snapshot.ts";

const REPORT_MS = 100;
const LANES_MS = 500;
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
  private held: Revealed | null = null; // taken from the run, and not shown yet
  private current: Revealed | null = null; // on the canvas
  private due: Revealed | null = null; // to be drawn with the next screen
  private keyring: Keyring | null = null;
  private shown: Shown = [];
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
    this.context = canvas.getContext("2d", { alpha: false, desynchronized: false })!;
    this.recording = await Recording.open(source);
    const { config, duration } = this.recording;
    this.state.duration = duration;
    await this.begin(0);
    if (source.live) await this.play();
    return { codec: config.codec, width: canvas.width, height: canvas.height, duration };
  }

  async play(): Promise<void> {
    if (this.state.playing) return;
    if (this.source.live && (this.state.ended || !this.run)) await this.reconnect();
    else if (this.state.ended) await this.begin(0);
    this.state.playing = true;
    this.clock.restart();
    this.report(true);
    void this.loop(this.run!);
  }

  async pause(): Promise<void> {
    this.state.playing = false;
    if (this.source.live) this.stopRun(); // what comes meanwhile is not waited for
    this.report(true);
  }

  async seek(time: number): Promise<void> {
    if (this.source.live) throw new RecordingProblem("A live stream cannot be sought in.");
    const wasPlaying = this.state.playing;
    this.state.playing = false;
    await this.begin(time);
    if (wasPlaying) await this.play();
  }

  async step(by: 1 | -1): Promise<void> {
    if (this.source.live) throw new RecordingProblem("A live stream cannot be stepped through.");
    this.state.playing = false;
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
    for (const stream of this.run?.collector.met ?? [])
      if (await keyring.opens(stream)) streams.push(hex(stream.id));
    return { opens: streams.length > 0, streams };
  }

  async show(shown: Shown): Promise<void> {
    this.keyring = await this.keys.keyring();
    this.shown = shown;
    await this.refresh();
  }

  async forget(): Promise<void> {
    this.keys.forget();
    this.keyring = null;
    this.shown = [];
    this.stopRun();
    this.blank();
    await this.refresh();
  }

  async snapshot(title: string): Promise<Snapshot> {
    if (!this.current) throw new RecordingProblem("There is no picture yet.");
    const frame = this.current.frame.clone();
    try {
      return await takeSnapshot(frame, this.current.picture, title);
    } finally {
      frame.close();
    }
  }

  /** The same picture again, for other eyes. */
  private async refresh(): Promise<void> {
    const wasPlaying = this.state.playing;
    this.state.playing = false;
    if (this.source.live && this.run) {
      this.run.allow(this.keyring, this.shown);
    } else if (!this.source.live) {
      await this.begin(this.state.picture?.time ?? 0);
    }
    if (wasPlaying) await this.play();
    this.report(true);
  }

  private async reconnect(): Promise<void> {
    this.stopRun();
    this.recording.close();
    this.recording = await Recording.open(this.source);
    this.lanes = new LiveLanes();
    await this.begin(0);
  }

  /** Stops what ran, and shows the picture at `time`, from which playing goes on. */
  private async begin(time: number): Promise<void> {
    this.stopRun();
    const { recording, source } = this;
    const start = source.live ? await recording.sink.getFirstKeyPacket() : await recording.keyPacket(time);
    if (!start) throw new RecordingProblem("There is no picture that can be decoded.");
    const from = source.live ? null : await recording.timestampAt(time);
    this.stopRun(); // another call may have been quicker
    const run = new Run({
      recording, start, from: from ?? -Infinity, keyring: this.keyring, shown: this.shown,
      collected: (collected) => this.collected(collected),
      fault: (fault) => this.run === run && this.say({ fault }),
    });
    this.run = run;
    this.state.ended = false;
    await this.showNext(run);
    this.report(true);
  }

  private stopRun(): void {
    this.run?.stop();
    this.run = null;
    this.held?.frame.close();
    this.held = null;
    this.due?.frame.close();
    this.due = null;
  }

  private async loop(run: Run): Promise<void> {
    while (this.state.playing && this.run === run) {
      const next = await this.take(run);
      if (!next) {
        if (this.run === run) this.end();
        return;
      }
      const late = this.source.live && this.recording.timeOf(this.newest) - next.picture.time > BEHIND_S;
      if (late) this.clock.restart();
      else await sleep(this.clock.wait(next.picture.time, this.state.speed));
      if (this.run !== run) return next.frame.close();
      if (this.state.playing) this.drawSoon(next);
      else this.held = next;
    }
  }

  private end(): void {
    if (this.due) this.paint(this.due);
    this.due = null;
    this.state.playing = false;
    this.state.ended = true;
    this.report(true);
  }

  private async take(run: Run): Promise<Revealed | null> {
    const { held } = this;
    this.held = null;
    if (held) return held;
    const timer = setTimeout(() => {
      this.state.waiting = true;
      this.report(true);
    }, 300);
    const next = await run.next();
    clearTimeout(timer);
    this.state.waiting = false;
    return next;
  }

  private async showNext(run: Run): Promise<void> {
    const next = await this.take(run);
    if (this.run !== run) next?.frame.close();
    else if (next) this.draw(next);
    else this.end();
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

  private draw(next: Revealed): void {
    this.count(next);
    this.paint(next);
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
  }

  private collected({ timestamp, message }: Collected): void {
    this.newest = Math.max(this.newest, timestamp);
    if (!this.source.live || !message) return;
    for (const region of message.regions) {
      const lane = { target: region.target, class: CLASS_NAMES[region.class] as ClassName };
      this.lanes.see(nameOf(region), lane, this.recording.timeOf(timestamp));
    }
    if (performance.now() - this.lanesMs < LANES_MS) return;
    this.lanesMs = performance.now();
    this.say({ lanes: this.lanes.take(this.recording.timeOf(timestamp)) });
  }

  private report(now: boolean): void {
    if (!now && performance.now() - this.reportedMs < REPORT_MS) return;
    this.reportedMs = performance.now();
    this.say({ state: { ...this.state } });
  }
}
