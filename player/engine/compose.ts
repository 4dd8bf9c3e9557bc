// SPDX-License-Identifier: Apache-2.0
// Putting originals back to their places; docs/format.md, section 10.
import type { Rect } from "../format/messages.ts";
import { planeOf, type Planes } from "./yuv.ts";

const MARGIN = 4;

/** A region, and what an opened window shows; null: it stays masked. */
export interface Part {
  rect: Rect;
  window: { planes: Planes; x: number; y: number } | null;
}

export function isInside(rect: Rect, size: { width: number; height: number }): boolean {
  return rect.x + rect.width <= size.width && rect.y + rect.height <= size.height;
}

/** Copies `rect` from a picture that lies at (x, y); all three planes. */
function paint(out: Planes, rect: Rect, from: Planes, x: number, y: number): void {
  for (let p = 0; p < 3; p++) {
    const scale = p ? 2 : 1;
    const to = planeOf(out, p);
    const of = planeOf(from, p);
    const width = rect.width / scale;
    for (let row = rect.y / scale; row < (rect.y + rect.height) / scale; row++) {
      const source = of.at + (row - y / scale) * of.width + (rect.x - x) / scale;
      out.data.set(from.data.subarray(source, source + width), to.at + row * to.width + rect.x / scale);
    }
  }
}

/** The rectangle with the margin around it, cut at the window. */
function grown(rect: Rect, window: Rect): Rect {
  const x = Math.max(rect.x - MARGIN, window.x);
  const y = Math.max(rect.y - MARGIN, window.y);
  return {
    x, y, width: Math.min(rect.x + rect.width + MARGIN, window.x + window.width) - x,
    height: Math.min(rect.y + rect.height + MARGIN, window.y + window.height) - y,
  };
}

/** Fades the margin of `rect` from its window into the picture, in one plane. */
function fadePlane(out: Planes, rect: Rect, margin: Rect, from: Planes, at: { x: number; y: number }, p: number): void {
  const scale = p ? 2 : 1;
  const steps = MARGIN / scale + 1;
  const half = steps >> 1;
  const to = planeOf(out, p);
  const of = planeOf(from, p);
  const [left, right] = [rect.x / scale, (rect.x + rect.width) / scale];
  const [top, bottom] = [rect.y / scale, (rect.y + rect.height) / scale];
  const [begin, end] = [margin.x / scale, (margin.x + margin.width) / scale];
  for (let y = margin.y / scale; y < (margin.y + margin.height) / scale; y++) {
    const down = Math.max(top - y, y - bottom + 1, 0);
    const source = of.at + (y - at.y / scale) * of.width - at.x / scale;
    for (let x = begin; x < end; x++) {
      const d = Math.max(left - x, x - right + 1, down);
      if (d === 0) {
        x = right - 1; // the region itself is painted later
        continue;
      }
      const i = to.at + y * to.width + x;
      out.data[i] = Math.floor((from.data[source + x]! * (steps - d) + out.data[i]! * d + half) / steps);
    }
  }
}

/** The recovered picture. Every rectangle lies inside the picture, and every window holds its region. */
export function compose(masked: Planes, parts: Part[]): Planes {
  const out = { ...masked, data: masked.data.slice() };
  for (const { rect, window } of parts) {
    if (!window) continue;
    const { width, height } = window.planes;
    const margin = grown(rect, { x: window.x, y: window.y, width, height });
    for (let p = 0; p < 3; p++) fadePlane(out, rect, margin, window.planes, window, p);
  }
  for (const { rect, window } of [...parts].reverse())
    if (window) paint(out, rect, window.planes, window.x, window.y);
    else paint(out, rect, masked, 0, 0);
  return out;
}
