// SPDX-License-Identifier: Apache-2.0
// What the page asks the local server (docs/player.md). Failures are sentences for the user.

import type { ClassName } from "../protocol.ts";

export interface Session {
  version: string;
  who: string;
  signers: { file: string; key: string }[];
}

export interface Recording {
  id: string;
  name: string;
  size: number;
  modified_ms: number;
  live: boolean;
}

export interface LaneSpans {
  target: number;
  class: ClassName;
  spans: [number, number][];
}

export interface Inspection {
  codec: string;
  width: number;
  height: number;
  duration: number;
  truncated: boolean;
  pictures: number;
  hidden_pictures: number; // by an edit list: they have no time
  protected_pictures: number;
  damaged_messages: number;
  streams: number;
  stream: string;
  recipients: string[];
  lanes: (LaneSpans & { missing: number })[];
}

export interface Finding {
  finding: string;
  fault: boolean;
  first: number;
  last: number;
  count: number;
  stream: string;
  epoch: number;
  last_epoch: number;
  key: string;
  utc_ms: number;
  reason: string;
}

export interface Verification {
  authentic: boolean;
  pictures: number;
  authentic_pictures: number;
  epochs: number;
  shows_more: boolean; // the file shows pictures that nobody signed, or not all of those that are
  not_covered: string[]; // what no signature covers, as "sound (aac)"
  findings: Finding[];
}

export interface Looked {
  state: "running" | "done" | "failed";
  problem: string;
  etag?: string; // of the file that was looked at; none when live
  inspection: Inspection | null;
  verification: Verification | null;
}

export interface AuditRow {
  recording: string;
  outcome: "begun" | "done" | "denied" | "failed";
  what: string;
  why: string;
  case: string;
  key: string;
  stream: string;
  grant: string;
  approved: string;
}

/** The server does not know the token: another one runs there now. */
export class WrongToken extends Error {}

export class Api {
  constructor(readonly token: string) {}

  static path(kind: "video" | "look", id: string): string {
    return `/api/${kind}/${id.split("/").map(encodeURIComponent).join("/")}`;
  }

  session(): Promise<Session> {
    return this.get("/api/session");
  }

  recordings(): Promise<Recording[]> {
    return this.get("/api/recordings");
  }

  look(id: string): Promise<Looked> {
    return this.get(Api.path("look", id));
  }

  /** Resolves when the row is in the log. `leaving`: the page goes away meanwhile. */
  async audit(row: AuditRow, leaving = false): Promise<void> {
    const response = await this.fetch("/api/audit", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(row),
      keepalive: leaving,
    });
    if (response.status !== 201) throw new Error(await problemOf(response));
  }

  private async get<T>(path: string): Promise<T> {
    const response = await this.fetch(path, {});
    if (!response.ok) throw new Error(await problemOf(response));
    return (await response.json()) as T;
  }

  private async fetch(path: string, init: RequestInit): Promise<Response> {
    const headers = { ...init.headers, Authorization: `Bearer ${this.token}` };
    let response: Response;
    try {
      response = await fetch(path, { ...init, headers, cache: "no-store", referrerPolicy: "no-referrer" });
    } catch {
      throw new Error("The server does not answer. Does bauta view still run?");
    }
    if (response.status === 401) {
      throw new WrongToken("The server does not know this address. Open the one that it printed last.");
    }
    return response;
  }
}

/** The server's own sentence if it has one: {"problem": "..."}. */
async function problemOf(response: Response): Promise<string> {
  const answer = (await response.json().catch(() => null)) as { problem?: unknown } | null;
  if (typeof answer?.problem === "string" && answer.problem) return `The server says: ${answer.problem}.`;
  return `The server answers ${response.status} ${response.statusText}.`;
}
