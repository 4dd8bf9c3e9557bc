// SPDX-License-Identifier: Apache-2.0
// What things are called on the page and in the audit log.

import { type ClassName, type GrantFacts, type Lane, type LaneName, laneName } from "../protocol.ts";
import type { Finding } from "./api.ts";
import { stretch, utc } from "./times.ts";

export const CLASSES: readonly ClassName[] = ["face", "head", "body"];

const WHOLE_PICTURE = 0;
const FIRST_WINDOW = 0xffffff00;

/** "3", "whole picture", "hidden window 1" */
export function targetLabel(target: number): string {
  if (target === WHOLE_PICTURE) return "whole picture";
  return target >= FIRST_WINDOW ? `hidden window ${target - FIRST_WINDOW + 1}` : String(target);
}

/** "3 face"; what is nobody has no class that means anything. */
export function laneLabel(lane: Lane): string {
  const somebody = lane.target !== WHOLE_PICTURE && lane.target < FIRST_WINDOW;
  return somebody ? laneName(lane) : targetLabel(lane.target);
}

/** For sorting. */
export function byTarget(a: Lane, b: Lane): number {
  return a.target - b.target || CLASSES.indexOf(a.class) - CLASSES.indexOf(b.class);
}

/** "targets 3 face, 4 body" */
export function targetsWords(names: Iterable<LaneName>): string {
  return `targets ${[...names].join(", ")}`;
}

/** "4 pictures", "1 epoch" */
export function counted(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

const COUNTED_IN_EPOCHS = new Set([
  "locked", "rewrapped", "header changed", "recipients changed", "parameters changed",
  "epochs cut out", "epoch moved", "head cut off",
]);

export function isKey(id: string): boolean {
  return /[^0]/.test(id);
}

/** "picture changed, 0:12.3 to 0:13.1, 4 pictures, by key a7fb…" */
export function findingWords(finding: Finding, signerName: (key: string) => string): string {
  const words = [finding.finding, stretch(finding.first, finding.last)];
  if (finding.count > 0) {
    words.push(counted(finding.count, COUNTED_IN_EPOCHS.has(finding.finding) ? "epoch" : "picture"));
  }
  if (isKey(finding.key)) words.push(`by ${signerName(finding.key)}`);
  if (finding.utc_ms > 0) words.push(utc(finding.utc_ms));
  if (finding.reason) words.push(`“${finding.reason}”`);
  if (finding.finding === "locked") words.push("an earlier grant opens what was not erased");
  return words.join(", ");
}

export type Tone = "good" | "bad" | "warn" | "plain";

export function findingTone(finding: Finding): Tone {
  if (finding.finding === "unsigned" || finding.finding === "unknown signer") return "warn";
  if (finding.fault) return "bad";
  if (finding.finding === "authentic") return "good";
  return finding.finding === "joined" ? "plain" : "warn";
}

/** Why this grant cannot be used, or null. */
export function grantProblem(grant: GrantFacts, key: string): string | null {
  if (grant.signed === "forged") {
    return `Grant ${grant.id} is forged: its signature does not belong to what it says. Nothing is shown.`;
  }
  if (!grant.forThisKey) return `Grant ${grant.id} is for another key, not for ${key}. Nothing is shown.`;
  if (!grant.complete) {
    const by = grant.approved.join(", ");
    const who = by ? `approved so far by ${by}` : "nobody approved it yet";
    return `Grant ${grant.id} is incomplete: it still wants approvals (${who}). Nothing is shown.`;
  }
  if (grant.expired) return `Grant ${grant.id} has expired, on ${utc(grant.expiresMs)}. Nothing is shown.`;
  return null;
}

/** Why nothing opens. */
export function deniedWords(key: string, grant: GrantFacts | null, recipients: readonly string[]): string {
  const nothing = "opens nothing of this recording";
  if (grant) return `Grant ${grant.id} ${nothing} with key ${key}. Nothing is shown.`;
  if (recipients.length === 0) return `Key ${key} ${nothing}. Nothing is shown.`;
  return `This key ${nothing}: it is sealed to ${recipients.join(", ")}; yours is ${key}. Nothing is shown.`;
}

/** "face, head, body of targets 3, 8" */
export function grantScope(grant: GrantFacts): string {
  const numbers = grant.targets.map(targetLabel).join(", ");
  const whom = numbers ? `target${grant.targets.length === 1 ? "" : "s"} ${numbers}` : "everybody";
  return `${grant.classes.join(", ")} of ${whom}`;
}

/** Whether it is about this target and class, at some time. */
export function grantCovers(grant: GrantFacts, lane: Lane): boolean {
  return grant.classes.includes(lane.class) && (grant.targets.length === 0 || grant.targets.includes(lane.target));
}

/** What a grant says, for the person who uses it for this reason. */
export function grantWords(grant: GrantFacts, why: string): string {
  const words = [`grant ${grant.id} opens ${grantScope(grant)}`];
  if (grant.reason && grant.reason !== why) words.push(`for “${grant.reason}”`);
  if (grant.case) words.push(`case ${grant.case}`);
  words.push(grant.signed === "good" ? `signed by ${grant.signer}` : "unsigned grant");
  if (grant.approved.length > 0) words.push(`approved by ${grant.approved.join(", ")}`);
  words.push(grant.expiresMs > 0 ? `expires ${utc(grant.expiresMs)}` : "does not expire");
  return words.join(", ");
}
