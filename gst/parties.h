/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARTIES_H
#define PARTIES_H

#include <bauta/group.h>
#include <bauta/key.h>

enum { PARTIES_MOST = 32 };

/* To whom originals are sealed, and who signs. Read once, then only counted. */
struct parties {
    int n_references; /* atomic */
    struct bauta_public_key *keys[PARTIES_MOST];
    int n_keys;
    struct bauta_group *groups[PARTIES_MOST];
    int n_groups;
    struct bauta_signing_key *signing_key; /* or NULL */
};

/*
 * Reads the files of the list `recipients`, "A.pub,B.group"; NULL or "": none; and the signing key,
 * NULL: none, with the passphrase on the first line of a file, NULL: none. The status of the first
 * that fails, having said why.
 */
BAUTA_MUST_CHECK enum bauta_status parties_new(struct parties **parties, const char *recipients,
                                               const char *signing_key, const char *passphrase_file,
                                               const struct bauta_log *log);
struct parties *parties_ref(struct parties *parties);
void parties_unref(struct parties **parties); /* sets NULL */

#endif
