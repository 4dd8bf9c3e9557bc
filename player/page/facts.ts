// SPDX-License-Identifier: Apache-2.0
// The panels of facts: the picture that stands on the canvas, and the recording as a whole.

import type { Opened, Picture, RegionState, State } from "../protocol.ts";
import type { Inspection } from "./api.ts";
import { byId, say } from "./dom.ts";
import { clock, utc } from "./times.ts";
import { counted } from "./words.ts";

const STATES: readonly RegionState[] = ["shown", "hidden", "denied", "missing", "broken"];

const FACTS = ["time", "regions", "recovery", "utc", "epoch", "stream"];

const RECOVERY: Record<Picture["recovery"], string> = {
  good: "good",
  changed: "the picture was changed after it was sealed",
  unreadable: "unreadable",
  absent: "none with this picture",
};

/** "3 shown, 2 hidden, 1 denied" */
function regionWords(picture: Picture): string {
  const words: string[] = [];
  for (const state of STATES) {
    const n = picture.regions.filter((region) => region.state === state).length;
    if (n > 0) words.push(`${n} ${state}`);
  }
  return words.join(", ") || "none";
}

export function drawPicture(picture: Picture | null): void {
  byId("picture-utc-words").hidden = !picture?.utcMs;
  if (!picture) {
    for (const fact of FACTS) say(byId(`picture-${fact}`), "–");
    return;
  }
  const recovery = byId("picture-recovery");
  recovery.classList.toggle("bad-words", picture.recovery === "changed" || picture.recovery === "unreadable");
  say(recovery, RECOVERY[picture.recovery]);
  say(byId("picture-time"), clock(picture.time));
  say(byId("picture-regions"), regionWords(picture));
  say(byId("picture-utc"), picture.utcMs > 0 ? utc(picture.utcMs) : "not told");
  say(byId("picture-epoch"), picture.stream ? `${picture.epoch}, picture ${picture.number}` : "–");
  say(byId("picture-stream"), picture.stream || "not known");
}

export function drawRecording(opened: Opened | null, inspection: Inspection | null, state: State): void {
  const codec = inspection?.codec ?? opened?.codec ?? "";
  const { width, height } = inspection ?? opened ?? { width: 0, height: 0 };
  say(byId("recording-video"), width > 0 ? `${codec}, ${width} × ${height}` : "–");
  say(byId("recording-protected"), inspection ? protectedWords(inspection) : "–");
  say(byId("recording-recipients"), inspection ? inspection.recipients.join(", ") || "nobody" : "–");
  const played = counted(state.decodedPictures, "picture");
  say(byId("recording-recovered"), `in ${state.recoveredPictures} of ${played} played`);
}

function protectedWords(inspection: Inspection): string {
  const { pictures, protected_pictures: n, damaged_messages: damaged } = inspection;
  if (n === 0) return "no: it carries no recovery data";
  const all = counted(pictures, "picture");
  const hidden = inspection.hidden_pictures > 0 ? `; ${counted(inspection.hidden_pictures, "picture")} never shown, by the file's edit list` : "";
  const words = (n === pictures ? `all ${all}` : `${n} of ${all}`) + hidden;
  return damaged > 0 ? `${words}; ${counted(damaged, "damaged message")}` : words;
}
