// SPDX-License-Identifier: Apache-2.0
// Key and grant, from their files to a keyring. They live here, in the worker's memory, and nowhere else.
import { openGrant, readGrant, signerId, verifyGrant, type Grant } from "../crypto/grant.ts";
import { Keyring } from "../crypto/keyring.ts";
import { KeyProblem } from "../crypto/key_problem.ts";
import { keyName, readPrivateKey, type PrivateKey } from "../crypto/private_key.ts";
import { equal, hex } from "../format/bytes.ts";
import { CLASS_NAMES } from "../format/messages.ts";
import type { ClassName, GrantFacts, KeyFacts } from "../protocol.ts";

function isExpired(grant: Grant): boolean {
  return grant.statement.expiresMs > 0 && grant.statement.expiresMs <= Date.now();
}

export class Keys {
  private key: PrivateKey | null = null;
  private grant: Grant | null = null;
  private signed: GrantFacts["signed"] = "none";
  private opened: Keyring | null = null; // by these two: a grant may hold many keys

  async readKey(pem: string, passphrase: string): Promise<KeyFacts> {
    this.forget();
    this.key = await readPrivateKey(pem, passphrase);
    return { keyId: keyName(this.key) };
  }

  async readGrant(pem: string): Promise<GrantFacts> {
    if (!this.key) throw new KeyProblem("A grant wants its holder's key first.");
    this.grant = this.opened = null;
    const grant = await readGrant(pem);
    const s = grant.statement;
    this.signed = await verifyGrant(grant);
    this.grant = grant;
    return {
      id: hex(s.id), issuedMs: s.issuedMs, expiresMs: s.expiresMs, expired: isExpired(grant), complete: grant.complete,
      signer: await signerId(grant), signed: this.signed, forThisKey: equal(s.holder, this.key.public),
      reason: s.reason, case: s.case, targets: s.targets, approved: grant.approved,
      classes: CLASS_NAMES.filter((name, number) => name && s.classes & (1 << number)) as ClassName[],
    };
  }

  /** What opens capsules. KeyProblem: nothing does, and why. */
  async keyring(): Promise<Keyring> {
    if (!this.key) throw new KeyProblem("There is no key.");
    const { key, grant } = this;
    if (!grant) return (this.opened ??= new Keyring(key, null));
    if (!grant.complete) throw new KeyProblem("This grant still wants approvals: it opens nothing yet.");
    if (isExpired(grant)) throw new KeyProblem("This grant has expired.");
    if (this.signed === "forged") throw new KeyProblem("The signature of this grant is not of its words.");
    if (!equal(grant.statement.holder, key.public)) throw new KeyProblem("This grant is for another key.");
    if (this.opened) return this.opened;
    const granted = await openGrant(grant, key);
    if (!granted) throw new KeyProblem("This grant was altered: its keys do not open.");
    const opened = new Keyring(key, granted, grant.statement.expiresMs);
    if (this.key === key && this.grant === grant) this.opened = opened;
    return opened;
  }

  forget(): void {
    this.key = null;
    this.grant = null;
    this.opened = null;
    this.signed = "none";
  }
}
