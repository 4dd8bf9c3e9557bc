// SPDX-License-Identifier: Apache-2.0
// Plays one recording onto the canvas: when which picture is shown, and who is shown in it.
import type { Keyring } from "../crypto/keyring.ts";
import { KeyProblem } from "../crypto/key_problem.ts";
import { hex } from "../format/bytes.ts";
import {
  laneName, type FromEngine, type Opened, type Reach, type Shown, type Snapshot, type Source, type State,
} from "../protocol.ts";
import { Clock } from "./clock.ts";
import { Keys } from "./keys.ts";
import { LiveLanes } from "./lanes.ts";
import type { Collected, Collector } from "./collector.ts";
import { laneOfRegion } from "./opener.ts";
import { Recording, RecordingProblem } from "./recording.ts";
import { close, mask, type Revealed } from "./revealer.ts";
import { Run } from "./run.ts";
import { takeSnapshot } from "./snapshot.ts";
import { drawTurned, turnedSize } from "./turn.ts";

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

/**
 * What the page asks is done in turn, so that a seek and a switch that cross each other both count. Two things do not
 * wait: pausing, and forgetting, after which nothing is drawn that the key had opened.
 */
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
  private drops = 0; // with each time that what waits was dropped
  private seeks = 0; // of those that wait for their turn the last one counts
  private loops = 0; // the last one is the one that plays
  private turn: Promise<unknown> = Promise.resolve();
  private readonly clock = new Clock();
  private lanes = new LiveLanes();
  private newest = 0; // microseconds: the latest picture received
  private state: State = {
    playing: false, waiting: false, ended: false, speed: 1, duration: 0, picture: null, decodedPictures: 0, recoveredPictures: 0,
  };
  private reportedMs = 0;
  private lanesMs = 0;

  constructor(private readonly say: (message: FromEngine) => void) {}

  open(canvas: OffscreenCanvas, source: Source): Promise<Opened> {
    return this.inTurn(async () => {
      this.source = source;
      this.context = canvas.getContext("2d", { alpha: false })!;
      this.recording = await Recording.open(source);
      const { config, duration, etag, shown } = this.recording;
      this.state.duration = duration;
      await this.begin(this.recording.timestampOf(0));
      if (source.live) this.state.playing = true;
      this.resume();
      if (shown && shown.parts > 1)
        this.say({ fault: `An edit list shows ${shown.parts} parts of this recording; only the first is shown here.` });
      return { codec: config.codec, width: canvas.width, height: canvas.height, duration, etag };
    });
  }

  async play(): Promise<void> {
    if (this.state.playing) return;
    this.state.playing = true;
    this.report(true);
    await this.inTurn(async () => {
      if (!this.state.playing) return;
      if (this.source.live && (this.state.ended || !this.run)) await this.reconnect();
      else if (this.state.ended) await this.begin(this.recording.timestampOf(0));
      this.resume();
    });
  }

  /** At once. */
  async pause(): Promise<void> {
    this.stopPlaying();
    if (this.source.live) this.stopRun(); // what comes meanwhile is not waited for
    this.report(true);
  }

  async seek(time: number): Promise<void> {
    if (this.source.live) throw new RecordingProblem("A live stream cannot be sought in.");
    const seek = ++this.seeks;
    await this.inTurn(async () => {
      if (seek !== this.seeks) return; // somebody wants another place by now
      await this.begin(this.recording.timestampOf(time));
      this.resume();
    });
  }

  async step(by: 1 | -1): Promise<void> {
    if (this.source.live) throw new RecordingProblem("A live stream cannot be stepped through.");
    this.stopPlaying();
    await this.inTurn(async () => {
      if (by === 1 && this.run) await this.showNext(this.run);
      else if (this.current) await this.begin(this.current.frame.timestamp - 2); // the one before
    });
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
    await this.inTurn(async () => {
      if (rights !== this.rights) throw new KeyProblem("The key was forgotten.");
      this.keyring = keyring;
      this.shown = shown;
      await this.refresh();
    });
  }

  /** Masked at once; the same place again when its turn comes. */
  async forget(): Promise<void> {
    this.rights++;
    this.keys.forget();
    this.keyring = null;
    this.shown = [];
    this.run?.allow(null, []);
    this.maskAll();
    this.inTurn(() => this.refresh()).catch((error: unknown) => this.say({ fault: String(error) }));
  }

  async snapshot(title: string): Promise<Snapshot> {
    if (!this.current) throw new RecordingProblem("There is no picture yet.");
    const { frame, picture } = this.current;
    const copy = frame.clone();
    try {
      return await takeSnapshot(copy, picture, title, this.recording.turn);
    } finally {
      copy.close();
    }
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => {
      if (this.run) return;
      this.stopPlaying(); // there is nothing to play
      this.state.ended = true;
      this.report(true);
    });
    return result;
  }

  /** The same picture again, for other eyes; masked until it is composed anew. */
  private async refresh(): Promise<void> {
    this.maskAll();
    if (this.source.live) this.run?.allow(this.keyring, this.shown);
    else await this.begin(this.current?.frame.timestamp ?? this.recording.timestampOf(0));
    this.resume();
    this.report(true);
  }

  /** Nothing may stay on the canvas, or come to it, that its viewer has no right to any more. */
  private maskAll(): void {
    this.dropWaiting();
    if (!this.current) return;
    this.current = mask(this.current);
    this.draw(this.current);
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

  /** Stops what ran, and shows the picture at `us`, from which playing goes on. */
  private async begin(us: number): Promise<void> {
    this.stopRun();
    const { recording, source } = this;
    const shown = source.live ? { from: -Infinity, until: Infinity } : await recording.shownFrom(us);
    const start = source.live ? await recording.sink.getFirstKeyPacket() : await recording.keyPacket(Math.min(us, shown.until - 1));
    if (!start) throw new RecordingProblem("There is no picture that can be decoded.");
    const run = new Run({
      recording, start, ...shown, keyring: this.keyring, shown: this.shown,
      collected: (collected) => this.collected(collected),
      fault: (fault) => this.run === run && this.say({ fault }),
    });
    this.run = run;
    this.collector = run.collector;
    this.state.ended = false;
    await this.showNext(run);
    this.report(true);
  }

  /** Plays on, if that is what is wanted. */
  private resume(): void {
    if (!this.state.playing || !this.run) return;
    this.clock.restart();
    void this.loop(this.run, ++this.loops);
    this.report(true);
  }

  /** What is due is drawn still: it is what the page is told of. */
  private stopPlaying(): void {
    this.state.playing = false;
    this.loops++;
    this.paintDue();
  }

  private stopRun(): void {
    this.run?.stop();
    this.run = null;
    this.dropWaiting();
  }

  private dropWaiting(): void {
    this.drops++;
    this.next = null;
    close(this.held);
    this.held = null;
    close(this.due);
    this.due = null;
  }

  private async loop(run: Run, loop: number): Promise<void> {
    const isOver = () => this.loops !== loop || this.run !== run;
    while (!isOver()) {
      const next = await this.peek(run);
      if (isOver()) return;
      if (!next && run.isOver) return this.end();
      if (!next) continue; // it was dropped, with the rights to it
      const late = this.source.live && this.recording.timeOf(this.newest) - next.picture.time > BEHIND_S;
      if (late) this.clock.restart();
      else await sleep(this.clock.wait(next.picture.time, this.state.speed));
      if (isOver() || this.held !== next) continue;
      this.held = null;
      this.drawSoon(next);
    }
  }

  private end(): void {
    this.stopPlaying();
    this.state.ended = true;
    if (this.source.live) this.say({ fault: "The camera's stream has ended. Play asks for it again." });
    this.report(true);
  }

  /** The picture that comes next, which stays held; null at the end, or if it was dropped meanwhile. */
  private peek(run: Run): Promise<Revealed | null> {
    if (this.held) return Promise.resolve(this.held);
    this.next ??= this.fetch(run);
    return this.next;
  }

  private async fetch(run: Run): Promise<Revealed | null> {
    const timer = setTimeout(() => this.wait(true), WAITING_MS);
    const { drops } = this;
    const next = await run.next();
    clearTimeout(timer);
    this.wait(false);
    if (this.run !== run || drops !== this.drops) {
      close(next);
      return null;
    }
    this.next = null;
    this.held = next;
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
    if (!next && run.isOver) return this.end();
    if (!next || this.held !== next) return;
    this.held = null;
    this.count(next);
    this.paint(next);
  }

  /** Draws with the next screen; of pictures that come faster than screens, the latest. */
  private drawSoon(next: Revealed): void {
    this.count(next);
    const waits = this.due !== null;
    close(this.due);
    this.due = next;
    if (!waits) void nextScreen().then(() => this.paintDue());
  }

  private paintDue(): void {
    const { due } = this;
    this.due = null;
    if (due) this.paint(due);
  }

  private count({ picture }: Revealed): void {
    this.state.decodedPictures++;
    if (picture.regions.some(({ state }) => state === "shown")) this.state.recoveredPictures++;
  }

  private paint(next: Revealed): void {
    this.draw(next);
    close(this.current);
    this.current = next;
    if (this.source.live) this.state.duration = next.picture.time;
    this.report(!this.state.playing);
  }

  private draw({ frame, picture }: Revealed): void {
    const { canvas } = this.context;
    const { turn } = this.recording;
    const { width, height } = turnedSize({ width: frame.displayWidth, height: frame.displayHeight }, turn);
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    drawTurned(this.context, frame, turn);
    this.state.picture = picture;
  }

  private collected({ timestamp, message }: Collected): void {
    this.newest = Math.max(this.newest, timestamp);
    if (!this.source.live || !message) return;
    const time = this.recording.timeOf(timestamp);
    for (const region of message.regions) {
      const lane = laneOfRegion(region);
      this.lanes.see(laneName(lane), lane, time);
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
