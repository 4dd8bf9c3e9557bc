// SPDX-License-Identifier: Apache-2.0
// The keys of the help dialog.

import { type Actions, toggleFullScreen } from "./controls.ts";
import { byId } from "./dom.ts";
import type { Playback } from "./playback.ts";

const JUMP = 5; // seconds

/** Whether the focused element has its own use for the key. */
function isTaken(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (document.querySelector("dialog[open]") || target instanceof HTMLSelectElement) return true;
  const pressed = event.key === " " && target.closest("button, summary, [type=checkbox]") !== null;
  if (!(target instanceof HTMLInputElement)) return pressed;
  if (target.type === "range") return /^(Arrow|Home|End|Page)/.test(event.key) && !event.shiftKey;
  return target.type === "checkbox" ? pressed : true;
}

function arrow(playback: Playback, by: 1 | -1, shift: boolean): void {
  if (shift || playback.state.playing) void playback.jump(by * JUMP);
  else void playback.step(by);
}

function onPlayback(playback: Playback, event: KeyboardEvent): boolean {
  if (event.key === " ") void playback.toggle();
  else if (event.key === "ArrowLeft") arrow(playback, -1, event.shiftKey);
  else if (event.key === "ArrowRight") arrow(playback, 1, event.shiftKey);
  else if (event.key === "[") void playback.shiftSpeed(-1);
  else if (event.key === "]") void playback.shiftSpeed(1);
  else if (event.key === "Home") void playback.seek(0);
  else if (event.key === "End") void playback.seek(playback.state.duration);
  else return false;
  return true;
}

export function connectKeyboard(actions: Actions): void {
  const help = byId("help-dialog", HTMLDialogElement);
  byId("help").addEventListener("click", () => help.showModal());
  byId("help-close").addEventListener("click", () => help.close());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || isTaken(event)) return;
    const playback = actions.playback();
    if (event.key === "?") help.showModal();
    else if (!playback) return;
    else if (event.key === "f") toggleFullScreen();
    else if (event.key === "s" && !event.repeat) actions.snapshot();
    else if (event.key === "n") actions.numbers();
    else if (event.key === "u" && !event.repeat) actions.unsealOrForget();
    else if (!onPlayback(playback, event)) return;
    event.preventDefault();
  });
}
