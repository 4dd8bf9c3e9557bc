/* SPDX-License-Identifier: Apache-2.0 */
#include "law.h"

#include <stdbool.h>
#include <string.h>

#include <bauta/view.h>

#include "bitstream/access_unit.h"
#include "recovery/messages.h"

/* Laws: what is said of the view is sound, or the view stays as it was; messages put into an access
 * unit are found there again, all of them and in order, directly one after the other; the slices'
 * hash stays the same; what stripping leaves stays the same too. The messages are pieces of the
 * access unit itself. */
enum { N_MESSAGES = 2 };

struct search {
    struct bauta_bytes messages[N_MESSAGES];
    int n_matched; /* of `messages`, up to the place where the search is */
    int n_found;
    bool complete;
};

static enum bauta_status note(void *user, struct bauta_bytes found)
{
    struct search *s = user;
    s->n_found++;
    const struct bauta_bytes *want = &s->messages[s->n_matched];
    bool same = found.size == want->size &&
                (!found.size || memcmp(found.data, want->data, found.size) == 0);
    if (!same && s->n_matched) { /* perhaps the first one stands here */
        s->n_matched = 0;
        s->n_found--;
        return note(user, found);
    }
    s->n_matched += same;
    if (s->n_matched == N_MESSAGES) {
        s->complete = true;
        s->n_matched = 0;
    }
    return BAUTA_OK;
}

static void check_stripped(enum bauta_codec codec, struct bauta_bytes before,
                           struct bauta_bytes after)
{
    struct bt_buffer a = {0}, b = {0};
    enum bauta_codec syntax = codec == BAUTA_CODEC_H265 ? BAUTA_CODEC_H265 : BAUTA_CODEC_H264;
    bt_access_unit_strip(&a, syntax, before);
    bt_access_unit_strip(&b, syntax, after);
    LAW(a.size == b.size && (!a.size || memcmp(a.data, b.data, a.size) == 0));
    bt_buffer_clear(&a);
    bt_buffer_clear(&b);
}

static void check_view(enum bauta_codec codec, struct bauta_bytes au)
{
    for (uint8_t length_size = 0; length_size <= 4; length_size++) {
        const uint8_t configuration[22] = {1, [4] = length_size - 1, [21] = length_size - 1};
        const struct bauta_view before = {.turn = 45};
        struct bauta_view view = before;
        bool told = bauta_view_read(
            &view, NULL, codec,
            (struct bauta_bytes){configuration, length_size ? sizeof(configuration) : 0}, au);
        (void)bauta_view_ends(codec, (struct bauta_bytes){configuration, sizeof(configuration)},
                              au);
        LAW(told ? bauta_view_is_sound(&view) : bauta_view_equals(&view, &before));
    }
}

static void try_codec(enum bauta_codec codec, struct bauta_bytes au)
{
    size_t half = au.size / 2, sei_bytes = 0;
    struct search before = {.messages = {{au.data, half}, {au.data ? au.data + half : NULL, half}}};
    struct search after = before;
    uint8_t hash[BT_SLICES_HASH], hash_after[BT_SLICES_HASH];
    struct bt_buffer out = {0};
    check_view(codec, au);
    LAW(!bt_messages_collect(codec, au, &sei_bytes, note, &before));
    enum bauta_status hashed = bt_messages_hash_slices(hash, codec, au);
    enum bauta_status inserted = bt_messages_insert(&out, codec, au, after.messages, N_MESSAGES);
    LAW((hashed == BAUTA_OK) == (inserted == BAUTA_OK));
    if (!inserted) {
        struct bauta_bytes with = bt_buffer_view(&out);
        LAW(!bt_messages_hash_slices(hash_after, codec, with));
        LAW(memcmp(hash, hash_after, sizeof(hash)) == 0);
        LAW(!bt_messages_collect(codec, with, &sei_bytes, note, &after));
        LAW(after.complete && after.n_found == before.n_found + N_MESSAGES);
        check_stripped(codec, au, with);
    }
    bt_buffer_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    try_codec(BAUTA_CODEC_H264, (struct bauta_bytes){data, size});
    try_codec(BAUTA_CODEC_H265, (struct bauta_bytes){data, size});
    return 0;
}
