/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TAP_H
#define TAP_H

#include <bauta/protector.h>
#include <bauta/verifier.h>

/*
 * What can be told, without a key, of a stream that passes: who can open it, and whether it is as
 * its signer wrote it. Several clients may watch; one of them feeds the tap, and when it goes, the
 * next takes its place, and what was found begins anew. Any thread.
 */
struct tap;

/* Borrows the signers. */
struct tap *tap_new(const struct bauta_signer *const *signers, int n_signers);
void tap_free(struct tap *tap);

/* One access unit (Annex B), shown `time_s` seconds after the first that `who` was given. */
void tap_take(struct tap *tap, const void *who, enum bauta_codec codec, struct bauta_bytes unit,
              double time_s);
/* How large the stream's pictures are, in pixels. */
void tap_tell_size(struct tap *tap, int width, int height);
void tap_leave(struct tap *tap, const void *who);

/* The answer of /api/look/live; free with g_free(). */
char *tap_write(struct tap *tap);

#endif
