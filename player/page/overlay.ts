// SPDX-License-Identifier: Apache-2.0
// Outlines and numbers over the picture: which lane is which person.

import type { Picture } from "../protocol.ts";
import { byId, makeSvg } from "./dom.ts";
import { laneLabel } from "./words.ts";

export class Overlay {
  on = false;
  readonly #svg = byId("numbers-overlay", SVGSVGElement);
  #height = 0;

  setSize(width: number, height: number): void {
    this.#svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.#height = height;
    this.#svg.replaceChildren();
  }

  draw(picture: Picture | null): void {
    if (!this.on || !picture || this.#height === 0) {
      if (this.#svg.firstChild) this.#svg.replaceChildren();
      return;
    }
    const size = Math.max(11, this.#height / 38);
    const marks: SVGElement[] = [];
    for (const region of picture.regions) {
      const { x, y, width, height } = region;
      marks.push(makeSvg("rect", { x, y, width, height, class: region.state }));
      const text = makeSvg("text", { x: x + 2, y: Math.max(size, y + size * 0.95), "font-size": size });
      text.textContent = laneLabel(region);
      marks.push(text);
    }
    this.#svg.replaceChildren(...marks);
  }
}
