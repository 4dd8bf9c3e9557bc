/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BAUTA_GRANT_H
#define BAUTA_GRANT_H

#include <stdbool.h>

#include <bauta/group.h>
#include <bauta/run.h>
#include <bauta/target.h>

/*
 * A grant lets its holder open a part of a recording: some epochs, perhaps of one class or of some
 * targets only. It holds just the keys of the stream's key tree for that part, sealed to the
 * holder; what it leaves out cannot be computed from it. Its reason, case and expiry are bound to
 * the keys, so they cannot be changed without the holder's help, but it is this library that heeds
 * them, wherever a grant is opened; who takes the keys out by other means is not held. One that a
 * group must approve is a request, and opens nothing, until enough members have approved.
 */
struct bauta_grant;

#define BAUTA_MAX_GRANT_TARGETS 64
#define BAUTA_GRANT_ID_SIZE     16

/* What a grant says. Texts are the grant's memory. */
struct bauta_grant_info {
    uint8_t id[BAUTA_GRANT_ID_SIZE];   /* random */
    uint8_t holder[BAUTA_KEY_ID_SIZE]; /* key id */
    uint64_t issued_ms, expires_ms;    /* since 1970-01-01; 0: never */
    const char *reason, *case_;        /* "" if none was given */
    unsigned classes;                  /* a set of 1 << BAUTA_CLASS_* */
    const uint32_t *targets;           /* nobody else; if there are none, everybody */
    int n_targets;
    double since_s, until_s; /* its first and last picture, in the file that it was made for */
    int n_streams;
    uint8_t stream_id[BAUTA_STREAM_ID_SIZE]; /* of the first */
    uint64_t n_epochs, n_keys;
    bool complete;                         /* it holds keys; else approvals are missing */
    int threshold, n_members, n_approvals; /* of the group; 0 if there is none */
    uint8_t approvals[BAUTA_MAX_MEMBERS][BAUTA_KEY_ID_SIZE]; /* key ids of who approved */
    bool is_signed;
    uint8_t signer[BAUTA_KEY_ID_SIZE];
};

/* BAUTA_ERR_IO, BAUTA_ERR_FORMAT, having said why. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_grant_read(struct bauta_grant **grant, const char *path, const struct bauta_log *log);
BAUTA_API BAUTA_MUST_CHECK enum bauta_status bauta_grant_parse(struct bauta_grant **grant,
                                                               struct bauta_bytes pem,
                                                               const char *name,
                                                               const struct bauta_log *log);
BAUTA_API void bauta_grant_free(struct bauta_grant **grant);
BAUTA_API void bauta_grant_tell(struct bauta_grant_info *info, const struct bauta_grant *grant);
/* BAUTA_ERR_NOT_FOUND: it is not signed; BAUTA_ERR_TAMPERED: not by this signer, or altered. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status bauta_grant_verify(const struct bauta_grant *grant,
                                                                const struct bauta_signer *signer);
/* Whether this key, the holder's, may open it at `now_ms`, milliseconds since 1970-01-01 (0: nobody
 * knows what time it is, and one that expires may not be opened): BAUTA_ERR_DENIED,
 * BAUTA_ERR_TAMPERED, having said why. Whatever opens a grant checks this itself. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status bauta_grant_check(const struct bauta_grant *grant,
                                                               const struct bauta_private_key *key,
                                                               uint64_t now_ms,
                                                               const struct bauta_log *log);

/*
 * Adds the approval of a member of the group that a request asks. The one that makes them enough
 * turns it into a grant: `*completed`. BAUTA_ERR_DENIED: the key is no member's;
 * BAUTA_ERR_EXISTS: this member has approved already, or nobody need; BAUTA_ERR_TAMPERED.
 */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_grant_approve(struct bauta_grant *grant, bool *completed, const struct bauta_private_key *key,
                    const struct bauta_log *log);
/* Writes it to a new file. BAUTA_ERR_EXISTS, BAUTA_ERR_IO. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_grant_write(const struct bauta_grant *grant, const char *path, const struct bauta_log *log);
/* Writes it over the file that it was read from, at once or not at all. BAUTA_ERR_IO. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_grant_update(const struct bauta_grant *grant, const char *path, const struct bauta_log *log);

#endif
