// SPDX-License-Identifier: Apache-2.0
// The timeline: findings, lanes, ruler, and a playhead that can be dragged.

import type { GrantFacts, Picture } from "../protocol.ts";
import type { Finding, LaneSpans } from "./api.ts";
import { Axis, drawRuler, LIVE_WINDOW } from "./axis.ts";
import { byId, make, say } from "./dom.ts";
import { type LaneEvents, LaneRows } from "./lane_rows.ts";
import type { Whom } from "./whom.ts";
import { counted, findingTone, findingWords } from "./words.ts";

const MOST_FINDINGS = 400; // drawn; the panel says how many there are
const LIVE_STEP = 0.5; // seconds between two places of the sliding window

export interface TimelineEvents extends LaneEvents {
  seek(time: number): void;
  /** There are other lanes than before. */
  lanesChanged(): void;
}

export class Timeline {
  readonly rows: LaneRows;
  private readonly axis = new Axis();
  private readonly live: boolean;
  private readonly events: TimelineEvents;
  private readonly ended = new AbortController();
  private readonly playhead = byId("playhead");
  private findings: Finding[] = [];
  private signerName: (key: string) => string = (key) => key;

  constructor(live: boolean, events: TimelineEvents) {
    this.live = live;
    this.events = events;
    this.rows = new LaneRows(byId("lanes"), events);
    byId("findings-row").hidden = true;
    byId("timeline").classList.toggle("is-live", live);
    this.listen();
    this.redraw();
    this.count();
  }

  close(): void {
    this.ended.abort();
  }

  setLanes(lanes: readonly LaneSpans[]): void {
    const from = this.axis.to - LIVE_WINDOW;
    this.rows.set(this.live ? lanes.filter((lane) => lane.spans.some((span) => span[1] >= from)) : lanes);
    this.rows.draw(this.axis);
    this.count();
  }

  setFindings(findings: Finding[], signerName: (key: string) => string): void {
    this.findings = findings;
    this.signerName = signerName;
    byId("findings-row").hidden = findings.length === 0;
    this.drawFindings();
  }

  setSwitches(whom: Whom | null, grant: GrantFacts | null): void {
    this.rows.switches(whom, grant);
  }

  /** Follows the picture that stands on the canvas. */
  show(time: number, duration: number, picture: Picture | null): void {
    const end = Math.max(duration, time);
    const from = this.live ? end - LIVE_WINDOW : 0;
    const slid = !this.live || Math.abs(end - this.axis.to) >= LIVE_STEP;
    if (slid && this.axis.set(from, this.live ? from + LIVE_WINDOW : duration)) this.redraw();
    if (picture && this.rows.meet(picture)) {
      this.rows.draw(this.axis);
      this.count();
    }
    this.rows.follow(picture);
    this.playhead.style.left = this.axis.percent(time);
  }

  private redraw(): void {
    drawRuler(byId("ruler"), this.axis, this.live);
    this.rows.draw(this.axis);
    this.drawFindings();
  }

  private count(): void {
    const lanes = this.rows.lanes;
    const targets = new Set(lanes.map((lane) => lane.target)).size;
    const words = `${counted(targets, "target")}, ${counted(lanes.length, "lane")}`;
    say(byId("lane-count"), this.live ? `${words} in the last minute` : words);
    this.events.lanesChanged();
  }

  /** What is wrong lies over what is right. */
  private drawFindings(): void {
    const order = { good: 0, plain: 1, warn: 2, bad: 3 };
    const seen = this.findings.filter((f) => f.last >= this.axis.from && f.first <= this.axis.to);
    const drawn = seen.sort((a, b) => order[findingTone(b)] - order[findingTone(a)]).slice(0, MOST_FINDINGS);
    byId("findings").replaceChildren(...drawn.reverse().map((finding) => {
      const words = findingWords(finding, this.signerName);
      const mark = make("button", { type: "button", title: words, aria: { label: words } });
      mark.dataset.finding = finding.finding;
      mark.dataset.tone = findingTone(finding);
      mark.style.left = `min(${this.axis.percent(finding.first)}, 100% - 6px)`; // the least width
      mark.style.width = this.axis.percent(this.axis.from + finding.last - finding.first);
      mark.addEventListener("click", () => this.events.seek(finding.first));
      return mark;
    }));
  }

  private listen(): void {
    const signal = this.ended.signal;
    const body = byId("timeline-body");
    const drag = (event: PointerEvent): void => {
      const box = byId("ruler").getBoundingClientRect();
      this.events.seek(this.axis.time((event.clientX - box.left) / box.width));
    };
    body.addEventListener("pointerdown", (event) => {
      const target = event.target as Element;
      if (this.live || event.button !== 0 || !target.closest(".track") || target.closest("button")) return;
      event.preventDefault();
      body.setPointerCapture(event.pointerId);
      drag(event);
    }, { signal });
    body.addEventListener("pointermove", (event) => {
      if (body.hasPointerCapture(event.pointerId)) drag(event);
    }, { signal });
    const onlyNow = byId("only-now", HTMLInputElement);
    const filter = (): void => void byId("lanes").classList.toggle("only-now", onlyNow.checked);
    onlyNow.addEventListener("change", filter, { signal });
    const resized = new ResizeObserver(() => drawRuler(byId("ruler"), this.axis, this.live));
    resized.observe(byId("ruler"));
    signal.addEventListener("abort", () => resized.disconnect());
  }
}
