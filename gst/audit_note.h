/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AUDIT_NOTE_H
#define AUDIT_NOTE_H

#include <bauta/audit.h>

#include "reader.h"
#include "element_log.h"

/* What one run of bautarecover leaves in the audit log: a row before anything is revealed, and one
 * with its outcome. Stays where it is from the one to the other. */
struct audit_note {
    struct bauta_audit *audit; /* NULL: not begun */
    struct element_log said;   /* of the log, which says until the end what went wrong */
    struct bauta_audit_row row;
    char who[512], what[4096], key[2 * BAUTA_KEY_ID_SIZE + 1], grant[2 * BAUTA_GRANT_ID_SIZE + 1],
        stream[33], approved[512];
};

/* Whether a reason is given, by `options` or in the grant: who opens originals says why. */
bool audit_note_has_reason(const struct reader_options *options, const struct reader *reader);
/* Opens the log that `options` names, or the user's own, and writes the first row: nothing may be
 * revealed if that fails, and said.last says why. `from` is the URI of what is read, or NULL;
 * `stream_id` what is read, or NULL. Texts of options are borrowed until the end. */
BAUTA_MUST_CHECK enum bauta_status audit_note_begin(struct audit_note *note,
                                                    const struct reader_options *options,
                                                    const struct reader *reader, const char *from,
                                                    const uint8_t *stream_id);
/* Writes the last row, "done", "partial", "denied" or "failed", if there was a first. `stream_id`
 * is as above. */
BAUTA_MUST_CHECK enum bauta_status audit_note_end(struct audit_note *note, const char *outcome,
                                                  const uint8_t *stream_id);

#endif
