/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BAUTA_GROUP_H
#define BAUTA_GROUP_H

#include <bauta/key.h>

/*
 * Several people of whom some number must agree before anything sealed to them opens: a recipient
 * like others for who protects. The file holds no secret: each stream's key is split anew (Shamir's
 * scheme) and each member's share sealed to that member's own public key.
 */
struct bauta_group;

#define BAUTA_MAX_MEMBERS 16

/* Makes a group of `n_members` (2 to BAUTA_MAX_MEMBERS, all different) of whom any `threshold` (2
 * or more) are enough, and writes it to a new file (BAUTA_ERR_EXISTS). */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_group_new(const char *path, const struct bauta_public_key *const *members, int n_members,
                int threshold, const struct bauta_log *log);
/* BAUTA_ERR_IO; BAUTA_ERR_FORMAT: not a group, or one with a weak member key or somebody twice. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_group_read(struct bauta_group **group, const char *path, const struct bauta_log *log);
BAUTA_API BAUTA_MUST_CHECK enum bauta_status bauta_group_parse(struct bauta_group **group,
                                                               struct bauta_bytes pem,
                                                               const char *name,
                                                               const struct bauta_log *log);
BAUTA_API void bauta_group_free(struct bauta_group **group);

#endif
