/* SPDX-License-Identifier: Apache-2.0 */
#include "recovery/contents.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "bitstream/access_unit.h"
#include "recovery/messages.h"

/* The bytes get their place when all are there: until then they may move. */
static enum bauta_status keep(void *user, struct bauta_bytes message)
{
    struct bt_contents *c = user;
    if (!bt_array_grow(&c->messages, sizeof(*c->messages), (size_t)c->n_messages, &c->n_allocated))
        return BAUTA_ERR_MEMORY;
    bt_buffer_append(&c->bytes, message);
    enum bauta_status status = bt_buffer_status(&c->bytes);
    if (!status)
        c->messages[c->n_messages++] =
            (struct bt_message){message.size ? message.data[0] : 0, {NULL, message.size}};
    return status;
}

static void place(struct bt_contents *c)
{
    size_t at = 0;
    for (int i = 0; i < c->n_messages; i++) {
        struct bauta_bytes *bytes = &c->messages[i].bytes;
        bytes->data = bytes->size ? c->bytes.data + at : NULL;
        at += bytes->size;
    }
}

/* The slices' hash, taken when it is first asked for: mostly there is one picture message. */
struct slices {
    enum bauta_codec codec;
    struct bauta_bytes au;
    bool known;
    uint8_t hash[BT_SLICES_HASH];
};

static bool names(const struct bt_picture_message *m, struct slices *s)
{
    if (!s->known)
        s->known = !bt_messages_hash_slices(s->hash, s->codec, s->au);
    return s->known && memcmp(m->head.slices_hash, s->hash, sizeof(s->hash)) == 0;
}

static void choose_picture(struct bt_contents *c, struct slices *slices)
{
    struct bt_picture_message m;
    for (int i = 0; i < c->n_messages; i++) {
        if (c->messages[i].type != BT_MESSAGE_PICTURE ||
            bt_picture_message_parse(&m, c->messages[i].bytes))
            continue;
        if (c->picture >= 0 && (names(&c->picture_message, slices) || !names(&m, slices)))
            continue;
        c->picture = i;
        c->picture_message = m;
    }
}

static void choose_stream(struct bt_contents *c)
{
    const struct bt_picture_head *head = &c->picture_message.head;
    struct bt_stream_message m;
    for (int i = 0; i < c->n_messages && c->stream < 0; i++) {
        if (c->messages[i].type != BT_MESSAGE_STREAM ||
            bt_stream_message_parse(&m, c->messages[i].bytes))
            continue;
        if (c->picture >= 0 &&
            (m.epoch != head->epoch || memcmp(m.stream_id, head->stream_tag, BT_STREAM_TAG) != 0))
            continue;
        c->stream = i;
        c->stream_message = m;
    }
}

enum bauta_status bt_contents_read(struct bt_contents *c, enum bauta_codec codec,
                                   struct bauta_bytes au)
{
    *c = (struct bt_contents){.stream = -1, .picture = -1};
    c->is_picture = bt_access_unit_is_picture(codec, au);
    enum bauta_status status = bt_messages_collect(codec, au, &c->sei_bytes, keep, c);
    place(c);
    if (!c->is_picture)
        return status;
    struct slices slices = {.codec = codec, .au = au};
    choose_picture(c, &slices);
    choose_stream(c);
    return status;
}

void bt_contents_clear(struct bt_contents *c)
{
    bt_buffer_clear(&c->bytes);
    free(c->messages);
    c->messages = NULL;
    c->n_messages = 0;
    c->n_allocated = 0;
}

bool bt_contents_is_own(const struct bt_contents *c, int message)
{
    return message == c->stream || message == c->picture;
}
