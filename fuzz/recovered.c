/* SPDX-License-Identifier: Apache-2.0 */
#include "recovered.h"

#include <string.h>

#include "base/rect.h"
#include "codec/decode.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "crypto/x25519.h"
#include "law.h"
#include "mask/window.h"

static const struct bauta_object_codec *object_codec(void)
{
    static struct bauta_object_codec codec;
    bauta_object_codec_init(&codec, BAUTA_CODEC_H264);
    return &codec;
}

static struct bauta_private_key vectors_key;
static struct bauta_public_key vectors_public_key;

static void read_vectors_key(void)
{
    static const char name[] = "\"private_key\": \"";
    char text[256];
    FILE *file = fopen(BAUTA_VECTORS "/streams.json", "rb");
    LAW(file);
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    fclose(file);
    const char *digits = strstr(text, name);
    LAW(digits);
    digits += strlen(name);
    for (int i = 0; i < 32; i++)
        LAW(sscanf(digits + (ptrdiff_t)2 * i, "%2hhx", &vectors_key.bytes[i]) == 1);
    uint8_t hash[BT_HASH_SIZE];
    LAW(!bt_x25519_public(vectors_public_key.bytes, vectors_key.bytes));
    memcpy(vectors_key.public_bytes, vectors_public_key.bytes, sizeof(vectors_key.public_bytes));
    LAW(!bt_hash_bytes(hash, (struct bauta_bytes){vectors_public_key.bytes, 32}));
    memcpy(vectors_key.id, hash, sizeof(vectors_key.id));
    memcpy(vectors_public_key.id, hash, sizeof(vectors_public_key.id));
}

const struct bauta_private_key *recovered_vectors_key(void)
{
    if (vectors_key.bytes[0] == 0)
        read_vectors_key();
    return &vectors_key;
}

const struct bauta_public_key *recovered_vectors_public_key(void)
{
    if (vectors_key.bytes[0] == 0)
        read_vectors_key();
    return &vectors_public_key;
}

struct bauta_restorer *recovered_restorer(const struct recovered *r,
                                          const struct bauta_private_key *key)
{
    struct bauta_restorer_settings settings;
    struct bauta_restorer *restorer;
    bauta_restorer_settings_init(&settings);
    settings.codec = r->codec;
    settings.key = key;
    settings.object_codec = object_codec();
    LAW(!bauta_restorer_new(&restorer, &settings));
    return restorer;
}

static void take_pictures(struct recovered *r, struct bt_decode *decode)
{
    for (;;) {
        struct bt_decoded decoded;
        bool some;
        LAW(!bt_decode_pull(decode, &decoded, &some));
        if (!some)
            return;
        LAW(r->n_pictures < RECOVERED_MAX);
        r->shows[r->n_pictures] = (int)decoded.unit;
        r->masked[r->n_pictures++] = decoded.frame;
    }
}

static void load_file(struct recovered *r, const char *path)
{
    struct bt_demux *demux;
    struct bt_decode *decode;
    struct bt_video_info info;
    LAW(!bt_demux_open(&demux, path, NULL));
    LAW(!bt_decode_new(&decode, demux, 1));
    bt_demux_video_info(demux, &info);
    bt_decode_size(decode, &r->width, &r->height);
    r->codec = info.codec;
    for (;;) {
        struct bt_packet *packet;
        LAW(!bt_demux_read(demux, &packet));
        if (packet && bt_packet_is_video(packet)) {
            LAW(r->n_units < RECOVERED_MAX);
            bt_buffer_append(&r->units[r->n_units++], bt_packet_bytes(packet));
        }
        if (!packet || bt_packet_is_video(packet))
            LAW(!bt_decode_push(decode, packet));
        take_pictures(r, decode);
        if (!packet)
            break;
        bt_packet_free(&packet);
    }
    LAW(r->n_pictures > 0 && !bt_demux_truncated(demux));
    bt_decode_free(&decode);
    bt_demux_free(&demux);
}

void recovered_load(struct recovered *r, const char *path, const struct bauta_private_key *key)
{
    memset(r, 0, sizeof(*r));
    load_file(r, path);
    struct bauta_restorer *restorer = recovered_restorer(r, key);
    int n_collected = 0;
    for (int n = 0; n < r->n_pictures; n++) {
        for (; n_collected <= r->shows[n]; n_collected++)
            LAW(!bauta_restorer_collect(restorer, bt_buffer_view(&r->units[n_collected]),
                                        n_collected));
        LAW(!bt_frame_init(&r->clear[n], r->width, r->height));
        bt_picture_copy(&r->clear[n].picture, &r->masked[n].picture);
        LAW(!bauta_restorer_reveal(restorer, &r->reports[n], &r->clear[n].picture, r->shows[n]));
        LAW(!r->reports[n].changed);
    }
    bauta_restorer_free(&restorer);
}

void recovered_clear(struct recovered *r)
{
    for (int n = 0; n < r->n_units; n++)
        bt_buffer_clear(&r->units[n]);
    for (int n = 0; n < r->n_pictures; n++) {
        bt_frame_clear(&r->masked[n]);
        bt_frame_clear(&r->clear[n]);
    }
}

static bool same_region(const struct bauta_region *a, const struct bauta_region *b)
{
    return a->target == b->target && a->class_ == b->class_ &&
           memcmp(&a->rect, &b->rect, sizeof(a->rect)) == 0;
}

static bool same_regions(const struct bauta_reveal_report *a, const struct bauta_reveal_report *b)
{
    bool same = a->n_regions == b->n_regions;
    for (int i = 0; same && i < a->n_regions; i++)
        same = same_region(&a->regions[i], &b->regions[i]);
    return same;
}

/* What a square of 2x2 pixels at x, y must be the same as, NULL if it is in a margin. */
static const struct bauta_picture *source_of(const struct bauta_reveal_report *report, int x, int y,
                                             const struct bauta_picture *masked,
                                             const struct bauta_picture *clear)
{
    struct bauta_rect at = {x, y, 2, 2};
    for (int i = 0; i < report->n_regions; i++)
        if (bt_rect_contains(report->regions[i].rect, at))
            return report->states[i] == BAUTA_REVEAL_SHOWN ? clear : masked;
    for (int i = 0; i < report->n_regions; i++)
        if (report->states[i] == BAUTA_REVEAL_SHOWN &&
            bt_rect_contains(
                bt_rect_grow(report->regions[i].rect, BT_WINDOW_MARGIN, BT_WINDOW_MARGIN), at))
            return NULL;
    return masked;
}

static bool same_square(const struct bauta_picture *a, const struct bauta_picture *b, int x, int y)
{
    bool same = true;
    for (int row = y; row < y + 2; row++)
        same &= memcmp(a->planes[0] + row * a->strides[0] + x,
                       b->planes[0] + row * b->strides[0] + x, 2) == 0;
    for (int p = 1; p < 3; p++)
        same &= a->planes[p][y / 2 * a->strides[p] + x / 2] ==
                b->planes[p][y / 2 * b->strides[p] + x / 2];
    return same;
}

static bool lawful(const struct bauta_reveal_report *report, const struct bauta_picture *masked,
                   const struct bauta_picture *revealed, const struct bauta_picture *clear)
{
    for (int y = 0; y < revealed->height; y += 2)
        for (int x = 0; x < revealed->width; x += 2) {
            const struct bauta_picture *source = source_of(report, x, y, masked, clear);
            if (source && !same_square(revealed, source, x, y))
                return false;
        }
    return true;
}

int recovered_check(const struct recovered *r, const struct bauta_reveal_report *report,
                    const struct bauta_picture *masked, const struct bauta_picture *revealed)
{
    if (report->n_regions == 0) {
        LAW(lawful(report, masked, revealed, masked));
        return -1;
    }
    for (int n = 0; n < r->n_pictures; n++)
        if (same_regions(report, &r->reports[n]) &&
            lawful(report, masked, revealed, &r->clear[n].picture))
            return n;
    bool shown = false; /* regions that the whole file does not have: a head that was altered */
    for (int i = 0; i < report->n_regions; i++)
        shown |= report->states[i] == BAUTA_REVEAL_SHOWN;
    LAW(!shown && lawful(report, masked, revealed, masked));
    return -1;
}
