// SPDX-License-Identifier: Apache-2.0
// The page begins: token, session, recordings, and the one that is looked at.

import type { ClassName } from "../protocol.ts";
import { Api, type Recording, WrongToken } from "./api.ts";
import { type Actions, connectControls } from "./controls.ts";
import { byId, say, sentence } from "./dom.ts";
import { connectKeyboard } from "./keyboard.ts";
import { tell, untellAll } from "./notices.ts";
import { Overlay } from "./overlay.ts";
import { drawRecordings } from "./recordings.ts";
import { UnsealDialog } from "./unseal_dialog.ts";
import { Viewer } from "./viewer.ts";
import { CLASSES } from "./words.ts";

const PARTS = ["no-token", "recordings", "viewer"] as const;

let viewer: Viewer | null = null;
let nRecordings = 0;

function showPart(part: (typeof PARTS)[number]): void {
  for (const name of PARTS) byId(name).hidden = name !== part;
  byId("to-recordings").hidden = part !== "viewer" || nRecordings < 2;
}

function show(next: () => Viewer): void {
  viewer?.close();
  untellAll();
  showPart("viewer");
  viewer = next();
  byId("play").focus({ preventScroll: true });
}

async function chooseRecording(api: Api, choose: (recording: Recording) => void): Promise<void> {
  viewer?.close();
  viewer = null;
  document.documentElement.classList.remove("unsealed");
  const recordings = await api.recordings();
  nRecordings = recordings.length;
  const [only] = recordings;
  if (recordings.length === 1 && only) return choose(only);
  byId("live-badge").hidden = true;
  document.title = "Recordings – Bauta player";
  say(byId("title"), "Bauta player");
  drawRecordings(recordings, choose);
  showPart("recordings");
}

function toggleNumbers(overlay: Overlay): void {
  overlay.on = !overlay.on;
  byId("numbers").setAttribute("aria-pressed", String(overlay.on));
  viewer?.drawNumbers();
}

function connectSwitches(): void {
  const everybody = byId("show-everybody", HTMLInputElement);
  everybody.addEventListener("change", () => {
    const on = everybody.checked;
    viewer?.switchWhom((whom) => whom.setEverybody(on));
  });
  const connect = (name: ClassName): void => {
    const box = byId(`show-${name}`, HTMLInputElement);
    box.addEventListener("change", () => {
      const on = box.checked;
      viewer?.switchWhom((whom, known) => whom.setClass(name, on, CLASSES, known));
    });
  };
  for (const name of CLASSES) connect(name);
}

function connect(overlay: Overlay): void {
  const actions: Actions = {
    playback: () => viewer?.playback ?? null,
    snapshot: () => viewer?.snapshot(),
    numbers: () => toggleNumbers(overlay),
    unsealOrForget: () => viewer?.unsealOrForget(),
  };
  connectControls(actions);
  connectKeyboard(actions);
  connectSwitches();
  window.addEventListener("pagehide", () => viewer?.leave());
  window.addEventListener("hashchange", () => location.reload());
  for (const name of ["dragover", "drop"]) document.addEventListener(name, (event) => event.preventDefault());
}

function refuse(words: string): void {
  say(byId("no-token-words"), words);
  showPart("no-token");
}

async function begin(): Promise<void> {
  const overlay = new Overlay();
  const dialog = new UnsealDialog();
  connect(overlay);
  const token = location.hash.slice(1);
  if (!token) return showPart("no-token");
  const api = new Api(token);
  try {
    const session = await api.session();
    say(byId("who"), `${session.who}: what you open is logged under this name`);
    const choose = (recording: Recording): void =>
      show(() => new Viewer(api, session, recording, dialog, overlay));
    const list = (): void => void chooseRecording(api, choose).catch((error) => tell(sentence(error)));
    byId("to-recordings").addEventListener("click", list);
    list();
  } catch (error) {
    if (error instanceof WrongToken) refuse(sentence(error));
    else tell(sentence(error));
  }
}

void begin();
