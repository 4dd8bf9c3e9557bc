// SPDX-License-Identifier: Apache-2.0
// The rows of the timeline, one for each target and class: its switch, its name, and when it was seen.

import { type GrantFacts, type Lane, type LaneName, laneName, type Picture } from "../protocol.ts";
import type { LaneSpans } from "./api.ts";
import type { Axis } from "./axis.ts";
import { make, makeSvg, say } from "./dom.ts";
import { stretch } from "./times.ts";
import type { Whom } from "./whom.ts";
import { byTarget, grantCovers, laneLabel, targetLabel } from "./words.ts";

const WIDTH = 1000; // of a track, in units of its drawing
const LEAST = 1.5; // of a span
const MOST_TOLD = 12; // spans in a row's description

interface Row {
  lane: LaneSpans;
  item: HTMLLIElement;
  check: HTMLInputElement;
  all: HTMLButtonElement; // of the target, in its first row
  first: boolean;
  state: HTMLElement;
  track: SVGSVGElement;
  path: SVGPathElement;
  opened: boolean; // some picture showed it
  denied: boolean; // some picture had it, and it did not open
}

export interface LaneEvents {
  switched(lane: Lane, on: boolean): void;
  /** Every class of a target: shown, or hidden if they all are shown. */
  switchedTarget(target: number): void;
  /** To where it is seen next. */
  visit(lane: LaneSpans): void;
}

export class LaneRows {
  private readonly list: HTMLElement;
  private readonly events: LaneEvents;
  private readonly rows = new Map<LaneName, Row>();
  private whom: Whom | null = null;
  private grant: GrantFacts | null = null;
  private inPicture = new Set<Row>();

  constructor(list: HTMLElement, events: LaneEvents) {
    this.list = list;
    this.events = events;
    list.replaceChildren();
  }

  get lanes(): Lane[] {
    return [...this.rows.values()].map((row) => row.lane);
  }

  /** From now on there are these lanes. Rows stay what they are, and where the focus is. */
  set(lanes: readonly LaneSpans[]): void {
    const names = new Set(lanes.map(laneName));
    for (const [name, row] of this.rows) {
      if (names.has(name)) continue;
      row.item.remove();
      this.inPicture.delete(row);
      this.rows.delete(name);
    }
    for (const lane of lanes) {
      const row = this.rows.get(laneName(lane));
      if (row) row.lane = lane;
      else this.rows.set(laneName(lane), this.make(lane));
    }
    this.sort();
  }

  /** Adds lanes that a picture has before anybody has told of them. */
  meet(picture: Picture): boolean {
    const strangers = picture.regions.filter((region) => !this.rows.has(laneName(region)));
    for (const { target, class: name } of strangers) {
      const lane: LaneSpans = { target, class: name, spans: [] };
      this.rows.set(laneName(lane), this.make(lane));
    }
    if (strangers.length > 0) this.sort();
    return strangers.length > 0;
  }

  draw(axis: Axis): void {
    for (const row of this.rows.values()) {
      let d = "";
      const told: string[] = [];
      for (const [first, last] of row.lane.spans) {
        if (last < axis.from || first > axis.to) continue;
        const x = axis.part(first) * WIDTH;
        const width = Math.max(LEAST, axis.part(last) * WIDTH - x);
        d += `M${Math.min(x, WIDTH - LEAST).toFixed(1)} 0h${width.toFixed(1)}v1h-${width.toFixed(1)}z`;
        if (told.length < MOST_TOLD) told.push(stretch(first, last));
      }
      const more = row.lane.spans.length > MOST_TOLD ? " and so on" : "";
      row.path.setAttribute("d", d);
      const words = told.length > 0 ? `seen ${told.join(", ")}${more}` : "not seen yet";
      row.track.setAttribute("aria-label", words);
    }
  }

  /** Marks who is in this picture, and learns who opens and who does not. */
  follow(picture: Picture | null): void {
    const now = new Set<Row>();
    for (const region of picture?.regions ?? []) {
      const row = this.rows.get(laneName(region));
      if (!row) continue;
      now.add(row);
      if (this.whom && region.state === "shown") row.opened = true;
      if (this.whom && region.state === "denied") row.denied = true;
      if (this.whom && (region.state === "shown" || region.state === "denied")) this.label(row);
    }
    for (const row of this.inPicture) if (!now.has(row)) row.item.classList.remove("now");
    for (const row of now) if (!this.inPicture.has(row)) row.item.classList.add("now");
    this.inPicture = now;
  }

  /** null: nothing is unsealed, and there is nothing to switch. */
  switches(whom: Whom | null, grant: GrantFacts | null): void {
    this.grant = grant;
    if (!whom || !this.whom) for (const row of this.rows.values()) row.opened = row.denied = false;
    this.whom = whom;
    for (const row of this.rows.values()) this.label(row);
  }

  private label(row: Row): void {
    const outside = this.whom !== null && this.grant !== null && !grantCovers(this.grant, row.lane);
    const on = !outside && (this.whom?.has(row.lane) ?? false);
    row.check.disabled = row.all.disabled = outside;
    row.check.hidden = !this.whom;
    row.check.checked = on;
    row.all.hidden = !this.whom || !row.first;
    const denied = row.opened ? "partly" : "denied";
    const state = !this.whom ? "" : outside ? "denied" : row.denied ? denied : on && row.opened ? "shown" : "";
    if (row.item.dataset.state !== state) row.item.dataset.state = state;
    say(row.state, state);
  }

  private make(lane: LaneSpans): Row {
    const label = laneLabel(lane);
    const check = make("input", { type: "checkbox", hidden: true, aria: { label: `Show ${label}` } });
    const title = "To where it is seen next";
    const name = make("button", { type: "button", className: "quiet", title }, label);
    const whole = `All of ${targetLabel(lane.target)}: face, head and body`;
    const all = make("button", { type: "button", className: "quiet all", title: whole, aria: { label: whole } }, "all");
    const state = make("span", { className: "lane-state" });
    const path = makeSvg("path", { class: lane.class });
    const track = makeSvg("svg", { viewBox: `0 0 ${WIDTH} 1`, preserveAspectRatio: "none", role: "img" });
    track.append(path);
    const item = make("li", { className: "row lane" },
      make("div", { className: "name" }, check, name, all, state), make("div", { className: "track" }, track));
    item.dataset.lane = laneName(lane);
    const row: Row = { lane, item, check, all, first: false, state, track, path, opened: false, denied: false };
    check.addEventListener("change", () => this.events.switched(row.lane, check.checked));
    all.addEventListener("click", () => this.events.switchedTarget(row.lane.target));
    name.addEventListener("click", () => this.events.visit(row.lane));
    this.label(row);
    return row;
  }

  private sort(): void {
    const sorted = [...this.rows.values()].sort((a, b) => byTarget(a.lane, b.lane));
    let before: Element | null = null;
    let target = -1;
    for (const row of sorted) {
      const place: Element | null = before ? before.nextElementSibling : this.list.firstElementChild;
      if (place !== row.item) this.list.insertBefore(row.item, place);
      row.first = row.lane.target !== target;
      row.item.classList.toggle("first-of-target", row.first);
      this.label(row);
      target = row.lane.target;
      before = row.item;
    }
  }
}
