/* SPDX-License-Identifier: Apache-2.0 */
#ifndef READER_H
#define READER_H

#include <bauta/restorer.h>

enum { READER_TARGETS = 64 };

/* bautarecover's properties. */
struct reader_options {
    char *key, *passphrase_file, *grant, *targets, *classes, *reason, *case_, *audit;
};

/* Who recovers, and what. Read once, then only counted. */
struct reader {
    int n_references; /* atomic */
    struct bauta_private_key *key;
    struct bauta_grant *grant; /* or NULL */
    uint32_t targets[READER_TARGETS];
    int n_targets; /* 0: all */
    unsigned classes;
};

/* BAUTA_ERR_ARGUMENT: a list makes no sense, or no key is named; BAUTA_ERR_DENIED: a passphrase or
 * grant that does not open; having said why. */
BAUTA_MUST_CHECK enum bauta_status reader_new(struct reader **reader,
                                              const struct reader_options *options,
                                              const struct bauta_log *log);
struct reader *reader_ref(struct reader *reader);
void reader_unref(struct reader **reader); /* sets NULL; wipes */

#endif
