// SPDX-License-Identifier: Apache-2.0
// What the player's tests share: Debian's Chromium, TAP, and npm's packages as ./dev setup installed them.
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "../..");
export const MODULES = join(process.env.BAUTA_DATA, "player/node_modules");
const require = createRequire(join(MODULES, "none.js"));

// How it draws: by its software compositor, or by a GPU that is emulated. The first keeps up to 256 pictures of any
// canvas for itself, the second works as with a real one.
const DRAWING = { software: ["--disable-gpu"], emulated: ["--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"] };

/** A browser of our own, that talks to nobody by itself. */
export function launch(drawing = "software") {
  const { chromium } = require("playwright-core");
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: [...DRAWING[drawing], "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--no-proxy-server", "--js-flags=--expose-gc"],
  });
}

export function moduleFile(path) {
  return join(MODULES, path);
}

/** TypeScript as one script that a browser runs. */
export function bundle(file) {
  const esbuild = join(MODULES, "esbuild/bin/esbuild");
  return execFileSync(esbuild, [file, "--bundle", "--format=iife", "--log-level=warning"], {
    encoding: "utf8", maxBuffer: 1 << 26, env: { ...process.env, NODE_PATH: MODULES },
  });
}

/** An empty page at localhost, where a browser has WebCrypto and WebCodecs. */
export async function emptyPage(browser) {
  const server = createServer((_, answer) => answer.setHeader("Content-Type", "text/html").end("<!doctype html><title>t</title>"));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  return { page, close: () => server.close() };
}

let n = 0;
let nBad = 0;

export function check(name, good, detail = "") {
  console.log(`${good ? "ok" : "not ok"} ${++n} - ${name}`);
  if (!good) nBad++;
  if (!good && detail) for (const line of String(detail).split("\n")) console.log(`# ${line}`);
  return good;
}

export function note(text) {
  for (const line of String(text).split("\n")) console.log(`# ${line}`);
}

/** Prints the plan, and ends with the number of failures. */
export function finish() {
  console.log(`1..${n}`);
  process.exit(Math.min(nBad, 100));
}

/** Runs a test; what it throws is one failure more. */
export async function main(test) {
  try {
    await test();
  } catch (error) {
    check("the_test_ran_to_its_end", false, error.stack);
  }
  finish();
}
