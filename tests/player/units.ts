// SPDX-License-Identifier: Apache-2.0
// What tools on the way make of access units, and how containers show them: the player finds what it found before.
import { Collector } from "../../player/engine/collector.ts";
import { turnedRect, turnedSize } from "../../player/engine/turn.ts";
import { concat, hex, u32 } from "../../player/format/bytes.ts";
import { readEditList } from "../../player/format/edit_list.ts";
import { isClosedEntry, isOfPicture, isSei, isSkippedLeading, unitsOfByteStream, type Codec } from "../../player/format/units.ts";
import { accessUnits, check, type Bytes } from "./parts.ts";

const CODE = Uint8Array.of(0, 0, 0, 1);
const FOREIGN = Uint8Array.of(6, 1, 2, 0xab, 0xcd, 0x80);
const DELIMITER = Uint8Array.of(9, 0xf0);

function sample(...units: Uint8Array[]): Bytes {
  return concat(...units.flatMap((unit) => [CODE, unit]));
}

/** Access units as strings: M their own messages, R those of the first picture, S all else that is theirs, E foreign SEI, D delimiter. */
function compose(own: Uint8Array[], first: Uint8Array[], letters: string): Bytes {
  const sei = (units: Uint8Array[]) => units.filter((unit) => isSei(unit, "h264"));
  const parts: Record<string, Uint8Array[]> = {
    M: sei(own), R: sei(first), S: own.filter((unit) => !isSei(unit, "h264")), E: [FOREIGN], D: [DELIMITER],
  };
  return sample(...[...letters].flatMap((letter) => parts[letter]!));
}

async function told(samples: Bytes[]): Promise<string> {
  const collector = new Collector("h264", 0);
  const words: string[] = [];
  for (const [i, bytes] of samples.entries()) {
    const c = collector.collect(bytes, i * 1000);
    if (c) words.push(`${c.message!.epoch}.${c.message!.number} ${c.stream!.epoch} ${hex(c.message!.head)} ${await c.changed}`);
  }
  return words.join();
}

export async function unitsOnTheirWay(stream: Bytes): Promise<void> {
  const units = accessUnits(stream, "h264").map(({ sample: bytes }) => unitsOfByteStream(bytes));
  const made = (letters: string) => units.map((own) => compose(own, units[0]!, letters));
  const plain = await told(made("MS"));
  for (const letters of ["SM", "DEMS", "MMS", "RMS", "MRS", "SRM"])
    check(`access_units_as_${letters}_say_the_same`, (await told(made(letters))) === plain);
  const between = made("MS").flatMap((bytes) => [bytes, sample(FOREIGN), sample(DELIMITER)]);
  check("a_sample_without_a_slice_is_no_picture", (await told(between)) === plain);
  const early = units.flatMap((own) => [compose(own, [], "M"), compose(own, [], "S")]);
  check("what_comes_before_its_slice_counts_with_it", (await told(early)) === plain);
  const wrong = await told(units.map((own) => compose(own, units[0]!, "RS")));
  check("a_message_of_another_picture_alone_is_told_apart", wrong !== plain && /true/.test(wrong)); // a control
}

export function kindsOfUnits(): void {
  const kinds = (test: (unit: Uint8Array, codec: Codec) => boolean, codec: Codec) =>
    Array.from({ length: codec === "h264" ? 32 : 64 }, (_, kind) => kind)
      .filter((kind) => test(codec === "h264" ? Uint8Array.of(kind, 0) : Uint8Array.of(kind << 1, 1), codec)).join(" ");
  check("slices_of_the_picture_are_told", kinds(isOfPicture, "h264") === "1 2 3 4 5" &&
    kinds(isOfPicture, "h265") === "0 1 2 3 4 5 6 7 8 9 16 17 18 19 20 21");
  check("those_of_another_layer_are_not", !isOfPicture(Uint8Array.of(1 << 1, (1 << 3) | 1), "h265"));
  check("idr_is_where_nothing_leads", kinds(isClosedEntry, "h264") === "5" && kinds(isClosedEntry, "h265") === "19 20");
  check("rasl_is_what_is_skipped", kinds(isSkippedLeading, "h264") === "" && kinds(isSkippedLeading, "h265") === "8 9");
}

function box(type: string, ...parts: Uint8Array[]): Bytes {
  const body = concat(...parts);
  return concat(u32(8 + body.length), new TextEncoder().encode(type), body);
}

/** A movie of track 7, in milliseconds; an edit is how long it lasts, and where in the media, -1: nowhere. */
function movie(edits: [number, number][]): Bytes {
  const list = edits.flatMap(([lasts, media]) => [u32(lasts), u32(media >>> 0), u32(0x10000)]);
  const head = (name: string, number: number) => box(name, u32(0), u32(0), u32(0), u32(number), u32(0));
  const other = box("trak", head("tkhd", 1));
  return concat(head("mvhd", 1000), other,
    box("trak", head("tkhd", 7), box("edts", box("elst", u32(0), u32(edits.length), ...list))));
}

export function editLists(): void {
  const tells = (edits: [number, number][], track = 7) => JSON.stringify(readEditList(movie(edits), track));
  check("an_edit_shows_a_stretch", tells([[2000, 2048]]) === '{"from":0,"until":2,"parts":1}', tells([[2000, 2048]]));
  check("an_empty_edit_puts_it_off", tells([[500, -1], [2000, 0]]) === '{"from":0.5,"until":2.5,"parts":1}');
  check("an_edit_without_a_duration_has_no_end", tells([[0, 100]]) === '{"from":0,"until":null,"parts":1}');
  check("more_parts_are_counted", /"parts":2/.test(tells([[100, 0], [100, 500]])));
  check("another_track_has_none", tells([[100, 0]], 1) === "null" && tells([[100, 0]], 3) === "null");
  const whole = movie([[2000, 0]]);
  let thrown = 0;
  for (let n = 0; n < whole.length; n++)
    try { readEditList(whole.subarray(0, n), 7); } catch { thrown++; }
  check("an_edit_list_cut_anywhere_is_none", thrown === 0);
}

export function turns(): void {
  const size = { width: 100, height: 60 };
  const rect = { x: 10, y: 20, width: 30, height: 8 };
  const around = [90, 90, 90, 90].reduce((at, degrees) => {
    const turn = { degrees, flip: false };
    return { rect: turnedRect(at.rect, at.size, turn), size: turnedSize(at.size, turn) };
  }, { rect, size });
  check("four_quarters_are_a_whole_turn", JSON.stringify(around.rect) === JSON.stringify(rect));
  const half = turnedRect(turnedRect(rect, size, { degrees: 90, flip: false }), { width: 60, height: 100 }, { degrees: 90, flip: false });
  check("two_are_half_of_one", JSON.stringify(half) === JSON.stringify(turnedRect(rect, size, { degrees: 180, flip: false })));
  const mirrored = turnedRect(rect, size, { degrees: 0, flip: true });
  check("mirrored_left_is_right", mirrored.x === 60 && mirrored.y === 20);
}
