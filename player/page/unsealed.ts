// SPDX-License-Identifier: Apache-2.0
// How the page looks while somebody is unsealed, so that nobody overlooks it; and the switches.

import { byId, say } from "./dom.ts";
import type { Unsealed } from "./seal.ts";
import type { Whom } from "./whom.ts";
import { CLASSES, grantWords } from "./words.ts";

function facts(now: Unsealed, who: string): string {
  const { everybody, classes, lanes } = now.whom;
  const nobody = !everybody && classes.size + lanes.size === 0;
  const words = [`by ${who}`, `for “${now.why}”`];
  if (now.case && now.case !== now.grant?.case) words.push(`case ${now.case}`);
  words.push(`with key ${now.key}`);
  if (now.grant) words.push(grantWords(now.grant, now.why));
  const sentences = `${words.join(", ")}.`;
  return nobody ? `${sentences} Nobody is shown yet: switch them on in the timeline.` : sentences;
}

/** Returns whether it has changed. */
export function drawUnsealed(now: Unsealed | null, who: string, recording: string): boolean {
  const root = document.documentElement.classList;
  const changed = root.contains("unsealed") !== (now !== null);
  root.toggle("unsealed", now !== null);
  document.title = now ? `Unsealed: ${recording} – Bauta player` : `${recording} – Bauta player`;
  byId("unsealed").hidden = now === null;
  say(byId("unsealed-facts"), now ? facts(now, who) : "");
  const [shown, other] = now ? ["forget", "unseal"] : ["unseal", "forget"];
  const hadFocus = document.activeElement?.id === other;
  byId(shown).hidden = false;
  byId(other).hidden = true;
  if (hadFocus) byId(shown).focus();
  byId("switches").hidden = now === null;
  drawSwitches(now?.whom ?? null);
  return changed;
}

function drawSwitches(whom: Whom | null): void {
  const everybody = byId("show-everybody", HTMLInputElement);
  everybody.checked = whom?.everybody ?? false;
  everybody.indeterminate = !everybody.checked && whom !== null && whom.classes.size + whom.lanes.size > 0;
  for (const name of CLASSES) {
    const box = byId(`show-${name}`, HTMLInputElement);
    box.checked = whom !== null && (whom.everybody || whom.classes.has(name));
    const some = [...(whom?.lanes ?? [])].some((lane) => lane.endsWith(` ${name}`));
    box.indeterminate = !box.checked && some;
  }
}
