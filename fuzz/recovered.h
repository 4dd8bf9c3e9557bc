/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RECOVERED_H
#define RECOVERED_H

#include <bauta/restorer.h>

#include "base/buffer.h"
#include "base/frame.h"

/* A protected file that is whole, and all that recovering it gives: what any damaged copy of it is
 * held against. */
enum { RECOVERED_MAX = 512 }; /* pictures */

struct recovered {
    enum bauta_codec codec;
    int width, height, n_units, n_pictures;
    struct bt_buffer units[RECOVERED_MAX]; /* access units in decoding order */
    int shows[RECOVERED_MAX];              /* unit of the picture that is shown n-th */
    struct bt_frame masked[RECOVERED_MAX], clear[RECOVERED_MAX]; /* in presentation order */
    struct bauta_reveal_report reports[RECOVERED_MAX];
};

/* The key pair of tests/vectors/streams, in memory that stays. */
const struct bauta_private_key *recovered_vectors_key(void);
const struct bauta_public_key *recovered_vectors_public_key(void);
/* A restorer for the file's codec that opens everything; the caller frees it. Ends the program if
 * there is no memory. */
struct bauta_restorer *recovered_restorer(const struct recovered *r,
                                          const struct bauta_private_key *key);
/* Ends the program, having said so, if the file cannot be read or does not recover wholly. */
void recovered_load(struct recovered *r, const char *path, const struct bauta_private_key *key);
void recovered_clear(struct recovered *r);

/*
 * The law for a picture that was revealed from a damaged copy: what a region shown owns are the
 * very pixels of that region in the whole file; what another region owns is as masked as it was
 * given; so is all that is farther than the margin from any region. Gives the picture of the whole
 * file whose regions these are, -1 if there are no regions; ends the program if it is broken.
 */
int recovered_check(const struct recovered *r, const struct bauta_reveal_report *report,
                    const struct bauta_picture *masked, const struct bauta_picture *revealed);

#endif
