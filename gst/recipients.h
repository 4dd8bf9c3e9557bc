/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RECIPIENTS_H
#define RECIPIENTS_H

#include <bauta/group.h>
#include <bauta/key.h>

enum { RECIPIENTS_MOST = 32 };

/* To whom originals are sealed, and who signs. Read once, then only counted. */
struct recipients {
    int n_references; /* atomic */
    struct bauta_public_key *keys[RECIPIENTS_MOST];
    int n_keys;
    struct bauta_group *groups[RECIPIENTS_MOST];
    int n_groups;
    struct bauta_signing_key *signing_key; /* or NULL */
};

/*
 * Reads the files of the list `recipients`, "A.pub,B.group"; NULL or "": none; and the signing key,
 * NULL: none, with the passphrase on the first line of a file, NULL: none. The status of the first
 * that fails, having said why.
 */
BAUTA_MUST_CHECK enum bauta_status recipients_new(struct recipients **made, const char *recipients,
                                                  const char *signing_key,
                                                  const char *passphrase_file,
                                                  const struct bauta_log *log);
struct recipients *recipients_ref(struct recipients *r);
void recipients_unref(struct recipients **made); /* sets NULL */

#endif
