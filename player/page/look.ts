// SPDX-License-Identifier: Apache-2.0
// Asks the server what it knows of a recording without a key; when it knows all, whether that is still the same file.

import type { Api, Looked } from "./api.ts";
import { sentence } from "./dom.ts";
import { tell, untell } from "./notices.ts";

const RUNNING_MS = 1000;
const LIVE_MS = 2000;
const AFTER_PROBLEM_MS = 5000;
const DONE_MS = 10_000;

/** Returns what ends the asking. */
export function keepLooking(api: Api, id: string, live: boolean, looked: (look: Looked) => void): () => void {
  let known = false;
  let timer = 0;
  let ended = false;
  let problem = "";
  const ask = async (): Promise<void> => {
    let next = live ? LIVE_MS : RUNNING_MS;
    try {
      const look = await api.look(id);
      if (ended) return;
      if (problem) untell(problem);
      problem = "";
      known = true;
      looked(look);
      if (look.state !== "running") next = DONE_MS;
    } catch (error) {
      if (ended) return;
      if (problem !== sentence(error)) tell((problem = sentence(error)));
      if (!known) looked({ state: "failed", problem, inspection: null, verification: null });
      next = AFTER_PROBLEM_MS;
    }
    timer = window.setTimeout(() => void ask(), next);
  };
  void ask();
  return () => {
    ended = true;
    window.clearTimeout(timer);
  };
}
