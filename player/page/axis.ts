// SPDX-License-Identifier: Apache-2.0
// The time axis of the timeline: what is where, and its ruler.

import { make } from "./dom.ts";
import { clock, markDistance } from "./times.ts";

export const LIVE_WINDOW = 60; // seconds

export class Axis {
  from = 0;
  to = 1;

  /** Returns whether that is another stretch than before. */
  set(from: number, to: number): boolean {
    if (to <= from) to = from + 1;
    if (from === this.from && to === this.to) return false;
    this.from = from;
    this.to = to;
    return true;
  }

  /** In parts of the whole, 0 to 1. */
  part(time: number): number {
    return Math.min(1, Math.max(0, (time - this.from) / (this.to - this.from)));
  }

  percent(time: number): string {
    return `${(this.part(time) * 100).toFixed(3)}%`;
  }

  time(part: number): number {
    return this.from + Math.min(1, Math.max(0, part)) * (this.to - this.from);
  }
}

/** Marks with times; live they count back from now. */
export function drawRuler(ruler: HTMLElement, axis: Axis, live: boolean): void {
  const distance = markDistance(axis.to - axis.from, Math.max(2, Math.floor(ruler.clientWidth / 80)));
  const marks: HTMLElement[] = [];
  const first = live ? 0 : Math.ceil(axis.from / distance);
  const last = live ? (axis.to - axis.from) / distance : axis.to / distance;
  for (let i = first; i <= last + 1e-6; i++) {
    const time = live ? axis.to - i * distance : i * distance;
    const ago = live && i > 0 ? `−${i * distance} s` : "now";
    const mark = make("span", { className: "mark" }, live ? ago : clock(time).replace(/\.0$/, ""));
    mark.style.left = axis.percent(time);
    if (axis.part(time) > 0.95) mark.classList.add("last");
    marks.push(mark);
  }
  ruler.replaceChildren(...marks);
}
