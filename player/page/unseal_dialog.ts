// SPDX-License-Identifier: Apache-2.0
// The dialog that asks for key, grant, reason and whom. What it is told it hands on, and keeps nothing.

import { byId, say, sentence } from "./dom.ts";
import type { Wish } from "./seal.ts";

const MOST_KEY = 64 * 1024; // bytes of a key file
const MOST_GRANT = 16 * 1024 * 1024;

async function textOf(input: HTMLInputElement, most: number, what: string): Promise<string> {
  const file = input.files?.[0];
  if (!file) return "";
  if (file.size > most) throw new Error(`${file.name} is too large to be a ${what}.`);
  try {
    return await file.text();
  } catch {
    throw new Error(`${file.name} cannot be read.`);
  }
}

export class UnsealDialog {
  private readonly dialog = byId("unseal-dialog", HTMLDialogElement);
  private readonly key = byId("key-file", HTMLInputElement);
  private readonly passphrase = byId("passphrase", HTMLInputElement);
  private readonly grant = byId("grant-file", HTMLInputElement);
  private readonly reason = byId("reason", HTMLInputElement);
  private readonly case = byId("case", HTMLInputElement);
  private readonly now = byId("unseal-now", HTMLButtonElement);
  private readonly cancel = byId("unseal-cancel", HTMLButtonElement);
  private readonly problem = byId("unseal-problem");
  private submit: (wish: Wish) => Promise<void> = () => Promise.resolve();
  private busy = false;

  constructor() {
    this.now.addEventListener("click", () => void this.go());
    this.cancel.addEventListener("click", () => this.close());
    this.dialog.addEventListener("cancel", (event) => {
      if (this.busy) event.preventDefault();
    });
    this.dialog.addEventListener("close", () => this.clear());
    this.dialog.addEventListener("keydown", (event) => {
      const typed = event.target instanceof HTMLInputElement && /text|password/.test(event.target.type);
      if (event.key === "Enter" && typed && !event.isComposing) void this.go();
    });
    this.dialog.addEventListener("dragover", (event) => event.preventDefault());
    this.dialog.addEventListener("drop", (event) => this.drop(event));
  }

  /** `submit` fails with a sentence, and the dialog stays; if it succeeds, the dialog closes. */
  open(submit: (wish: Wish) => Promise<void>): void {
    if (this.dialog.open) return;
    this.submit = submit;
    this.dialog.showModal();
  }

  close(): void {
    if (this.dialog.open && !this.busy) this.dialog.close();
  }

  /** A dropped grant goes to the grants, anything else is the key. */
  private drop(event: DragEvent): void {
    event.preventDefault();
    const files = event.dataTransfer?.files;
    if (!files || files.length === 0 || this.busy) return;
    for (const file of files) {
      const one = new DataTransfer();
      one.items.add(file);
      (/\.grant$/i.test(file.name) ? this.grant : this.key).files = one.files;
    }
  }

  private async go(): Promise<void> {
    if (this.busy) return;
    const missing = this.missing();
    if (missing) {
      say(this.problem, missing.words);
      missing.field.setAttribute("aria-invalid", "true");
      missing.field.focus();
      return;
    }
    this.setBusy(true);
    try {
      await this.submit(await this.take());
      this.setBusy(false);
      this.dialog.close();
    } catch (error) {
      this.setBusy(false);
      say(this.problem, sentence(error));
      this.passphrase.focus();
    }
  }

  private missing(): { field: HTMLInputElement; words: string } | null {
    for (const field of [this.key, this.reason]) field.removeAttribute("aria-invalid");
    if (!this.key.files?.[0]) return { field: this.key, words: "Choose the private key file." };
    if (this.reason.value.trim()) return null;
    return { field: this.reason, words: "Give a reason: it is written into the audit log." };
  }

  /** The passphrase is out of the page's fields from here on, whatever comes of it. */
  private async take(): Promise<Wish> {
    const passphrase = this.passphrase.value;
    this.passphrase.value = "";
    return {
      key: await textOf(this.key, MOST_KEY, "key"),
      passphrase,
      grant: await textOf(this.grant, MOST_GRANT, "grant"),
      why: this.reason.value.trim(),
      case: this.case.value.trim(),
      everybody: byId("whom-everybody", HTMLInputElement).checked,
    };
  }

  private setBusy(busy: boolean): void {
    this.busy = busy;
    this.now.disabled = this.cancel.disabled = busy;
    if (busy) say(this.problem, "");
    say(this.now, busy ? "Opening…" : "Unseal");
  }

  private clear(): void {
    for (const field of [this.key, this.passphrase, this.grant, this.reason, this.case]) {
      field.value = "";
      field.removeAttribute("aria-invalid");
    }
    byId("whom-everybody", HTMLInputElement).checked = true;
    say(this.problem, "");
  }
}
