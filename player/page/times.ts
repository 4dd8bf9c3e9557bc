// SPDX-License-Identifier: Apache-2.0
// Times and sizes as people read them.

function two(n: number): string {
  return String(n).padStart(2, "0");
}

/** "0:12.3", "1:02:03.4" */
export function clock(seconds: number): string {
  const tenths = Math.max(0, Math.floor(seconds * 10 + 0.01)); // 12.3 is a hair less than 12.3 in binary
  const whole = Math.floor(tenths / 10);
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  const rest = `${two(whole % 60)}.${tenths % 10}`;
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/** "0:12.3 to 0:13.1", or one time if it is one. */
export function stretch(first: number, last: number): string {
  return clock(first) === clock(last) ? clock(first) : `${clock(first)} to ${clock(last)}`;
}

/** "2026-11-25 10:15:00.3 UTC" */
export function utc(ms: number): string {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return "a time that is none";
  return `${date.toISOString().slice(0, 21).replace("T", " ")} UTC`;
}

/** In this computer's own time zone, to the minute. */
export function localTime(ms: number): string {
  return new Date(ms).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

/** "12.3 MB" */
export function size(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let unit = 0;
  while (bytes >= 1000 && unit < units.length - 1) {
    bytes /= 1000;
    unit++;
  }
  return `${unit === 0 ? bytes : bytes.toFixed(1)} ${units[unit]}`;
}

/** The distance of a ruler's marks, in seconds, so that there are `most` of them at most. */
export function markDistance(seconds: number, most: number): number {
  const nice = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200];
  return nice.find((distance) => seconds / distance <= most) ?? 86400;
}
