/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_GRANTOR_H
#define BT_GRANTOR_H

#include <bauta/file.h>

#include "authority/grant.h"
#include "amend/met_people.h"
#include "restore/reader_keys.h"

/* One epoch of a recording, as far as a grant is concerned. */
struct bt_grantor_epoch {
    int stream; /* index */
    uint32_t epoch;
    double first_s, last_s;      /* NAN if none of its pictures is shown */
    uint64_t utc_ms;             /* of its first picture; 0: not known */
    bool wanted;                 /* somebody that the grant is about is in it, */
    struct bt_met_people people; /* and if it is about some by number: who */
};

/* Makes a grant out of the access units of a recording: which epochs it is about, and the keys (or
 * for a group, the shares) of their streams. */
struct bt_grantor {
    const struct bauta_grant_settings *settings; /* borrowed */
    struct bt_reader_keys keys;                  /* of whoever grants */
    enum bauta_codec codec;
    int n_streams;
    struct bt_stream_message streams[BT_MAX_GRANT_STREAMS]; /* the first of each */
    struct bt_grantor_epoch *epochs;
    size_t n_epochs, n_allocated;
    struct bt_met_people people; /* of those epochs that are chosen */
};

void bt_grantor_init(struct bt_grantor *g, const struct bauta_grant_settings *settings,
                     enum bauta_codec codec);
/* `time_s` NAN: never shown; only a grant of all times is about such a picture. */
BAUTA_MUST_CHECK enum bauta_status bt_grantor_collect(struct bt_grantor *g, struct bauta_bytes au,
                                                      double time_s);
/* BAUTA_ERR_NOT_FOUND: nothing in the recording is asked for; BAUTA_ERR_DENIED: whoever grants
 * cannot open it, or it is not sealed to the group; BAUTA_ERR_LIMIT. The log says which. */
BAUTA_MUST_CHECK enum bauta_status bt_grantor_finish(struct bt_grantor *g,
                                                     struct bauta_grant **grant);
void bt_grantor_clear(struct bt_grantor *g); /* wipes */

#endif
