// SPDX-License-Identifier: Apache-2.0
// A picture that leaves the page; while anybody is unsealed the audit log has it first.

import { laneName, type Picture } from "../protocol.ts";
import { make } from "./dom.ts";
import type { Engine } from "./engine.ts";
import { announce } from "./notices.ts";
import type { Seal } from "./seal.ts";
import { byTarget, targetsWords } from "./words.ts";

const KEPT_MS = 60_000; // until the browser has surely read it

function whoIsIn(picture: Picture): string {
  const shown = picture.regions.filter((region) => region.state === "shown");
  return shown.length > 0 ? targetsWords(shown.sort(byTarget).map(laneName)) : "nobody";
}

function download(png: Blob, name: string): void {
  const url = URL.createObjectURL(png);
  make("a", { href: url, download: name }).click();
  window.setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}

/** It is taken, then written down, then handed out: so the log tells of that very picture. */
export async function takeSnapshot(engine: Engine, seal: Seal, title: string): Promise<void> {
  const { png, name, picture } = await engine.request("snapshot", { title });
  const who = whoIsIn(picture);
  if (!seal.now && who !== "nobody") throw new Error("The key was forgotten meanwhile: no picture is taken.");
  await seal.noted(`snapshot ${name}: ${who}`, async () => {
    download(png, name);
    announce(`Saved ${name}`);
  });
}
