/* SPDX-License-Identifier: Apache-2.0 */
#include "law.h"

#include <string.h>

#include <bauta/verifier.h>

#include "crypto/key.h"
#include "crypto/sign.h"
#include "edits.h"
#include "protect/manifest_writer.h"
#include "recovered.h"
#include "recovery/messages.h"

/*
 * A signed stream, damaged as the input says. Laws: it is authentic only if every access unit has
 * the slices and the recovery data that were signed, in their order; no more pictures are authentic
 * than there are; the same stream gives the same result twice.
 */
static struct recovered whole;
static struct bt_buffer original[RECOVERED_MAX], units[RECOVERED_MAX];
static struct bauta_signing_key key = {.bytes = {7}};
static struct bauta_signer signer;

struct first_messages {
    struct bt_buffer stream, picture;
};

static enum bauta_status keep(void *user, struct bauta_bytes message)
{
    struct first_messages *m = user;
    if (message.size && message.data[0] == BT_MESSAGE_STREAM && !m->stream.size)
        bt_buffer_append(&m->stream, message);
    if (message.size && message.data[0] == BT_MESSAGE_PICTURE && !m->picture.size)
        bt_buffer_append(&m->picture, message);
    return BAUTA_OK;
}

/* Puts manifests into the vectors' stream, which has none. */
static void sign_all(void)
{
    struct bt_manifest_writer w = {.key = &key};
    uint64_t epoch_number = 0;
    for (int n = 0; n < whole.n_units; n++) {
        struct first_messages m = {{0}, {0}}, next = {{0}, {0}};
        struct bauta_bytes au = bt_buffer_view(&whole.units[n]);
        struct bt_picture_message picture;
        uint8_t slices[BT_SLICES_HASH];
        static uint8_t stream_id[BAUTA_STREAM_ID_SIZE];
        LAW(!bt_messages_collect(whole.codec, au, NULL, keep, &m));
        LAW(!bt_messages_hash_slices(slices, whole.codec, au));
        LAW(!bt_picture_message_parse(&picture, bt_buffer_view(&m.picture)));
        if (m.stream.size) {
            epoch_number++;
            memcpy(stream_id, m.stream.data + 2, sizeof(stream_id));
        }
        struct bt_sent sent = {epoch_number,
                               stream_id,
                               picture.head.epoch,
                               whole.codec,
                               au,
                               bt_buffer_view(&m.stream),
                               bt_buffer_view(&m.picture),
                               slices,
                               n * INT64_C(1000000)};
        LAW(!bt_manifest_writer_note(&w, &sent));
        bool last = n + 1 == whole.n_units;
        if (!last)
            LAW(!bt_messages_collect(whole.codec, bt_buffer_view(&whole.units[n + 1]), NULL, keep,
                                     &next));
        if (last || next.stream.size) {
            struct bt_buffer manifest = {0};
            LAW(!bt_manifest_writer_close(&w, &manifest, last));
            struct bauta_bytes message = bt_buffer_view(&manifest);
            LAW(!bt_messages_insert(&original[n], whole.codec, au, &message, 1));
            bt_buffer_clear(&manifest);
        } else {
            bt_buffer_append(&original[n], au);
        }
        bt_buffer_clear(&m.stream);
        bt_buffer_clear(&m.picture);
        bt_buffer_clear(&next.stream);
        bt_buffer_clear(&next.picture);
    }
    bt_manifest_writer_clear(&w);
}

static struct bauta_verification verify(void)
{
    const struct bauta_signer *signers[] = {&signer};
    const struct bauta_verifier_settings settings = {
        .codec = whole.codec, .signers = signers, .n_signers = 1};
    struct bauta_verifier *verifier;
    struct bauta_verification result;
    LAW(!bauta_verifier_new(&verifier, &settings));
    for (int n = 0; n < whole.n_units; n++)
        if (units[n].size)
            LAW(!bauta_verifier_collect_stamped(verifier, bt_buffer_view(&units[n]), n, n));
    LAW(!bauta_verifier_finish(verifier, &result));
    bauta_verifier_free(&verifier);
    return result;
}

static void load(void)
{
    static bool loaded;
    if (loaded)
        return;
    loaded = true;
    recovered_load(&whole, BAUTA_VECTORS "/streams/reordered.h264", recovered_vectors_key());
    LAW(!bt_signing_key_complete(&key));
    memcpy(signer.bytes, key.public_bytes, sizeof(signer.bytes));
    memcpy(signer.id, key.id, sizeof(signer.id));
    sign_all();
    for (int n = 0; n < whole.n_units; n++)
        bt_buffer_append(&units[n], bt_buffer_view(&original[n]));
    struct bauta_verification result = verify();
    LAW(result.authentic && result.n_authentic == (uint64_t)whole.n_units);
    for (int n = 0; n < whole.n_units; n++)
        bt_buffer_clear(&units[n]);
}

static bool same(const struct bt_buffer *a, const struct bt_buffer *b)
{
    return a->size == b->size && (!a->size || memcmp(a->data, b->data, a->size) == 0);
}

/* Whether an access unit has the slices and messages of another. */
static bool carries_the_same(const struct bt_buffer *a, const struct bt_buffer *b)
{
    uint8_t hash_a[BT_SLICES_HASH], hash_b[BT_SLICES_HASH];
    struct first_messages of_a = {{0}, {0}}, of_b = {{0}, {0}};
    LAW(!bt_messages_collect(whole.codec, bt_buffer_view(a), NULL, keep, &of_a));
    LAW(!bt_messages_collect(whole.codec, bt_buffer_view(b), NULL, keep, &of_b));
    bool holds = !bt_messages_hash_slices(hash_a, whole.codec, bt_buffer_view(a)) &&
                 !bt_messages_hash_slices(hash_b, whole.codec, bt_buffer_view(b)) &&
                 memcmp(hash_a, hash_b, sizeof(hash_a)) == 0 && same(&of_a.stream, &of_b.stream) &&
                 same(&of_a.picture, &of_b.picture);
    bt_buffer_clear(&of_a.stream);
    bt_buffer_clear(&of_a.picture);
    bt_buffer_clear(&of_b.stream);
    bt_buffer_clear(&of_b.picture);
    return holds;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    load();
    uint64_t n_units = 0;
    for (int n = 0; n < whole.n_units; n++)
        bt_buffer_append(&units[n], bt_buffer_view(&original[n]));
    edit_units(units, whole.n_units, (struct bauta_bytes){data, size});
    struct bauta_verification result = verify(), again = verify();
    for (int n = 0; n < whole.n_units; n++) {
        n_units += units[n].size > 0;
        LAW(!result.authentic || carries_the_same(&units[n], &original[n]));
    }
    LAW(result.n_authentic <= result.n_pictures && result.n_pictures <= n_units);
    LAW(memcmp(&result, &again, sizeof(result)) == 0);
    for (int n = 0; n < whole.n_units; n++)
        bt_buffer_clear(&units[n]);
    return 0;
}
