/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BAUTA_KEY_H
#define BAUTA_KEY_H

#include <stdint.h>

#include <bauta/bytes.h>
#include <bauta/log.h>
#include <bauta/status.h>

/*
 * X25519 key pairs (RFC 7748). To the public key recordings are sealed; the private key opens them.
 * On disk both are PEM, readable by `openssl pkey`: the private one PKCS#8 (RFC 5958), encrypted
 * with AES-256-CBC under scrypt if there is a passphrase; the public one SubjectPublicKeyInfo (RFC
 * 8410). Those of other tools are read, too, if they are PKCS#8 of version 1 or 2, in the clear or
 * under PBES2 (RFC 8018) with scrypt, or PBKDF2 over SHA-1, SHA-256, SHA-384 or SHA-512, and
 * AES-128-CBC or AES-256-CBC; a file may hold both halves. A private key's file that others than
 * its owner can read or change is refused.
 */
struct bauta_public_key;
struct bauta_private_key;

/* Leading bytes of SHA-256 over the 32 raw bytes of a public key:
 * how a stream names a recipient. */
#define BAUTA_KEY_ID_SIZE 8

#define BAUTA_HASH_SIZE      32 /* bytes of SHA-256 */
#define BAUTA_SIGNATURE_SIZE 64 /* bytes of an Ed25519 signature (RFC 8032) */
#define BAUTA_MAX_RECIPIENTS 32 /* of one stream; each member of a group is one */

/*
 * Makes a key pair and writes it: `private_path` with mode 0600, `public_path`. `passphrase`, at
 * most 1024 bytes, may be NULL: not encrypted. Never overwrites (BAUTA_ERR_EXISTS); after a failure
 * neither file is there.
 */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status bauta_key_new(const char *private_path,
                                                           const char *public_path,
                                                           const char *passphrase,
                                                           const struct bauta_log *log);

/* BAUTA_ERR_IO: not readable; BAUTA_ERR_FORMAT: not an X25519 public key, or a weak one, to which
 * nothing can be sealed (RFC 7748, 6.1; for signers: one in whose name anybody can sign). The log
 * says what it is. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_public_key_read(struct bauta_public_key **key, const char *path, const struct bauta_log *log);
/* The same from PEM in memory; `name` stands for the file in sentences. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status bauta_public_key_parse(struct bauta_public_key **key,
                                                                    struct bauta_bytes pem,
                                                                    const char *name,
                                                                    const struct bauta_log *log);
BAUTA_API void bauta_public_key_free(struct bauta_public_key **key);
BAUTA_API void bauta_public_key_id(uint8_t id[BAUTA_KEY_ID_SIZE],
                                   const struct bauta_public_key *key);

/* As for public keys; BAUTA_ERR_DENIED if the passphrase is wrong, or NULL where one is needed, or
 * if others can read the file; BAUTA_ERR_UNSUPPORTED if it is encrypted in another way, and
 * BAUTA_ERR_LIMIT if deriving its key costs more than the limits of docs/authority.md: both before
 * any work. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status bauta_private_key_read(struct bauta_private_key **key,
                                                                    const char *path,
                                                                    const char *passphrase,
                                                                    const struct bauta_log *log);
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_private_key_parse(struct bauta_private_key **key, struct bauta_bytes pem,
                        const char *passphrase, const char *name, const struct bauta_log *log);
BAUTA_API void bauta_private_key_free(struct bauta_private_key **key); /* wipes */
BAUTA_API void bauta_private_key_id(uint8_t id[BAUTA_KEY_ID_SIZE],
                                    const struct bauta_private_key *key);

/*
 * Ed25519 key pairs (RFC 8032), in files of the same kind. Who makes a recording, a grant or a
 * report signs it with the private key, the *signing key*; whoever has the public one, the
 * *signer*, can verify. An X25519 key in its place is refused, and the other way round.
 */
struct bauta_signer;
struct bauta_signing_key;

/* All as for the keys above. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status bauta_signing_key_new(const char *private_path,
                                                                   const char *public_path,
                                                                   const char *passphrase,
                                                                   const struct bauta_log *log);
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_signer_read(struct bauta_signer **signer, const char *path, const struct bauta_log *log);
BAUTA_API BAUTA_MUST_CHECK enum bauta_status bauta_signer_parse(struct bauta_signer **signer,
                                                                struct bauta_bytes pem,
                                                                const char *name,
                                                                const struct bauta_log *log);
BAUTA_API void bauta_signer_free(struct bauta_signer **signer);
BAUTA_API void bauta_signer_id(uint8_t id[BAUTA_KEY_ID_SIZE], const struct bauta_signer *signer);

BAUTA_API BAUTA_MUST_CHECK enum bauta_status bauta_signing_key_read(struct bauta_signing_key **key,
                                                                    const char *path,
                                                                    const char *passphrase,
                                                                    const struct bauta_log *log);
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_signing_key_parse(struct bauta_signing_key **key, struct bauta_bytes pem,
                        const char *passphrase, const char *name, const struct bauta_log *log);
BAUTA_API void bauta_signing_key_free(struct bauta_signing_key **key); /* wipes */
BAUTA_API void bauta_signing_key_id(uint8_t id[BAUTA_KEY_ID_SIZE],
                                    const struct bauta_signing_key *key);

#endif
