/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIVE_READER_H
#define LIVE_READER_H

#include <bauta/protector.h>
#include <bauta/verifier.h>

/*
 * What can be told, without a key, of a stream that passes: who can open it, and whether it is as
 * its signer wrote it. Several clients may watch; one of them feeds the reader, and when it goes, the
 * next takes its place, and what was found begins anew. Any thread.
 */
struct live_reader;

/* Borrows the signers. */
struct live_reader *live_reader_new(const struct bauta_signer *const *signers, int n_signers);
void live_reader_free(struct live_reader *reader);

/* One access unit (Annex B), shown `time_s` seconds after the first that `who` was given. */
void live_reader_take(struct live_reader *reader, const void *who, enum bauta_codec codec,
                      struct bauta_bytes unit, double time_s);
/* How large the stream's pictures are, in pixels. */
void live_reader_tell_size(struct live_reader *reader, int width, int height);
void live_reader_leave(struct live_reader *reader, const void *who);

/* The answer of /api/look/live; free with g_free(). */
char *live_reader_write(struct live_reader *reader);

#endif
