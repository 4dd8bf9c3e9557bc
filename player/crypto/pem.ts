// SPDX-License-Identifier: Apache-2.0
// PEM (RFC 7468).

/** The labels of all blocks, in order. */
export function pemLabels(text: string): string[] {
  return Array.from(text.matchAll(/^-----BEGIN ([^-\r\n]+)-----/gm), ([, label]) => label!);
}

/** What stands between the lines of this label; null if there is no such block, or it is not base64. */
export function readPem(text: string, label: string): Uint8Array<ArrayBuffer> | null {
  const begin = `-----BEGIN ${label}-----`;
  const end = `-----END ${label}-----`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) return null;
  try {
    const binary = atob(text.slice(from + begin.length, to).replace(/\s+/g, ""));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
