// SPDX-License-Identifier: Apache-2.0
// The buttons below the video.

import type { State } from "../protocol.ts";
import { byId, make, say } from "./dom.ts";
import { type Playback, SPEEDS } from "./playback.ts";
import { clock } from "./times.ts";

/** What the viewer does; the buttons and the keyboard ask for it. */
export interface Actions {
  playback(): Playback | null;
  snapshot(): void;
  numbers(): void;
  unsealOrForget(): void;
}

function press(id: string, action: () => void): void {
  byId(id, HTMLButtonElement).addEventListener("click", action);
}

/** Once for the page: each recording that is opened later is behind `actions`. */
export function connectControls(actions: Actions): void {
  const seek = byId("seek", HTMLInputElement);
  const speed = byId("speed", HTMLSelectElement);
  for (const times of SPEEDS) speed.append(make("option", { value: String(times) }, `${times}×`));
  press("play", () => void actions.playback()?.toggle());
  press("step-back", () => void actions.playback()?.step(-1));
  press("step-on", () => void actions.playback()?.step(1));
  press("back", () => void actions.playback()?.jump(-5));
  press("on", () => void actions.playback()?.jump(5));
  press("numbers", actions.numbers);
  press("snapshot", actions.snapshot);
  press("unseal", actions.unsealOrForget);
  press("forget", actions.unsealOrForget);
  press("full-screen", toggleFullScreen);
  seek.addEventListener("input", () => void actions.playback()?.seek(seek.valueAsNumber));
  speed.addEventListener("change", () => void actions.playback()?.setSpeed(Number(speed.value)));
  document.addEventListener("fullscreenchange", () => {
    byId("full-screen").setAttribute("aria-pressed", String(document.fullscreenElement !== null));
  });
}

export function toggleFullScreen(): void {
  if (document.fullscreenElement) void document.exitFullscreen();
  else byId("stage").requestFullscreen().catch(() => null);
}

export function drawControls(playback: Playback, state: State): void {
  const { playing, duration } = state;
  say(byId("play-words"), playing ? "Pause" : "Play");
  const sign = byId("play").querySelector("use");
  const href = playing ? "#i-pause" : "#i-play";
  if (sign?.getAttribute("href") !== href) sign?.setAttribute("href", href);
  const time = playback.time;
  say(byId("time"), clock(time));
  say(byId("duration"), clock(duration));
  byId("of-duration").hidden = playback.live;
  const seek = byId("seek", HTMLInputElement);
  seek.hidden = playback.live;
  seek.max = String(duration);
  seek.value = String(time);
  seek.setAttribute("aria-valuetext", `${clock(time)} of ${clock(duration)}`);
  seek.style.setProperty("--played", `${duration > 0 ? (time / duration) * 100 : 0}%`);
  const speed = byId("speed", HTMLSelectElement);
  if (document.activeElement !== speed) speed.value = String(state.speed); // an open list is the user's
}

/** Without a picture nothing can be done; with nothing sealed in it (`empty`) nothing can be unsealed. */
export function enableControls(on: boolean, empty: boolean): void {
  const all = document.querySelectorAll<HTMLButtonElement>("#controls :is(button, input, select)");
  for (const control of all) {
    const enabled = on && !(empty && control.id === "unseal");
    if (control.disabled === enabled) control.disabled = !enabled;
  }
  const nothing = "It carries no recovery data: nothing can be unsealed";
  byId("unseal").title = empty ? nothing : "Show whom your key opens (u)";
}

export function canUnseal(): boolean {
  return !byId("unseal", HTMLButtonElement).disabled;
}

export function offerSeeking(on: boolean): void {
  for (const control of document.querySelectorAll<HTMLElement>("#controls .seeks")) control.hidden = !on;
}
