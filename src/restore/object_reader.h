/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_OBJECT_READER_H
#define BT_OBJECT_READER_H

#include <bauta/object_codec.h>

#include "mask/reveal.h"
#include "recovery/record.h"

/* Which object stream; the stream id tells apart streams that were joined in one file. */
struct bt_object_name {
    uint8_t stream_tag[4];
    uint32_t target;
    enum bauta_class class_;
};

/* When in the stream: the picture of that number in that epoch. */
struct bt_place {
    uint32_t epoch, picture;
};

/* One object stream that is being read. */
struct bt_object_reader {
    struct bt_object_name name;
    enum bauta_codec codec_id;
    void *decoder;
    struct bt_place key;    /* where its last key unit was */
    uint32_t next_sequence; /* of the unit that can be decoded next; 0: only a key unit */
    int width, height;      /* of the window, from the key record */
    uint64_t last_used;
};

/* The object streams that are open, the least used giving way to new ones. */
struct bt_object_readers {
    const struct bauta_object_codec *codec; /* borrowed */
    struct bt_object_reader *items;
    int n_items;
    size_t n_allocated;
    uint64_t clock; /* counts records */
    int64_t budget; /* pixels that may be decoded for the picture at hand still */
};

/* For another picture, of this size: limits what is decoded for it (docs/format.md, "Limits"). */
void bt_object_readers_begin(struct bt_object_readers *readers, int width, int height);

/*
 * Decodes the object of one record, of a stream whose objects are of codec `codec_id`, into
 * `opened` (whose frame is made to fit). BAUTA_ERR_NOT_FOUND: units before it are missing, a key
 * unit must come first; BAUTA_ERR_TAMPERED: it does not decode or contradicts itself;
 * BAUTA_ERR_UNSUPPORTED: no decoder. After either, only a key unit goes on.
 */
BAUTA_MUST_CHECK enum bauta_status
bt_object_readers_read(struct bt_object_readers *readers, struct bt_opened *opened,
                       const struct bt_object_name *name, struct bt_place place,
                       const struct bt_record *record, struct bauta_rect region,
                       enum bauta_codec codec_id);
void bt_object_readers_clear(struct bt_object_readers *readers);

#endif
