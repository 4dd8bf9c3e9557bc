// SPDX-License-Identifier: Apache-2.0
// The few things that the page does with its document.

/** The element with this id; index.html has it, and it is of this type. */
export function byId<T extends Element = HTMLElement>(id: string, type?: new () => T): T {
  const element = document.getElementById(id);
  if (!element || (type && !(element instanceof type))) throw new Error(`index.html has no such #${id}`);
  return element as unknown as T;
}

type Given<T> = Partial<Omit<T, "children">> & { aria?: Record<string, string> };

/** A new element with these properties, `aria-` attributes and children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  given: Given<HTMLElementTagNameMap[K]> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const { aria, ...properties } = given;
  const element = document.createElement(tag);
  Object.assign(element, properties);
  for (const [name, value] of Object.entries(aria ?? {})) element.setAttribute(`aria-${name}`, value);
  element.append(...children);
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

export function makeSvg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | number> = {},
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

/** One of the symbols at the end of index.html. */
export function icon(name: string): SVGSVGElement {
  const svg = makeSvg("svg", { class: "icon", "aria-hidden": "true" });
  svg.append(makeSvg("use", { href: `#i-${name}` }));
  return svg;
}

/** Sets the text only if it is another: what stands still is not read out, or laid out, again. */
export function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Runs `draw` once before the next picture of the screen, however often it is asked for. */
export function eachFrame(draw: () => void): () => void {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      draw();
    });
  };
}

/** The sentence of whatever was thrown. */
export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
