/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AMEND_H
#define AMEND_H

#include "audit_note.h"
#include "certificate.h"
#include "people.h"

/* What erase, lock and rewrap share. */
struct amending {
    struct bauta_amend_settings settings;
    struct bauta_private_key *key; /* of who rewraps; the caller frees it */
    struct bauta_signing_key *signing_key;
    struct audit_note note;
    const char *action;
    const struct options *options;
    struct bauta_amend_result result;
    struct certificate certificate;
    int status;           /* of what was said of the result, and of its certificate */
    struct people people; /* who was asked for by number, and erased */
};

void amend_init(struct amending *a, const struct options *options);
/* Does it: audit, file, certificate, words. Gives the exit status. */
int amend(struct amending *a, const char *action, const struct options *options);

#endif
