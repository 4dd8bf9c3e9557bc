/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_CONTENTS_H
#define BT_CONTENTS_H

#include "recovery/picture_message.h"
#include "recovery/stream_message.h"

/*
 * What an access unit carries of Bauta's, read once.
 *
 * Not all messages that stand in it are its own: tools repeat others' there. What stood beside a
 * file's first parameter sets comes again before each key picture (mkvmerge, H.265). Its picture
 * message is the first that can be read and names its slices; if none does, the first that can be
 * read. Its stream message is the first of that picture's stream and epoch; without a picture
 * message, the first. Where there is no slice there is no picture, and nothing is its own.
 */
struct bt_message {
    unsigned type; /* enum bt_message_type, or one of a later version; 0: it has no bytes */
    struct bauta_bytes bytes;
};

struct bt_contents {
    bool is_picture; /* it has a slice */
    int n_messages;
    struct bt_message *messages;               /* in the order in which they stand there */
    int stream, picture;                       /* which of them are its own; -1: none */
    struct bt_stream_message stream_message;   /* those two, parsed */
    struct bt_picture_message picture_message; /* with views into `messages` */
    size_t sei_bytes;                          /* of the NAL units that carry messages */
    /* memory */
    struct bt_buffer bytes;
    size_t n_allocated;
};

/* Reads an access unit. BAUTA_ERR_MEMORY; BAUTA_ERR_FORMAT: it is damaged, and what was read before
 * the damage counts. Clear `contents` in any case. */
BAUTA_MUST_CHECK enum bauta_status bt_contents_read(struct bt_contents *contents,
                                                    enum bauta_codec codec, struct bauta_bytes au);
void bt_contents_clear(struct bt_contents *contents);

/* Whether a message is the access unit's own stream or picture message. */
bool bt_contents_is_own(const struct bt_contents *contents, int message);

#endif
