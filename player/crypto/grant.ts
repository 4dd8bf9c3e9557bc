// SPDX-License-Identifier: Apache-2.0
// Grants: which keys of the tree they hold, and opening them; docs/grants.md.
import { Reader, Refused, ascii, concat, equal, hex, need } from "../format/bytes.ts";
import { open } from "./hpke.ts";
import { readPem } from "./pem.ts";
import { KeyProblem } from "./key_problem.ts";
import type { PrivateKey } from "./private_key.ts";
import { ALL_CLASSES, parseStatement, type EpochSpan, type Statement } from "./statement.ts";
import type { TreeKey } from "./tree.ts";

const MAX_KEYS = 131072;
const KEY = 32;
const MEMBER_SHARE = 80;

export interface Grant {
  statement: Statement;
  complete: boolean; // false: a request
  approved: string[]; // key ids of the members who approved
  signer: Uint8Array | null; // raw Ed25519 public key
  statementBytes: Uint8Array<ArrayBuffer>;
  signature: Uint8Array<ArrayBuffer>;
  head: Uint8Array; // what the sealed keys authenticate
  enc: Uint8Array;
  sealed: Uint8Array;
}

/** A node that opens the epochs below it: its first, its last, its depth. */
export interface GrantedNode extends EpochSpan {
  depth: number;
  key: TreeKey;
}

/** Of one stream. */
export interface GrantedKeys {
  nodes: GrantedNode[]; // everything of their epochs
  below: Map<string, TreeKey>; // "epoch class" and "epoch class target"
}

interface Group {
  threshold: number;
  members: Uint8Array[];
}

function takeGroup(bytes: Uint8Array): Group {
  if (bytes.length === 0) return { threshold: 0, members: [] };
  const r = new Reader(bytes);
  need(r.u8() === 1, "a group of a later version");
  r.take(16);
  const threshold = r.u8();
  const members = Array.from({ length: r.u8() }, () => r.take(32));
  need(threshold >= 1 && threshold <= members.length, "a group that cannot agree");
  r.end();
  return { threshold, members };
}

function takeApprovals(r: Reader, group: Group, complete: boolean): number[] {
  const approvals = Array.from({ length: r.u8() }, () => r.u8());
  need(new Set(approvals).size === approvals.length, "a member who approved twice");
  need(approvals.every((n) => n >= 1 && n <= group.members.length), "an approval by nobody");
  need(complete ? approvals.length === group.threshold : approvals.length < group.threshold, "a wrong number of approvals");
  return approvals;
}

async function keyId(publicKey: Uint8Array): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(publicKey))).subarray(0, 8));
}

async function parse(bytes: Uint8Array): Promise<Grant> {
  const r = new Reader(bytes);
  need(r.u8() === 1, "a later version");
  const kind = r.u8();
  need(kind === 1 || kind === 2, "an unknown kind");
  const complete = kind === 1;
  const headAt = r.at;
  const statementBytes = new Uint8Array(r.take(r.u32()));
  const statement = parseStatement(statementBytes);
  const group = takeGroup(r.take(r.u32()));
  const approvals = takeApprovals(r, group, complete);
  const head = bytes.subarray(headAt, r.at);
  const enc = complete ? r.take(32) : new Uint8Array();
  const sealed = complete ? r.take(r.u32()) : new Uint8Array();
  if (!complete) r.take(statement.streams.length * group.members.length * MEMBER_SHARE * (1 + approvals.length));
  const nSigners = r.u8();
  need(nSigners <= 1, "more than one signer");
  const signer = nSigners ? r.take(32) : null;
  const signature = new Uint8Array(r.take(nSigners * 64));
  r.end();
  const approved = await Promise.all(approvals.map((n) => keyId(group.members[n - 1]!)));
  return { statement, complete, approved, signer, statementBytes, signature, head, enc, sealed };
}

/** Reads the text of a grant's file. KeyProblem says what is wrong with it. */
export async function readGrant(pem: string): Promise<Grant> {
  const bytes = readPem(pem, "BAUTA GRANT");
  if (!bytes) throw new KeyProblem("This file holds no grant.");
  try {
    return await parse(bytes);
  } catch (error) {
    if (error instanceof Refused) throw new KeyProblem(`This grant is damaged: it has ${error.message}.`);
    throw error;
  }
}

/** Whether the statement is as its signer wrote it. */
export async function verifyGrant(grant: Grant): Promise<"good" | "forged" | "none"> {
  if (!grant.signer) return "none";
  const key = await crypto.subtle.importKey("raw", new Uint8Array(grant.signer), "Ed25519", false, ["verify"]);
  const signed = concat(ascii("bauta v1 grant"), grant.statementBytes);
  return (await crypto.subtle.verify("Ed25519", key, grant.signature, signed)) ? "good" : "forged";
}

export async function signerId(grant: Grant): Promise<string> {
  return grant.signer ? keyId(grant.signer) : "";
}

/** The fewest nodes that cover a span, from left to right. */
export function coverOf(span: EpochSpan): Omit<GrantedNode, "key">[] {
  const nodes: Omit<GrantedNode, "key">[] = [];
  for (let first = span.first; first <= span.last; ) {
    let depth = 32;
    for (let size = 2; depth > 0 && first % size === 0 && first + size - 1 <= span.last; size *= 2) depth--;
    nodes.push({ first, last: first + 2 ** (32 - depth) - 1, depth });
    first = nodes[nodes.length - 1]!.last + 1;
  }
  return nodes;
}

/** Hands out the keys in the order that docs/grants.md gives them. */
class Keys {
  private at = 0;
  constructor(private readonly plain: Uint8Array) {}
  next(): TreeKey {
    need(this.at + KEY <= this.plain.length, "fewer keys than its words promise");
    need(this.at < MAX_KEYS * KEY, "too many keys");
    this.at += KEY;
    return new Uint8Array(this.plain.subarray(this.at - KEY, this.at));
  }
  end(): void {
    need(this.at === this.plain.length, "more keys than its words promise");
  }
}

function keysBelow(below: Map<string, TreeKey>, keys: Keys, s: Statement, span: EpochSpan): void {
  for (let epoch = span.first; epoch <= span.last; epoch++)
    for (const class_ of [1, 2, 3].filter((c) => s.classes & (1 << c))) {
      if (s.targets.length === 0) below.set(`${epoch} ${class_}`, keys.next());
      for (const target of s.targets) below.set(`${epoch} ${class_} ${target}`, keys.next());
    }
}

/** The keys of each stream, by its id in hex; null if the grant is not for this key, or was altered. */
export async function openGrant(grant: Grant, key: PrivateKey): Promise<Map<string, GrantedKeys> | null> {
  const s = grant.statement;
  if (!grant.complete || !equal(s.holder, key.public)) return null;
  const plain = await open(key, "bauta v1 grant", grant.head, grant.enc, grant.sealed);
  if (!plain) return null;
  const keys = new Keys(plain);
  const streams = new Map<string, GrantedKeys>();
  for (const stream of s.streams) {
    const granted: GrantedKeys = { nodes: [], below: new Map() };
    for (const span of stream.spans)
      if (s.classes === ALL_CLASSES && s.targets.length === 0)
        for (const node of coverOf(span)) granted.nodes.push({ ...node, key: keys.next() });
      else keysBelow(granted.below, keys, s, span);
    streams.set(hex(stream.id), granted);
  }
  keys.end();
  plain.fill(0);
  return streams;
}
