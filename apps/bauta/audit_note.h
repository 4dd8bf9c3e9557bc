/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AUDIT_NOTE_H
#define AUDIT_NOTE_H

#include <bauta/audit.h>

#include "cli.h"

/*
 * What one command leaves in the audit log: a row before it does anything, "begun", and one with
 * its outcome. Without the first nothing is done.
 */
struct audit_note {
    struct bauta_audit *audit;
    struct bauta_audit_row row; /* fill what is known; texts must live until the end */
    char who[512], what[4096], key[64], stream[64], grant[64], approved[512];
};

/* Opens the log that --audit names, or the user's own, and writes the first row. Gives the exit
 * status. */
int audit_begin(struct audit_note *note, const char *action, const struct options *options);
/* Writes the last row and gives `status`, or EXIT_FAILED if that cannot be done. */
int audit_end(struct audit_note *note, int status);

/* Whether a reason is given, by --reason or in the grant (or NULL): who opens originals, lets
 * others open them or takes them away must say why. Says so if not. */
bool audit_has_reason(const struct command *command, const struct options *options,
                      const struct bauta_grant *grant);

/* For the row: whose key is used, and what a grant says. */
void audit_private_key(struct audit_note *note, const struct bauta_private_key *key);
void audit_signing_key(struct audit_note *note, const struct bauta_signing_key *key);
void audit_grant(struct audit_note *note, const struct bauta_grant *grant);
void audit_stream(struct audit_note *note, const uint8_t stream_id[BAUTA_STREAM_ID_SIZE]);
/* "IN: targets 3, 5; classes head; 2 s to 6 s", from the options. */
void audit_what(struct audit_note *note, const struct options *options, enum option_id targets);

/* Where the log is. False, having said why, if nothing tells. */
bool audit_path(char path[4096], const struct options *options);

#endif
