// SPDX-License-Identifier: Apache-2.0
// Key files of other people's tools: tests/vectors/key_files.json, which the program's test reads, too.
import { KeyProblem } from "../../player/crypto/key_problem.ts";
import { readPrivateKey } from "../../player/crypto/private_key.ts";
import { hex } from "../../player/format/bytes.ts";
import { check, type Json } from "./parts.ts";

/** The public key, or the sentence. */
async function read(text: string, passphrase: string): Promise<string> {
  try {
    return hex((await readPrivateKey(text, passphrase)).public);
  } catch (error) {
    return error instanceof KeyProblem ? error.message : `no sentence: ${error}`;
  }
}

/** `rows`: the table, and the `text` of each file. The page opens; it does not sign. */
export async function keyFiles(rows: Json[]): Promise<void> {
  const own = rows.filter(({ half, type }) => half === "private" && type === "X25519");
  check("the_table_of_key_files_is_there", own.length > 40, `${own.length} files`);
  for (const row of own) {
    const name = row.file.replace(/[^a-z0-9]/g, "_");
    const got = await read(row.text, row.passphrase);
    if (row.public_key) check(`the_key_file_${name}_opens`, got === row.public_key, got);
    else check(`the_file_${name}_is_named_for_what_it_is`, got.includes(row.says) && !/is wrong|no sentence/.test(got), got);
    if (!row.passphrase || row.status === "format") continue;
    const none = await read(row.text, "");
    check(`the_file_${name}_is_told_without_a_passphrase`, none.includes(row.says ?? "has a passphrase"), none);
    if (!row.public_key || /most/.test(row.file)) continue;
    const other = await read(row.text, "open says me");
    check(`another_passphrase_is_not_that_of_${name}`, other === "The passphrase is wrong.", other);
  }
}
