/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <bauta/protector.h>

#include "clip.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "crypto/x25519.h"

#include <stdlib.h>
#include <string.h>

/* A camera's loop with a look-ahead, by the public interface and with the real detector. */

enum { AHEAD = 6, PICTURES = 40 };

static struct bauta_object_codec codec;

static void make_key(struct bauta_public_key *key)
{
    uint8_t secret[32], hash[BT_HASH_SIZE];
    check_ok(bt_x25519_generate(secret));
    check_ok(bt_x25519_public(key->bytes, secret));
    check_ok(bt_hash_bytes(hash, (struct bauta_bytes){key->bytes, 32}));
    memcpy(key->id, hash, BAUTA_KEY_ID_SIZE);
}

static struct bauta_protector *open_protector(int lookahead)
{
    static struct bauta_public_key key;
    static const struct bauta_public_key *recipients[] = {&key};
    struct bauta_protector_settings s;
    struct bauta_protector *p;
    make_key(&key);
    bauta_object_codec_init(&codec, BAUTA_CODEC_H264);
    bauta_protector_settings_init(&s);
    s.width = DEMO_WIDTH;
    s.height = DEMO_HEIGHT;
    s.recipients = recipients;
    s.n_recipients = 1;
    s.object_codec = &codec;
    s.find.lookahead = lookahead;
    s.find.data_dir = clip_data_dir();
    check_ok(bauta_protector_new(&p, &s));
    return p;
}

static void keep(struct bt_frame *kept, const struct bt_clear *picture)
{
    check_ok(bt_frame_init(kept, DEMO_WIDTH, DEMO_HEIGHT));
    bt_picture_copy(&kept->picture, &picture->picture);
}

static bool has(const struct bauta_mask_report *report, uint32_t target)
{
    for (int i = 0; i < report->n_regions; i++)
        if (report->regions[i].target == target)
            return true;
    return false;
}

static void masks_begin_before_the_first_sight(void **state)
{
    (void)state;
    static struct bauta_mask_report reports[PICTURES], now;
    struct bauta_protector *ahead = open_protector(AHEAD), *at_once = open_protector(0);
    struct bt_frame kept[PICTURES];
    struct clip clip;
    struct bt_clear picture;
    int n_early = 0;
    assert_true(clip_open(&clip, demo_clip_path(), DEMO_WIDTH, DEMO_HEIGHT));
    for (int i = 0; i < PICTURES; i++) {
        assert_true(clip_next(&clip, &picture));
        keep(&kept[i], &picture);
        check_ok(bauta_protector_look(ahead, &kept[i].picture, i * DEMO_STEP_US));
        if (i >= AHEAD)
            check_ok(bauta_protector_mask(ahead, &reports[i - AHEAD], &kept[i - AHEAD].picture,
                                          (i - AHEAD) * DEMO_STEP_US));
    }
    for (int i = PICTURES - AHEAD; i < PICTURES; i++) /* what still waits at the end */
        check_ok(bauta_protector_mask(ahead, &reports[i], &kept[i].picture, i * DEMO_STEP_US));
    clip_close(&clip);
    assert_true(clip_open(&clip, demo_clip_path(), DEMO_WIDTH, DEMO_HEIGHT));
    for (int i = 0; i < PICTURES; i++) {
        assert_true(clip_next(&clip, &picture));
        check_ok(bauta_protector_mask(at_once, &now, &picture.picture, i * DEMO_STEP_US));
        assert_false(now.blind || reports[i].blind);
        for (int k = 0; k < reports[i].n_regions; k++) /* both count people alike */
            n_early += !has(&now, reports[i].regions[k].target);
        bt_frame_clear(&kept[i]);
    }
    assert_true(n_early > 0);
    clip_close(&clip);
    bauta_protector_free(&ahead);
    bauta_protector_free(&at_once);
}

static bool is_black(const struct bauta_picture *p)
{
    for (int y = 0; y < p->height; y++)
        for (int x = 0; x < p->width; x++)
            if (p->planes[0][y * p->strides[0] + x] != 16)
                return false;
    return true;
}

static void pictures_out_of_turn_are_refused_and_black(void **state)
{
    (void)state;
    static struct bauta_mask_report report;
    struct bauta_protector *p = open_protector(2);
    struct bt_frame kept;
    struct clip clip;
    struct bt_clear picture;
    assert_true(clip_open(&clip, demo_clip_path(), DEMO_WIDTH, DEMO_HEIGHT));
    assert_true(clip_next(&clip, &picture));
    keep(&kept, &picture);
    for (int i = 0; i < 3; i++)
        check_ok(bauta_protector_look(p, &kept.picture, i * DEMO_STEP_US));
    check_status(BAUTA_ERR_ARGUMENT, bauta_protector_look(p, &kept.picture, 3 * DEMO_STEP_US));
    check_status(BAUTA_ERR_ARGUMENT, bauta_protector_look(p, &kept.picture, DEMO_STEP_US));
    assert_false(is_black(&kept.picture)); /* looking changes nothing */
    check_status(BAUTA_ERR_ARGUMENT,
                 bauta_protector_mask(p, &report, &kept.picture, 2 * DEMO_STEP_US));
    assert_true(is_black(&kept.picture)); /* masking does */
    bt_frame_clear(&kept);
    keep(&kept, &picture);
    check_ok(bauta_protector_mask(p, &report, &kept.picture, 0));
    bt_frame_clear(&kept);
    clip_close(&clip);
    bauta_protector_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(masks_begin_before_the_first_sight),
        cmocka_unit_test(pictures_out_of_turn_are_refused_and_black),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
