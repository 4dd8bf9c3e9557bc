/* SPDX-License-Identifier: Apache-2.0 */
#include "bitstream/access_unit.h"

enum bauta_status bt_access_unit_insert(struct bt_buffer *out, enum bauta_codec codec,
                                        struct bauta_bytes au, struct bauta_bytes sei)
{
    struct bt_nal_reader r;
    struct bauta_bytes nal;
    bool inserted = false;
    bt_nal_reader_init(&r, au);
    while (bt_nal_next(&r, &nal)) {
        if (!inserted && bt_nal_kind(codec, nal) == BT_NAL_SLICE) {
            bt_buffer_append(out, sei);
            inserted = true;
        }
        bt_nal_copy(out, nal);
    }
    return inserted ? bt_buffer_status(out) : BAUTA_ERR_FORMAT;
}

void bt_access_unit_strip(struct bt_buffer *out, enum bauta_codec codec, struct bauta_bytes unit)
{
    struct bt_nal_reader r;
    struct bauta_bytes nal;
    bt_nal_reader_init(&r, unit);
    while (bt_nal_next(&r, &nal)) {
        enum bt_nal_kind kind = bt_nal_kind(codec, nal);
        if (kind == BT_NAL_SLICE || kind == BT_NAL_PARAMETERS)
            bt_nal_copy(out, nal);
    }
}

bool bt_access_unit_is_picture(enum bauta_codec codec, struct bauta_bytes au)
{
    struct bt_nal_reader r;
    struct bauta_bytes nal;
    bt_nal_reader_init(&r, au);
    while (bt_nal_next(&r, &nal))
        if (bt_nal_picture(codec, nal))
            return true;
    return false;
}

bool bt_access_unit_random_access(enum bauta_codec codec, struct bauta_bytes au)
{
    struct bt_nal_reader r;
    struct bauta_bytes nal;
    bt_nal_reader_init(&r, au);
    while (bt_nal_next(&r, &nal))
        if (bt_nal_random_access(codec, nal))
            return true;
    return false;
}
