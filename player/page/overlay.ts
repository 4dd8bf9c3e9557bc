// SPDX-License-Identifier: Apache-2.0
// Outlines and numbers over the picture: which lanes are which person.

import type { Picture } from "../protocol.ts";
import { byId, makeSvg } from "./dom.ts";
import { targetLabel } from "./words.ts";

/** Of a number: where its line begins, and how wide it is. */
interface Place {
  x: number;
  y: number;
  width: number;
}

function overlap(a: Place, b: Place, height: number): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && Math.abs(a.y - b.y) < height;
}

export class Overlay {
  on = false;
  private readonly svg = byId("numbers-overlay", SVGSVGElement);
  private width = 0; // of the canvas; a picture's own samples need not be square
  private height = 0;

  setSize(width: number, height: number): void {
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.width = width;
    this.height = height;
    this.svg.replaceChildren();
  }

  draw(picture: Picture | null): void {
    if (!this.on || !picture || this.height === 0) {
      if (this.svg.firstChild) this.svg.replaceChildren();
      return;
    }
    const marks: SVGElement[] = [];
    const tops = new Map<number, { x: number; y: number }>(); // each target's highest region has the number
    const wide = this.width / picture.width;
    const high = this.height / picture.height;
    for (const { target, class: name, state, ...rect } of picture.regions) {
      const { x, y } = { x: rect.x * wide, y: rect.y * high };
      const size = { width: rect.width * wide, height: rect.height * high };
      marks.push(makeSvg("rect", { x, y, ...size, class: `${name} ${state}` }));
      if (y < (tops.get(target)?.y ?? Infinity)) tops.set(target, { x, y });
    }
    const taken: Place[] = [];
    for (const [target, { x, y }] of tops) marks.push(this.number(target, x, y, taken));
    this.svg.replaceChildren(...marks);
  }

  /** Above its region, or inside if there is no room; further down if another number stands there. */
  private number(target: number, x: number, y: number, taken: Place[]): SVGElement {
    const size = Math.max(11, this.height / 34);
    const label = targetLabel(target);
    const place = { x: x + 1, y: y > size ? y - size * 0.2 : y + size * 0.95, width: label.length * size * 0.62 };
    while (taken.some((other) => overlap(place, other, size)) && place.y < this.height) place.y += size;
    taken.push(place);
    const text = makeSvg("text", { x: place.x, y: place.y, "font-size": size });
    text.textContent = label;
    return text;
  }
}
