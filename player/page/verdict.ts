// SPDX-License-Identifier: Apache-2.0
// Is this what was recorded? The answer of the server's verification in words.

import type { Finding, Looked, Session, Verification } from "./api.ts";
import { byId, icon, make, say } from "./dom.ts";
import { stretch } from "./times.ts";
import { counted, findingTone, findingWords, isKey, type Tone } from "./words.ts";

const MOST_LISTED = 300;

export interface Verdict {
  tone: Tone;
  words: string;
}

/** `etag`: of the file that is played; "" if it is not open yet, or live. `signers`: how many were named. */
export function verdict(look: Looked | null, etag: string, signers: number): Verdict {
  const found = look?.verification;
  if (look?.etag && etag && look.etag !== etag) {
    return { tone: "bad", words: "the file has changed since it was opened: open it again" };
  }
  if (look?.state === "failed") return { tone: "bad", words: `cannot be looked at: ${look.problem}` };
  if (!look || !found) return { tone: "plain", words: "being looked at…" };
  const soFar = look.state === "running" ? ", so far" : "";
  const truncated = look.inspection?.truncated ?? false;
  if (found.authentic && !truncated) {
    return { tone: "good", words: `authentic: all of it is as its signer wrote it${soFar}` };
  }
  const faults = found.findings.filter((finding) => finding.fault);
  const none = found.authentic_pictures === 0 && faults.length > 0;
  const only = (name: string): boolean => none && faults.every((finding) => finding.finding === name);
  if (only("unsigned") || found.pictures === 0) {
    return { tone: signers > 0 ? "bad" : "warn", words: `not signed${soFar}` };
  }
  if (only("unknown signer")) {
    return { tone: "warn", words: `signed by a key that nobody named (--signer)${soFar}` };
  }
  if (found.shows_more && faults.length === 0 && !truncated) {
    return { tone: "bad", words: "what is signed is as its signer wrote it, but not all that the file shows is signed" };
  }
  return { tone: "bad", words: `not all of it is as its signer wrote it${soFar}` };
}

/** What a key is called: its file if the server was given it, and its id. */
export function namesOf(session: Session): (key: string) => string {
  return (key) => {
    const signer = session.signers.find((known) => known.key === key);
    return signer ? `key ${key} (${signer.file})` : `key ${key}`;
  };
}

const CERTIFIED = new Set(["erased", "locked", "rewrapped"]); // by whoever did that, maybe another

function signedBy(findings: readonly Finding[], signerName: (key: string) => string): string {
  const signed = findings.filter(({ finding, key }) => !CERTIFIED.has(finding) && isKey(key));
  const keys = new Set(signed.map(({ key }) => key));
  return keys.size > 0 ? [...keys].map(signerName).join(", ") : "nobody";
}

export function drawVerdict(
  look: Looked | null,
  session: Session,
  etag: string,
  seek: ((time: number) => void) | null,
): Verdict {
  const signerName = namesOf(session);
  const { tone, words } = verdict(look, etag, session.signers.length);
  const place = byId("verdict");
  if (place.textContent !== words || place.dataset.tone !== tone) {
    place.dataset.tone = tone;
    place.replaceChildren(icon(tone), make("span", {}, words));
  }
  const found = look?.verification ?? null;
  byId("truncated").hidden = !look?.inspection?.truncated;
  say(byId("verification-words"), found ? countsOf(found) : "");
  say(byId("signed-by"), found ? signedBy(found.findings, signerName) : "–");
  byId("not-covered").hidden = !found?.not_covered.length;
  byId("not-covered").classList.toggle("warn-words", found?.shows_more ?? false);
  say(byId("not-covered"), found ? notCoveredWords(found) : "");
  drawFindingList(found?.findings ?? [], signerName, seek);
  return { tone, words };
}

/** "Not covered by any signature: sound (aac), tags (title)." */
export function notCoveredWords({ not_covered: what }: Verification): string {
  return what.length > 0 ? `Not covered by any signature: ${what.join(", ")}.` : "";
}

function countsOf({ authentic_pictures: n, pictures, epochs }: Verification): string {
  const all = `${counted(pictures, "picture")} in ${counted(epochs, "epoch")}`;
  return `${n} of ${all} ${n === 1 ? "is" : "are"} authentic`;
}

function drawFindingList(
  findings: readonly Finding[],
  signerName: (key: string) => string,
  seek: ((time: number) => void) | null,
): void {
  byId("finding-details").hidden = findings.length === 0;
  say(byId("finding-count"), `(${findings.length})`);
  const items: HTMLElement[] = findings.slice(0, MOST_LISTED).map((finding) => {
    const [name, , ...rest] = findingWords(finding, signerName).split(", ");
    const when = stretch(finding.first, finding.last);
    const given = { type: "button", className: "link", title: "To this time", disabled: !seek } as const;
    const time = make("button", given, when);
    time.addEventListener("click", () => seek?.(finding.first));
    const head = make("div", { className: "head" }, make("strong", {}, name ?? ""), time);
    const more = make("div", { className: "muted" }, rest.join(", "));
    const item = make("li", {}, icon(findingTone(finding)), head, more);
    item.dataset.tone = findingTone(finding);
    return item;
  });
  if (findings.length > MOST_LISTED) items.push(make("li", {}, `and ${findings.length - MOST_LISTED} more`));
  byId("finding-list").replaceChildren(...items);
}
