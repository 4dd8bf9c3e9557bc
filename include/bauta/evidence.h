/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BAUTA_EVIDENCE_H
#define BAUTA_EVIDENCE_H

#include <bauta/key.h>

/* What reports and certificates need: a file's hash, and a signature that other programs verify. */

/* SHA-256 of a whole file. BAUTA_ERR_IO. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status bauta_evidence_hash_file(uint8_t hash[BAUTA_HASH_SIZE],
                                                                      const char *path,
                                                                      const struct bauta_log *log);
/* The same of what is open as `file`, which is read by position; `name` is for the log. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status bauta_evidence_hash_open(uint8_t hash[BAUTA_HASH_SIZE],
                                                                      int file, const char *name,
                                                                      const struct bauta_log *log);
/* Signs bytes as they are (Ed25519, RFC 8032). */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_evidence_sign(uint8_t signature[BAUTA_SIGNATURE_SIZE], struct bauta_bytes bytes,
                    const struct bauta_signing_key *key);
/* Signs the bytes of `path` as they are (Ed25519, RFC 8032) and writes the 64 bytes of the
 * signature to `signature_path`, a new file, as `openssl pkeyutl -verify -rawin -pubin` reads them.
 */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_evidence_sign_file(const char *path, const char *signature_path,
                         const struct bauta_signing_key *key, const struct bauta_log *log);

#endif
