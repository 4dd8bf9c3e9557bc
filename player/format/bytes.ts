// SPDX-License-Identifier: Apache-2.0

/** What a stream must not hold; docs/format.md, section 13, says what follows. */
export class Refused extends Error {}

export function need(holds: boolean, why: string): asserts holds {
  if (!holds) throw new Refused(why);
}

/** Reads from the front, and never past the end. */
export class Reader {
  private readonly view: DataView;
  at = 0;

  constructor(readonly data: Uint8Array) {
    this.view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  get left(): number {
    return this.data.length - this.at;
  }

  /** A view of the next `size` bytes. */
  take(size: number): Uint8Array {
    need(size <= this.left, "ends early");
    this.at += size;
    return this.data.subarray(this.at - size, this.at);
  }

  u8(): number {
    need(this.left >= 1, "ends early");
    return this.view.getUint8(this.at++);
  }

  u32(): number {
    need(this.left >= 4, "ends early");
    this.at += 4;
    return this.view.getUint32(this.at - 4);
  }

  /** As a number: what is beyond 2^53 is no time and no size. */
  u64(): number {
    return this.u32() * 2 ** 32 + this.u32();
  }

  /** An integer of variable length, section 2. */
  vlq(): number {
    let byte = this.u8();
    let value = byte & 0x7f;
    need(byte !== 0x80, "a number begins with zero");
    for (let n = 1; byte & 0x80; n++) {
      need(n < 5, "a number is too long");
      byte = this.u8();
      value = value * 128 + (byte & 0x7f);
    }
    need(value < 2 ** 32, "a number is too large");
    return value;
  }

  end(): void {
    need(this.left === 0, "bytes are left over");
  }
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

export function concat(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function ascii(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

export function u32(value: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
