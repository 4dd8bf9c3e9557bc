/* SPDX-License-Identifier: Apache-2.0 */
#include "law.h"

#include <string.h>

#include <bauta/restorer.h>

#include "base/frame.h"
#include "base/rect.h"
#include "mask/window.h"
#include "protect/writer_keys.h"
#include "recovered.h"
#include "recovery/capsule.h"
#include "recovery/messages.h"
#include "recovery/picture_message.h"
#include "recovery/record.h"

/*
 * A recorder that lies: the input is two records, sealed as they should be for two pictures of one
 * target. The first byte picks the object codec, two more the first record's size. Laws: nothing
 * changes outside the region and its margin, and a region that is not shown is as it was.
 */
enum { WIDTH = 192, HEIGHT = 128 };

static const struct bauta_rect region_rect = {64, 24, 32, 88};

static struct bt_writer_keys *writer;
/* The access unit of picture `n`, with `bytes` sealed as its record. */
static void make_unit(struct bt_buffer *out, struct bauta_bytes bytes, uint32_t n)
{
    static const uint8_t slice[] = {0, 0, 0, 1, 0x65, 0x88, 0x84};
    struct bauta_bytes au = {slice, sizeof(slice)};
    static struct bt_picture_head head;
    struct bt_buffer stream = {0}, picture = {0};
    struct bt_record record = {{0}};
    struct bt_capsule capsule = {{0}};
    memset(&head, 0, sizeof(head));
    memcpy(head.stream_tag, writer->message.stream_id, BT_STREAM_TAG);
    head.picture = n;
    head.plan.n_regions = 1;
    head.plan.regions[0] = (struct bauta_region){
        .target = 1, .class_ = BAUTA_CLASS_BODY, .block = 8, .rect = region_rect};
    LAW(!bt_messages_hash_slices(head.slices_hash, BAUTA_CODEC_H264, au));
    bt_stream_message_write(&stream, &writer->message);
    bt_picture_message_write_head(&picture, &head);
    struct bt_seal_context context = {writer->epoch_key, writer->message.stream_id, n,
                                      bt_buffer_view(&picture)};
    bt_buffer_append(&record.bytes, bytes);
    LAW(!bt_capsule_seal(&capsule, &record, &context, BAUTA_CLASS_BODY, 1));
    bt_picture_message_write_capsule(&picture, &capsule);
    struct bauta_bytes messages[] = {bt_buffer_view(&stream), bt_buffer_view(&picture)};
    LAW(!bt_messages_insert(out, BAUTA_CODEC_H264, au, messages, 2));
    bt_capsule_clear(&capsule);
    bt_record_clear(&record);
    bt_buffer_clear(&picture);
    bt_buffer_clear(&stream);
}

static bool same_outside(const struct bauta_picture *a, const struct bauta_picture *b,
                         struct bauta_rect hole)
{
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            if (!bt_rect_contains(hole, (struct bauta_rect){x, y, 1, 1}) &&
                a->planes[0][y * a->strides[0] + x] != b->planes[0][y * b->strides[0] + x])
                return false;
    return true;
}

static void try_picture(struct bauta_restorer *restorer, struct bauta_bytes record, uint32_t n)
{
    static struct bauta_reveal_report report;
    struct bt_buffer unit = {0};
    struct bt_frame before, after;
    LAW(!bt_frame_init(&before, WIDTH, HEIGHT) && !bt_frame_init(&after, WIDTH, HEIGHT));
    make_unit(&unit, record, n);
    LAW(!bauta_restorer_collect(restorer, bt_buffer_view(&unit), n));
    enum bauta_status status = bauta_restorer_reveal(restorer, &report, &after.picture, n);
    LAW(report.protected_ && !report.changed && report.n_regions == 1);
    LAW((status == BAUTA_OK) == (report.states[0] == BAUTA_REVEAL_SHOWN));
    struct bauta_rect hole = bt_rect_grow(region_rect, BT_WINDOW_MARGIN, BT_WINDOW_MARGIN);
    if (status)
        hole = (struct bauta_rect){0, 0, 0, 0};
    LAW(same_outside(&before.picture, &after.picture, hole));
    bt_frame_clear(&before);
    bt_frame_clear(&after);
    bt_buffer_clear(&unit);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 3)
        return 0;
    const struct bauta_public_key *recipient = recovered_vectors_public_key();
    struct bt_recipients recipients;
    LAW(!bt_recipients_init(&recipients, &recipient, 1, NULL, 0));
    LAW(!bt_writer_keys_new(&writer, &recipients, 1 + data[0] % 2, NULL));
    LAW(!bt_writer_keys_enter(writer, 0));
    size_t first = (size_t)data[1] << 8 | data[2];
    first = first < size - 3 ? first : size - 3;
    static const struct recovered stream = {.codec = BAUTA_CODEC_H264};
    struct bauta_restorer *restorer = recovered_restorer(&stream, recovered_vectors_key());
    try_picture(restorer, (struct bauta_bytes){data + 3, first}, 0);
    try_picture(restorer, (struct bauta_bytes){data + 3 + first, size - 3 - first}, 1);
    bauta_restorer_free(&restorer);
    bt_writer_keys_unref(&writer);
    return 0;
}
