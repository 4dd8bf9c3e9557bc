// SPDX-License-Identifier: Apache-2.0
// What the page and the engine say to each other. The engine is a worker: it has the keys, reads the recording,
// decodes, opens and composes; the page has the buttons. Keys go in by `key` and `grant` and never come out.

/** Classes as in docs/format.md. */
export type ClassName = "face" | "head" | "body";

/** One switch: a target's class. */
export interface Lane {
  target: number;
  class: ClassName;
}

/** "3 face" */
export type LaneName = string;

export function laneName(lane: Lane): LaneName {
  return `${lane.target} ${lane.class}`;
}

/** Whom to show: everybody that opens, or those named. */
export type Shown = "everybody" | LaneName[];

/** Where the recording comes from. `token` is the server's, sent in a header. */
export interface Source {
  url: string;
  token: string;
  live: boolean;
}

export interface Opened {
  codec: string; // "avc1.640028"
  width: number;
  height: number;
  duration: number; // seconds; 0 when live
  etag: string; // which file it is, as the server's look at it says too; "" when live
}

/** What a private key file turned out to be. */
export interface KeyFacts {
  keyId: string; // 16 hex digits
}

/** What a grant's statement says; times are milliseconds since 1970, 0: none. */
export interface GrantFacts {
  id: string;
  issuedMs: number;
  expiresMs: number;
  expired: boolean;
  complete: boolean; // false: a request that still wants approvals
  signer: string; // key id of who granted, "" if nobody signed
  signed: "good" | "forged" | "none";
  forThisKey: boolean;
  reason: string;
  case: string;
  classes: ClassName[];
  targets: number[]; // empty: everybody
  approved: string[]; // key ids of who approved
}

/** What the key, with the grant if there is one, opens of this recording. */
export interface Reach {
  opens: boolean;
  streams: string[]; // stream ids that it opens at least a part of
}

export type RegionState =
  | "shown"
  | "hidden" // the viewer does not want it shown, or nothing is unsealed
  | "denied"
  | "missing"
  | "broken";

/** The picture that stands on the canvas. */
export interface Picture {
  time: number; // seconds from the start
  stream: string; // stream id, 32 hex digits; "" if it is not known
  epoch: number;
  number: number; // within the epoch
  utcMs: number; // by the stream's own word; 0: not told
  width: number; // what the regions are told in: luma samples, turned as shown, not square on every screen
  height: number;
  regions: (Lane & { state: RegionState; x: number; y: number; width: number; height: number })[];
  recovery: "good" | "changed" | "unreadable" | "absent"; // what its own message says of it
}

export interface State {
  playing: boolean;
  waiting: boolean; // for data
  ended: boolean;
  speed: number;
  duration: number; // grows when live
  picture: Picture | null;
  decodedPictures: number; // since it was opened
  recoveredPictures: number; // in which at least one region is shown
}

export interface Snapshot {
  png: Blob;
  name: string; // for the file
  picture: Picture; // that it is of
}

/** What the page asks; each is answered by its own result, or a sentence for the user. */
export interface Requests {
  /** First of all; the canvas is drawn by the engine from now on. Shows the first picture. */
  open: { args: { canvas: OffscreenCanvas; source: Source }; result: Opened };
  play: { args: Record<string, never>; result: null };
  pause: { args: Record<string, never>; result: null };
  /** Resolves when the picture at `time` stands on the canvas. */
  seek: { args: { time: number }; result: null };
  /** One picture ahead, or back. */
  step: { args: { by: 1 | -1 }; result: null };
  speed: { args: { speed: number }; result: null };
  /** Reads a private key; fails with a sentence if the passphrase is wrong. Opens nothing yet. */
  key: { args: { pem: string; passphrase: string }; result: KeyFacts };
  /** Reads a grant for the key that was read before. Opens nothing yet. */
  grant: { args: { pem: string }; result: GrantFacts };
  /** What they open here, from the streams met so far. Shows nothing yet. */
  reach: { args: Record<string, never>; result: Reach };
  /** From now on these are shown. The page has written it into the audit log before. */
  show: { args: { shown: Shown }; result: null };
  /** Drops keys, and shows everybody masked. */
  forget: { args: Record<string, never>; result: null };
  snapshot: { args: { title: string }; result: Snapshot };
}

export type Verb = keyof Requests;

export type ToEngine = { [V in Verb]: { id: number; verb: V; args: Requests[V]["args"] } }[Verb];

export type FromEngine =
  | { id: number; result: unknown }
  | { id: number; problem: string }
  | { state: State }
  /** Live only: who was seen when, as far as it was played. */
  | { lanes: (Lane & { spans: [number, number][] })[] }
  /** Something went wrong outside any request; masked pictures go on if they can. */
  | { fault: string };
