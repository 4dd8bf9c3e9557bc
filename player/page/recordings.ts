// SPDX-License-Identifier: Apache-2.0
// The list of recordings to choose from.

import type { Recording } from "./api.ts";
import { byId, make, say } from "./dom.ts";
import { localTime, size } from "./times.ts";
import { counted } from "./words.ts";

/** "door/" for what lies in a folder below the one that was given. */
function folderOf(recording: Recording): string {
  return recording.id.slice(0, recording.id.lastIndexOf("/") + 1);
}

export function drawRecordings(
  recordings: readonly Recording[],
  choose: (recording: Recording) => void,
): void {
  const list = byId("recording-list", HTMLTableElement);
  const rows = recordings.map((recording) => {
    const folder = make("span", { className: "muted" }, folderOf(recording));
    const name = make("button", { type: "button", className: "link" }, folder, recording.name);
    name.addEventListener("click", () => choose(recording));
    const { live } = recording;
    const first = make("th", { scope: "row" }, name);
    if (live) first.append(" ", make("span", { className: "badge live" }, "Live"));
    return make("tr", {}, first, make("td", {}, live ? "–" : size(recording.size)),
      make("td", {}, live ? "now" : localTime(recording.modified_ms)));
  });
  list.tBodies[0]?.replaceChildren(...rows);
  list.hidden = rows.length === 0;
  say(byId("recordings-words"), rows.length > 0
    ? `${counted(rows.length, "recording")}. Whom Bauta has masked in them stays masked until you unseal one.`
    : "There is no recording in the folder that bauta view was given.");
}
