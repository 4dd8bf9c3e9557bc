// SPDX-License-Identifier: Apache-2.0
// A picture that leaves the page; while anybody is unsealed the audit log has it first.

import { laneName, type Picture } from "../protocol.ts";
import { make } from "./dom.ts";
import type { Engine } from "./engine.ts";
import { announce } from "./notices.ts";
import type { Playback } from "./playback.ts";
import type { Seal, Unsealed } from "./seal.ts";
import { clock } from "./times.ts";
import { byTarget, targetsWords } from "./words.ts";

const KEPT_MS = 60_000; // until the browser has surely read it

/** Live the picture may be another when it is taken, so that is whoever may be shown. */
function whoIsIn(picture: Picture | null, now: Unsealed | null, live: boolean): string {
  if (now && live) return now.written.words(now.grant?.id ?? "");
  const shown = picture?.regions.filter((region) => region.state === "shown") ?? [];
  return shown.length > 0 ? targetsWords(shown.sort(byTarget).map(laneName)) : "nobody";
}

function download(png: Blob, name: string): void {
  const url = URL.createObjectURL(png);
  make("a", { href: url, download: name }).click();
  window.setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}

/** It stands still meanwhile, so that what is written down is what is taken. */
export async function takeSnapshot(
  engine: Engine,
  playback: Playback,
  seal: Seal,
  title: string,
): Promise<void> {
  const resume = playback.state.playing && !playback.live;
  if (resume) await playback.pause();
  try {
    const who = whoIsIn(playback.state.picture, seal.now, playback.live);
    await seal.noted(`snapshot at ${clock(playback.time)}: ${who}`, async () => {
      const { png, name } = await engine.request("snapshot", { title });
      download(png, name);
      announce(`Saved ${name}`);
    });
  } finally {
    if (resume) await playback.play();
  }
}
