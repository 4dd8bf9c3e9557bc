/* SPDX-License-Identifier: Apache-2.0 */
#include "recovery/messages.h"

#include <math.h>
#include <string.h>

#include "bitstream/access_unit.h"
#include "bitstream/sei.h"
#include "crypto/hash.h"
#include "recovery/picture_message.h"

static const uint8_t uuid[BT_SEI_UUID_SIZE] = BT_WIRE_UUID;

enum bauta_status bt_messages_hash_slices(uint8_t hash[BT_SLICES_HASH], enum bauta_codec codec,
                                          struct bauta_bytes au)
{
    struct bt_nal_reader r;
    struct bauta_bytes nal;
    struct bt_hash sum;
    uint8_t whole[BT_HASH_SIZE];
    bool any = false;
    bt_nal_reader_init(&r, au);
    bt_hash_init(&sum);
    while (bt_nal_next(&r, &nal)) {
        if (bt_nal_kind(codec, nal) != BT_NAL_SLICE)
            continue;
        uint8_t size[4] = {(uint8_t)(nal.size >> 24), (uint8_t)(nal.size >> 16),
                           (uint8_t)(nal.size >> 8), (uint8_t)nal.size};
        bt_hash_add(&sum, (struct bauta_bytes){size, sizeof(size)});
        bt_hash_add(&sum, nal);
        any = true;
    }
    enum bauta_status status = bt_hash_finish(&sum, whole);
    memcpy(hash, whole, BT_SLICES_HASH);
    return any ? status : BAUTA_ERR_FORMAT;
}

double bt_messages_time(double time_s)
{
    return isfinite(time_s) ? time_s : (double)NAN;
}

static struct bauta_bytes first_slice(enum bauta_codec codec, struct bauta_bytes au)
{
    struct bt_nal_reader r;
    struct bauta_bytes nal;
    bt_nal_reader_init(&r, au);
    while (bt_nal_next(&r, &nal))
        if (bt_nal_kind(codec, nal) == BT_NAL_SLICE)
            return nal;
    return (struct bauta_bytes){NULL, 0};
}

enum bauta_status bt_messages_insert(struct bt_buffer *out, enum bauta_codec codec,
                                     struct bauta_bytes au, const struct bauta_bytes *messages,
                                     int n_messages)
{
    struct bauta_bytes slice = first_slice(codec, au);
    struct bt_buffer sei = {0};
    for (int i = 0; i < n_messages; i++)
        bt_sei_write(&sei, codec, uuid, messages[i], slice);
    enum bauta_status status = bt_buffer_status(&sei);
    if (!status)
        status = bt_access_unit_insert(out, codec, au, bt_buffer_view(&sei));
    bt_buffer_clear(&sei);
    return status;
}

/* Escaping changes nothing of the UUID: no byte of it is 0. */
static bool bears_uuid(struct bauta_bytes bytes)
{
    for (size_t at = 0; at + sizeof(uuid) <= bytes.size; at++)
        if (bytes.data[at] == uuid[0] && memcmp(bytes.data + at, uuid, sizeof(uuid)) == 0)
            return true;
    return false;
}

/* A NAL unit as it stays: `plain` is room for one. */
static void copy_other(struct bt_buffer *out, struct bt_buffer *plain, uint64_t *n_unread,
                       enum bauta_codec codec, struct bauta_bytes nal)
{
    const enum bt_nal_kind kind = bt_nal_kind(codec, nal);
    bt_buffer_reset(plain);
    if (kind == BT_NAL_SEI)
        bt_sei_filter(plain, codec, nal, uuid);
    else
        bt_nal_copy(plain, nal);
    out->failed |= plain->failed;
    if (n_unread && kind != BT_NAL_SLICE && kind != BT_NAL_PARAMETERS &&
        bears_uuid(bt_buffer_view(plain)))
        ++*n_unread;
    else
        bt_buffer_append(out, bt_buffer_view(plain));
}

enum bauta_status bt_messages_replace(struct bt_buffer *out, uint64_t *n_unread,
                                      enum bauta_codec codec, struct bauta_bytes au,
                                      const struct bauta_bytes *messages, int n_messages)
{
    struct bt_buffer without = {0}, plain = {0};
    struct bt_nal_reader r;
    struct bauta_bytes nal;
    bt_nal_reader_init(&r, au);
    while (bt_nal_next(&r, &nal))
        copy_other(&without, &plain, n_unread, codec, nal);
    enum bauta_status status = bt_buffer_status(&without);
    if (!status && n_messages == 0)
        bt_buffer_append(out, bt_buffer_view(&without));
    else if (!status)
        status = bt_messages_insert(out, codec, bt_buffer_view(&without), messages, n_messages);
    bt_buffer_clear(&without);
    bt_buffer_clear(&plain);
    return status;
}

enum bauta_status
bt_messages_collect(enum bauta_codec codec, struct bauta_bytes au, size_t *sei_bytes,
                    enum bauta_status (*found)(void *user, struct bauta_bytes message), void *user)
{
    struct bt_nal_reader units;
    struct bt_buffer plain = {0};
    struct bauta_bytes nal, message;
    enum bauta_status status = BAUTA_OK;
    bt_nal_reader_init(&units, au);
    while (!status && bt_nal_next(&units, &nal)) {
        if (bt_nal_kind(codec, nal) != BT_NAL_SEI)
            continue;
        bt_buffer_reset(&plain);
        bt_nal_unescape(&plain, nal);
        status = bt_buffer_status(&plain);
        struct bt_sei_reader messages;
        bt_sei_reader_init(&messages, codec, bt_buffer_view(&plain));
        bool ours = false;
        while (!status && bt_sei_next(&messages, &message, uuid)) {
            ours = true;
            status = found(user, message);
        }
        if (ours && sei_bytes)
            *sei_bytes += nal.size + 4; /* with its start code */
    }
    bt_buffer_clear(&plain);
    return status;
}

static enum bauta_status look_for_capsule(void *user, struct bauta_bytes message)
{
    bool *sealed = user;
    struct bt_picture_message m;
    if (*sealed || message.size == 0)
        return BAUTA_OK;
    *sealed = message.data[0] > BT_MESSAGE_AMENDMENT; /* nobody knows */
    if (message.data[0] != BT_MESSAGE_PICTURE)
        return BAUTA_OK;
    *sealed = bt_picture_message_parse(&m, message) != BAUTA_OK;
    for (int i = 0; !*sealed && i < m.head.plan.n_regions; i++)
        *sealed = m.capsules[i].size > 0;
    return BAUTA_OK;
}

enum bauta_status bt_messages_sealed(bool *sealed, enum bauta_codec codec, struct bauta_bytes au)
{
    *sealed = false;
    return bt_messages_collect(codec, au, NULL, look_for_capsule, sealed);
}
