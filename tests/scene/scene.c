/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/hash.h"
#include "crypto/key.h"
#include "crypto/x25519.h"

void scene_paint(const struct bauta_picture *p, int n)
{
    for (int y = 0; y < p->height; y++)
        for (int x = 0; x < p->width; x++) {
            int value = 90 + (x * 7 + y * 3 + x * y / 16) % 40; /* nowhere the same */
            int left = x - (16 + 6 * n), right = x - (130 - 6 * n);
            if (left >= 0 && left < 32 && y >= 24 && y < 112)
                value = 40 + (left * 13 + y * 11) % 120;
            if (right >= 0 && right < 32 && y >= 32 && y < 120)
                value = 220 - (right * 17 + y * 5) % 120;
            p->planes[0][y * p->strides[0] + x] = (uint8_t)value;
        }
    for (int i = 1; i < 3; i++)
        for (int y = 0; y < p->height / 2; y++)
            memset(p->planes[i] + y * p->strides[i], 100 + 20 * i, (size_t)p->width / 2);
}

int scene_regions(struct bauta_region *regions, int n)
{
    int a = 16 + 6 * n, b = 130 - 6 * n;
    regions[0] =
        (struct bauta_region){.target = 1, .class_ = BAUTA_CLASS_BODY, .rect = {a, 24, 32, 88}};
    regions[1] =
        (struct bauta_region){.target = 1, .class_ = BAUTA_CLASS_FACE, .rect = {a + 8, 26, 16, 20}};
    regions[2] =
        (struct bauta_region){.target = 2, .class_ = BAUTA_CLASS_BODY, .rect = {b, 32, 32, 88}};
    regions[3] =
        (struct bauta_region){.target = 2, .class_ = BAUTA_CLASS_FACE, .rect = {b + 8, 34, 16, 20}};
    return 4;
}

static void make_pair(struct bauta_public_key **public_key, struct bauta_private_key **private_key)
{
    uint8_t hash[BT_HASH_SIZE];
    *public_key = calloc(1, sizeof(**public_key));
    *private_key = calloc(1, sizeof(**private_key));
    assert_non_null(*public_key);
    assert_non_null(*private_key);
    check_ok(bt_x25519_generate((*private_key)->bytes));
    check_ok(bt_x25519_public((*public_key)->bytes, (*private_key)->bytes));
    check_ok(bt_hash_bytes(hash, (struct bauta_bytes){(*public_key)->bytes, 32}));
    memcpy((*private_key)->public_bytes, (*public_key)->bytes, 32);
    memcpy((*public_key)->id, hash, BAUTA_KEY_ID_SIZE);
    memcpy((*private_key)->id, hash, BAUTA_KEY_ID_SIZE);
}

void scene_make_keys(struct scene *s)
{
    memset(s, 0, sizeof(*s));
    bauta_object_codec_init(&s->codec, BAUTA_CODEC_H264);
    s->codec.qp = 12; /* the pattern is harsh: what is clear must be told from what is masked */
    make_pair(&s->public_key, &s->private_key);
    make_pair(&s->other_public_key, &s->other_private_key);
}

struct bauta_protector *scene_protector(struct scene *s, const struct bauta_object_codec *codec,
                                        const struct bauta_signing_key *signing_key)
{
    const struct bauta_public_key *recipients[] = {s->public_key};
    struct bauta_protector_settings settings;
    struct bauta_protector *protector;
    bauta_protector_settings_init(&settings);
    settings.width = SCENE_WIDTH;
    settings.height = SCENE_HEIGHT;
    settings.recipients = recipients;
    settings.n_recipients = 1;
    settings.epoch_us = SCENE_EPOCH * 100000;
    settings.object_codec = codec;
    settings.signing_key = signing_key;
    settings.detect = false;
    check_ok(bauta_protector_new(&protector, &settings));
    return protector;
}

void scene_record(struct scene *s, struct bauta_protector *protector)
{
    void *encoder, *decoder;
    check_ok(s->codec.encoder_new(&encoder, &s->codec, SCENE_WIDTH, SCENE_HEIGHT));
    check_ok(s->codec.decoder_new(&decoder, &s->codec, s->codec.id));
    for (int n = 0; n < SCENE_PICTURES; n++) {
        struct bauta_region regions[BAUTA_MAX_REGIONS];
        struct bauta_bytes coded, attached;
        struct bauta_picture decoded;
        struct bt_frame frame;
        check_ok(bt_frame_init(&s->originals[n], SCENE_WIDTH, SCENE_HEIGHT));
        check_ok(bt_frame_init(&s->masked[n], SCENE_WIDTH, SCENE_HEIGHT));
        check_ok(bt_frame_init(&frame, SCENE_WIDTH, SCENE_HEIGHT));
        scene_paint(&s->originals[n].picture, n);
        scene_paint(&frame.picture, n);
        int n_regions = scene_regions(regions, n);
        check_ok(bauta_protector_mask_regions(protector, &s->reports[n], &frame.picture, n * 100000,
                                              regions, n_regions));
        check_ok(s->codec.encode(encoder, &coded, &frame.picture, s->reports[n].random_access));
        check_ok(bauta_protector_attach(protector, &attached, coded, n * 100000));
        bt_buffer_append(&s->units[n], attached);
        check_ok(s->codec.decode(decoder, &decoded, attached));
        bt_picture_copy(&s->masked[n].picture, &decoded);
        bt_frame_clear(&frame);
    }
    s->codec.encoder_free(&encoder);
    s->codec.decoder_free(&decoder);
    bauta_protector_free(&protector);
}

struct bauta_restorer *scene_restorer(const struct scene *s, unsigned classes,
                                      const uint32_t *targets, int n_targets)
{
    struct bauta_restorer_settings settings;
    struct bauta_restorer *restorer;
    bauta_restorer_settings_init(&settings);
    settings.key = s->private_key;
    settings.object_codec = &s->codec;
    settings.classes = classes;
    settings.targets = targets;
    settings.n_targets = n_targets;
    check_ok(bauta_restorer_new(&restorer, &settings));
    return restorer;
}

void scene_clear(struct scene *s)
{
    for (int n = 0; n < SCENE_PICTURES; n++) {
        bt_frame_clear(&s->originals[n]);
        bt_frame_clear(&s->masked[n]);
        bt_buffer_clear(&s->units[n]);
    }
    bauta_public_key_free(&s->public_key);
    bauta_public_key_free(&s->other_public_key);
    bauta_private_key_free(&s->private_key);
    bauta_private_key_free(&s->other_private_key);
}

double scene_error(const struct bauta_picture *a, const struct bauta_picture *b,
                   struct bauta_rect r)
{
    double sum = 0;
    for (int y = r.y; y < r.y + r.h; y++)
        for (int x = r.x; x < r.x + r.w; x++) {
            double d = a->planes[0][y * a->strides[0] + x] - b->planes[0][y * b->strides[0] + x];
            sum += d * d;
        }
    return sum / ((double)r.w * r.h);
}
