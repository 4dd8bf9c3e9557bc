// SPDX-License-Identifier: Apache-2.0
// Whom the viewer wants to see, and for whom that has been written down.

import { type ClassName, type Lane, type LaneName, laneName, type Shown } from "../protocol.ts";
import { targetsWords } from "./words.ts";

/** Everybody; or whole classes, also of people who are yet to come; or single lanes. */
export class Whom {
  everybody = false;
  readonly classes = new Set<ClassName>();
  readonly lanes = new Set<LaneName>();

  copy(): Whom {
    const copy = new Whom();
    copy.everybody = this.everybody;
    for (const name of this.classes) copy.classes.add(name);
    for (const name of this.lanes) copy.lanes.add(name);
    return copy;
  }

  has(lane: Lane): boolean {
    return this.everybody || this.classes.has(lane.class) || this.lanes.has(laneName(lane));
  }

  setEverybody(on: boolean): void {
    this.everybody = on;
    this.classes.clear();
    this.lanes.clear();
  }

  setClass(name: ClassName, on: boolean, all: readonly ClassName[], known: readonly Lane[]): void {
    if (this.everybody && !on) {
      this.everybody = false;
      for (const other of all) this.classes.add(other);
    }
    if (on) this.classes.add(name);
    else this.classes.delete(name);
    for (const lane of known) if (lane.class === name) this.lanes.delete(laneName(lane));
  }

  setLane(lane: Lane, on: boolean, all: readonly ClassName[], known: readonly Lane[]): void {
    if (on) {
      if (!this.has(lane)) this.lanes.add(laneName(lane));
      return;
    }
    if (this.everybody || this.classes.has(lane.class)) {
      this.setClass(lane.class, false, all, known);
      for (const other of known) if (other.class === lane.class) this.lanes.add(laneName(other));
    }
    this.lanes.delete(laneName(lane));
  }

  /** For the engine; it knows names only, so a class is everybody of it who is known by now. */
  shown(known: readonly Lane[]): Shown {
    if (this.everybody) return "everybody";
    const names = new Set(this.lanes);
    for (const lane of known) if (this.has(lane)) names.add(laneName(lane));
    return [...names];
  }
}

/** What the audit log has been told by now. */
export class Written {
  private readonly whom = new Whom();

  /** What is to be written before `whom` is shown; "" if all of it is written. `grant`: "ID opens (whom)", or "". */
  missing(whom: Whom, grant: string): string {
    if (this.whom.everybody) return "";
    if (whom.everybody) return grant ? `what grant ${grant}` : "everybody";
    const classes = [...whom.classes].filter((name) => !this.whom.classes.has(name));
    const lanes = [...whom.lanes].filter((name) => !this.covers(name));
    const words = classes.map((name) => `every ${name}`);
    if (lanes.length > 0) words.push(targetsWords(lanes));
    return words.join(", ");
  }

  add(whom: Whom): void {
    this.whom.everybody ||= whom.everybody;
    for (const name of whom.classes) this.whom.classes.add(name);
    for (const name of whom.lanes) this.whom.lanes.add(name);
  }

  /** All of it, as in `missing`. */
  words(grant: string): string {
    return new Written().missing(this.whom, grant) || "nobody";
  }

  private covers(name: LaneName): boolean {
    return this.whom.lanes.has(name) || [...this.whom.classes].some((word) => name.endsWith(` ${word}`));
  }
}
