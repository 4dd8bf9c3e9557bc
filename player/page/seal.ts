// SPDX-License-Identifier: Apache-2.0
// The seal of one recording. Nobody is shown before the audit log has it, nobody of whom it has no row.

import type { GrantFacts, Lane } from "../protocol.ts";
import type { Api, AuditRow } from "./api.ts";
import { sentence } from "./dom.ts";
import { tell } from "./notices.ts";
import type { Engine } from "./engine.ts";
import { Whom, Written } from "./whom.ts";
import { deniedWords, grantProblem, grantScope } from "./words.ts";

/** What was asked for in the dialog. */
export interface Wish {
  key: string; // PEM
  passphrase: string;
  grant: string; // PEM, "" without one
  why: string;
  case: string;
  everybody: boolean; // false: nobody before they are switched on
}

export interface Unsealed {
  key: string;
  grant: GrantFacts | null;
  why: string;
  case: string;
  stream: string;
  whom: Whom;
  written: Written;
}

/** What the seal has to know of the recording. */
export interface Sealed {
  readonly recording: string;
  stream(): string;
  recipients(): readonly string[];
  streams(): number; // joined in it
  known(): readonly Lane[];
}

/** What a grant allows, as the log has it. */
function grantOf({ grant }: Unsealed): string {
  return grant ? `${grant.id} opens (${grantScope(grant)})` : "";
}

export class Seal {
  private unsealed: Unsealed | null = null;
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly engine: Engine, private readonly api: Api, private readonly sealed: Sealed,
    private readonly changed: () => void,
  ) {}

  get now(): Unsealed | null {
    return this.unsealed;
  }

  /** Fails with a sentence, and then nothing is open, and the engine has no key. */
  async unseal(wish: Wish): Promise<void> {
    try {
      const { keyId } = await this.engine.request("key", { pem: wish.key, passphrase: wish.passphrase });
      const whom = new Whom();
      whom.setEverybody(wish.everybody);
      const stream = this.sealed.stream();
      const now: Unsealed = {
        key: keyId, grant: null, why: wish.why, case: wish.case, stream, whom, written: new Written(),
      };
      if (wish.grant) now.grant = await this.readGrant(wish.grant, now);
      await this.begin(now);
    } catch (error) {
      await this.engine.request("forget", {}).catch(() => null);
      throw error;
    }
  }

  private async readGrant(pem: string, now: Unsealed): Promise<GrantFacts> {
    let grant: GrantFacts;
    try {
      grant = await this.engine.request("grant", { pem });
    } catch (error) {
      throw await this.refusal(now, "denied", `${sentence(error)} Nothing is shown.`);
    }
    const problem = grantProblem(grant, now.key);
    if (problem) throw await this.refusal({ ...now, grant }, "denied", problem);
    return grant;
  }

  private async begin(now: Unsealed): Promise<void> {
    await this.write(now, now.written.missing(now.whom, grantOf(now)) || "nobody yet");
    now.written.add(now.whom);
    let denied = false;
    try {
      const reach = await this.engine.request("reach", {});
      denied = !reach.opens && !this.mayOpenElsewhere(now);
      if (denied) throw new Error(deniedWords(now.key, now.grant, this.sealed.recipients()));
      now.stream = reach.streams[0] ?? now.stream;
      await this.engine.request("show", { shown: now.whom.shown(this.sealed.known()) });
      if (!reach.opens) tell("Nothing opens at this place. This recording was joined of several: other parts may open.");
    } catch (error) {
      throw await this.refusal(now, denied ? "denied" : "failed", sentence(error));
    }
    this.unsealed = now;
    this.changed();
  }

  /** Streams of a joined file have recipients of their own, and only those met so far were tried. */
  private mayOpenElsewhere({ key, grant }: Unsealed): boolean {
    return this.sealed.streams() > 1 && (grant !== null || this.sealed.recipients().includes(key));
  }

  /** Writes that nothing came of it, and returns what to say. */
  private async refusal(of: Unsealed, outcome: "denied" | "failed", words: string): Promise<Error> {
    const what = new Written().missing(of.whom, grantOf(of)) || "nobody yet";
    try {
      await this.api.audit(this.row(of, outcome, what));
    } catch (error) {
      words += ` That it was refused could not be written into the audit log: ${sentence(error)}`;
    }
    return new Error(words);
  }

  /** Shows others, after writing down who was not written down yet. One change follows the other. */
  change(edit: (whom: Whom) => void): Promise<void> {
    const done = this.last.then(() => this.apply(edit));
    this.last = done.catch(() => undefined);
    return done.finally(this.changed);
  }

  private async apply(edit: (whom: Whom) => void): Promise<void> {
    const now = this.unsealed;
    if (!now) return;
    const whom = now.whom.copy();
    edit(whom);
    const what = now.written.missing(whom, grantOf(now));
    if (what) await this.write(now, what);
    now.written.add(whom);
    if (this.unsealed !== now) return;
    await this.engine.request("show", { shown: whom.shown(this.sealed.known()) });
    now.whom = whom;
  }

  /** Does what takes a picture out of the page; it is written down first if anybody is unsealed. */
  async noted(what: string, work: () => Promise<void>): Promise<void> {
    const now = this.unsealed;
    if (!now) return work();
    await this.write(now, what, "No picture is taken");
    try {
      await work();
    } catch (error) {
      await this.outcome(now, "failed", what);
      throw error;
    }
    await this.outcome(now, "done", what);
  }

  /** Everybody is masked from now on; then the log is told. */
  async forget(): Promise<void> {
    const now = this.unsealed;
    if (!now) return;
    this.unsealed = null;
    const masked = this.engine.request("forget", {});
    // Not after it: the page may be closed by then.
    const told = this.outcome(now, "done", now.written.words(grantOf(now)));
    try {
      await masked;
    } finally {
      this.changed();
      await told;
    }
  }

  /** The page goes away, or the engine has gone: what is left is to say so. */
  leave(outcome: "done" | "failed"): void {
    const now = this.unsealed;
    if (!now) return;
    this.unsealed = null;
    this.engine.request("forget", {}).catch(() => null);
    const row = this.row(now, outcome, now.written.words(grantOf(now)));
    this.api.audit(row, true).catch(() => null);
    this.changed();
  }

  expired(nowMs: number): boolean {
    const expires = this.unsealed?.grant?.expiresMs ?? 0;
    return expires > 0 && nowMs >= expires;
  }

  private async write(of: Unsealed, what: string, refusal = "Nothing is shown"): Promise<void> {
    try {
      await this.api.audit(this.row(of, "begun", what));
    } catch (error) {
      throw new Error(`${refusal}: it could not be written down. ${sentence(error)}`);
    }
  }

  private async outcome(of: Unsealed, outcome: "done" | "failed", what: string): Promise<void> {
    try {
      await this.api.audit(this.row(of, outcome, what), true);
    } catch (error) {
      throw new Error(`How it ended could not be written into the audit log. ${sentence(error)}`);
    }
  }

  private row(of: Unsealed, outcome: AuditRow["outcome"], what: string): AuditRow {
    const { why, key, stream, grant } = of;
    const approved = grant?.approved.join(" ") ?? "";
    return { recording: this.sealed.recording, outcome, what, why, case: of.case || (grant?.case ?? ""), key, stream,
      grant: grant?.id ?? "", approved };
  }
}
