// SPDX-License-Identifier: Apache-2.0
// One recording that is being looked at: its engine, its seal, its timeline, and what the page says of them.

import type { Lane, Opened, State } from "../protocol.ts";
import { Api, type Looked, type LaneSpans, type Recording, type Session } from "./api.ts";
import { canUnseal, drawControls, enableControls, offerSeeking } from "./controls.ts";
import { byId, eachFrame, make, say, sentence } from "./dom.ts";
import { Engine } from "./engine.ts";
import { drawPicture, drawRecording } from "./facts.ts";
import { keepLooking } from "./look.ts";
import { announce, tell } from "./notices.ts";
import { Overlay } from "./overlay.ts";
import { Playback } from "./playback.ts";
import { Seal } from "./seal.ts";
import { takeSnapshot } from "./snapshot.ts";
import { Timeline } from "./timeline.ts";
import { UnsealDialog } from "./unseal_dialog.ts";
import { drawUnsealed } from "./unsealed.ts";
import { drawVerdict, namesOf } from "./verdict.ts";
import type { Whom } from "./whom.ts";
import { CLASSES } from "./words.ts";

const EXPIRY_MS = 500; // between two looks at the clock

export class Viewer {
  readonly playback: Playback;
  private readonly api: Api;
  private readonly session: Session;
  private readonly recording: Recording;
  private readonly dialog: UnsealDialog;
  private readonly overlay: Overlay;
  private readonly engine: Engine;
  private readonly seal: Seal;
  private readonly timeline: Timeline;
  private readonly canvas = make("canvas", { id: "canvas", width: 16, height: 9 });
  private readonly draw = eachFrame(() => this.drawState());
  private readonly stopLooking: () => void;
  private readonly clock: number;
  private opened: Opened | null = null;
  private look: Looked | null = null;
  private lookText = "";
  private unmasked = false; // and said to be
  private verdict = "";
  private stopped = "opening…"; // why there is no picture
  private closed = false;

  constructor(api: Api, session: Session, recording: Recording, dialog: UnsealDialog, overlay: Overlay) {
    this.api = api;
    this.session = session;
    this.recording = recording;
    this.dialog = dialog;
    this.overlay = overlay;
    this.engine = new Engine({
      state: (state) => this.follow(state),
      lanes: (lanes) => this.timeline.setLanes(lanes),
      fault: tell,
      died: (words) => this.stop(words),
    });
    this.playback = new Playback(this.engine, recording.live, tell);
    this.seal = new Seal(this.engine, api, {
      recording: recording.id,
      stream: () => this.playback.state.picture?.stream || (this.look?.inspection?.stream ?? ""),
      recipients: () => this.look?.inspection?.recipients ?? [],
      streams: () => this.look?.inspection?.streams ?? 1,
      known: () => this.timeline.rows.lanes,
    }, () => this.drawSeal());
    this.timeline = new Timeline(recording.live, {
      seek: (time) => void this.playback.seek(time),
      switched: (lane, on) => this.switchLane(lane, on),
      switchedTarget: (target) => this.switchTarget(target),
      visit: (lane) => this.visit(lane),
      lanesChanged: () => this.lanesChanged(),
    });
    this.prepare();
    this.stopLooking = keepLooking(api, recording.id, recording.live, (look) => this.hearLook(look));
    this.clock = window.setInterval(() => this.heedExpiry(), EXPIRY_MS);
    void this.open();
  }

  /** Ends the engine; its keys go with it. */
  close(): void {
    this.closed = true;
    this.seal.leave("done");
    this.stopLooking();
    window.clearInterval(this.clock);
    this.dialog.close();
    this.engine.close();
    this.timeline.close();
    this.canvas.remove();
  }

  /** The page goes away. */
  leave(): void {
    this.seal.leave("done");
  }

  unsealOrForget(): void {
    if (this.seal.now) this.ask(() => this.seal.forget());
    else if (canUnseal()) this.dialog.open((wish) => this.seal.unseal(wish));
  }

  snapshot(): void {
    if (!this.opened) return;
    const title = this.recording.name;
    this.ask(() => takeSnapshot(this.engine, this.seal, title));
  }

  /** Of the switches above the lanes, each `edit` is one. */
  switchWhom(edit: (whom: Whom, known: readonly Lane[]) => void): void {
    this.ask(() => this.seal.change((whom) => edit(whom, this.timeline.rows.lanes)));
  }

  switchLane(lane: Lane, on: boolean): void {
    this.switchWhom((whom, known) => whom.setLane(lane, on, CLASSES, known));
  }

  switchTarget(target: number): void {
    this.switchWhom((whom, known) => {
      const lanes = known.filter((lane) => lane.target === target);
      const on = !lanes.every((lane) => whom.has(lane));
      for (const lane of lanes) whom.setLane(lane, on, CLASSES, known);
    });
  }

  drawNumbers(): void {
    this.overlay.draw(this.playback.state.picture);
  }

  private prepare(): void {
    const { name, live } = this.recording;
    say(byId("title"), name);
    byId("live-badge").hidden = true; // until it is
    byId("screen").prepend(this.canvas);
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", `Video of ${name}`);
    offerSeeking(!live);
    drawVerdict(null, this.session, "", null);
    this.overlay.setSize(16, 9);
    this.drawSeal();
    this.drawState();
  }

  private async open(): Promise<void> {
    const { id, live } = this.recording;
    const canvas = this.canvas.transferControlToOffscreen();
    const url = new URL(Api.path("video", id), location.origin).href;
    try {
      const source = { url, token: this.api.token, live };
      this.opened = await this.engine.request("open", { canvas, source }, [canvas]);
      this.stopped = "";
      this.overlay.setSize(this.opened.width, this.opened.height);
      this.lookText = "";
      if (this.look) this.hearLook(this.look); // it may be of another file
    } catch (error) {
      if (!this.closed) this.stop(sentence(error));
    }
    if (!this.closed) this.drawState();
  }

  /** No more pictures. The last one may show somebody, so it goes too. */
  private stop(words: string): void {
    this.stopped = words;
    this.opened = null;
    this.canvas.hidden = true;
    this.seal.leave("failed");
    this.playback.state = { ...this.playback.state, playing: false, waiting: false, picture: null };
    tell(words);
    this.drawState();
  }

  private follow(state: State): void {
    const before = this.playback.state;
    this.playback.state = state;
    const stands = state.ended ? "ended" : "paused";
    if (before.playing !== state.playing) announce(state.playing ? "playing" : stands);
    else if (before.speed !== state.speed) announce(`speed ${state.speed}`);
    this.draw();
  }

  private drawState(): void {
    if (this.closed) return;
    const { playback } = this;
    const { state } = playback;
    byId("live-badge").hidden = !playback.live || !state.playing || state.waiting || !state.picture;
    drawControls(playback, state);
    drawPicture(state.picture);
    const inspection = this.look?.inspection ?? null;
    drawRecording(this.opened, inspection, state);
    const duration = state.duration || this.opened?.duration || inspection?.duration || 0;
    this.timeline.show(playback.time, duration, state.picture);
    this.overlay.draw(state.picture);
    const words = this.stopped || (state.waiting ? "waiting for data…" : "");
    const place = byId("screen-words");
    place.hidden = words === "";
    place.classList.toggle("brief", this.stopped === "");
    say(place, words);
    this.enable();
  }

  private enable(): void {
    const look = this.look;
    const empty = look?.state === "done" && look.inspection?.protected_pictures === 0;
    enableControls(this.opened !== null, empty);
  }

  private hearLook(look: Looked): void {
    const text = JSON.stringify(look);
    if (text === this.lookText) return;
    this.lookText = text;
    this.look = look;
    const signerName = namesOf(this.session);
    const seek = this.recording.live ? null : (time: number) => void this.playback.seek(time);
    const { words } = drawVerdict(look, this.session, this.opened?.etag ?? "", seek);
    if (words !== this.verdict && look.verification) announce(`Verification: ${words}`);
    this.verdict = words;
    const unmasked = look.state === "done" && look.inspection?.protected_pictures === 0;
    if (unmasked && !this.unmasked) tell("Nobody in this recording was masked by Bauta, or its recovery data are gone.");
    this.unmasked ||= unmasked;
    if (look.inspection && !this.recording.live) this.timeline.setLanes(look.inspection.lanes);
    const same = !look.etag || !this.opened || look.etag === this.opened.etag; // else it is about another file
    if (look.verification || !same) this.timeline.setFindings((same && look.verification?.findings) || [], signerName);
    this.drawState();
  }

  private drawSeal(): void {
    if (this.closed) return;
    const { now } = this.seal;
    if (drawUnsealed(now, this.session.who, this.recording.name)) {
      announce(now ? "Unsealed. What you see is in the audit log." : "Everybody is masked again.");
    }
    this.timeline.setSwitches(now?.whom ?? null, now?.grant ?? null);
  }

  private lanesChanged(): void {
    const whom = this.seal?.now?.whom;
    if (whom && whom.classes.size > 0) this.switchWhom(() => undefined);
  }

  private heedExpiry(): void {
    if (!this.seal.expired(Date.now())) return;
    tell("The grant has expired. Everybody is masked again, and the key was dropped.");
    this.ask(() => this.seal.forget());
  }

  /** To the beginning of the next span, or of the first if there is none. */
  private visit(lane: LaneSpans): void {
    const here = this.playback.time;
    const next = lane.spans.find(([first]) => first > here + 0.05) ?? lane.spans[0];
    if (next) void this.playback.seek(next[0]);
  }

  private ask(work: () => Promise<void>): void {
    work().catch((error: unknown) => tell(sentence(error)));
  }
}
