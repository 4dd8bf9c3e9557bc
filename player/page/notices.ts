// SPDX-License-Identifier: Apache-2.0
// Sentences for the user: what went wrong stays until it is put away; what changed is only read out.

import { byId, icon, make, say } from "./dom.ts";

const MOST = 4;

interface Notice {
  element: HTMLElement;
  count: HTMLElement;
  times: number;
}

const told = new Map<string, Notice>();

export function tell(words: string): void {
  const old = told.get(words);
  if (old) {
    old.times++;
    say(old.count, `${old.times} times`);
    return;
  }
  const count = make("span", { className: "muted" });
  const aria = { label: `Put away: ${words}` };
  const close = make("button", { type: "button", className: "quiet", aria }, icon("close"));
  const element = make("div", { className: "notice" }, icon("bad"), make("p", {}, words), count, close);
  close.addEventListener("click", () => untell(words));
  told.set(words, { element, count, times: 1 });
  byId("notices").append(element);
  const [oldest] = told.keys();
  if (told.size > MOST && oldest !== undefined) untell(oldest);
}

/** It is no longer so. */
export function untell(words: string): void {
  told.get(words)?.element.remove();
  told.delete(words);
}

export function untellAll(): void {
  for (const words of [...told.keys()]) untell(words);
}

/** Reads it out to those who cannot see that it changed. */
export function announce(words: string): void {
  say(byId("announcements"), words);
}
