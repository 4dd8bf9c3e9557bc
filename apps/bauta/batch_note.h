/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BATCH_NOTE_H
#define BATCH_NOTE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * OUT.incomplete stands beside an output that was done in part, with what was said of it, so that
 * the next run over the same folder does not take it for done. A file of that name that is not such
 * a note is left alone.
 */

/* Warns if it cannot be written. */
void batch_note_write(const char *output, const char *said);
void batch_note_remove(const char *output);
/* What was said; false if there is no note, or the output was made anew since. */
bool batch_note_read(char *said, size_t size, const char *output);

#endif
