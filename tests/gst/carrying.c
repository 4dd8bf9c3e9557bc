/* SPDX-License-Identifier: Apache-2.0 */
#include "studio.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bauta/file.h>

/* What is hidden before the encoder comes back behind the decoder, with real encoders. */

#define IN "appsrc name=in format=time max-bytes=0 ! "
#define READ                                                                                       \
    "bautacollect ! %s ! bautarecover name=r reason=test key=%s audit=%s ! appsink name=out "      \
    "sync=false"

static bool have(const char *element)
{
    GstElementFactory *factory = gst_element_factory_find(element);
    bool found = factory != NULL;
    gst_clear_object(&factory);
    return found;
}

/* Protects the clip through `encoder`, reads it with `key`, and leaves it open for counts. */
static void go_through(struct take *take, const struct studio *s, const char *encoder,
                       const char *decoder, const char *key)
{
    take_begin(take,
               IN "bautaprotect name=p realtime=no "
                  "recipients=%s ! %s ! bautaattach name=a ! " READ,
               s->pub, encoder, decoder, key, s->audit);
    take_feed_all(take, s);
    assert_int_equal(STUDIO_PICTURES, take_pull_all(take));
    if (!take_finish(take))
        fail_msg("%s: %s", encoder, take->error);
}

static void check_all_revealed(const struct take *take)
{
    assert_int_equal(STUDIO_PICTURES, take_count(take, "p", "pictures-out"));
    assert_int_equal(STUDIO_PICTURES, take_count(take, "a", "access-units"));
    assert_int_equal(0, take_count(take, "a", "not-key"));
    assert_true(take_count(take, "r", "revealed") > STUDIO_PICTURES);
    static const char *const faults[] = {"missing", "broken", "denied", "changed", "unprotected"};
    for (size_t i = 0; i < G_N_ELEMENTS(faults); i++)
        if (take_count(take, "r", faults[i]) > 0)
            fail_msg("%u %s", (unsigned)take_count(take, "r", faults[i]), faults[i]);
}

static void what_is_hidden_comes_back(void **state, const char *name, const char *encoder,
                                      const char *decoder)
{
    struct take take;
    if (!have(name))
        skip();
    go_through(&take, *state, encoder, decoder, ((struct studio *)*state)->key);
    check_all_revealed(&take);
    take_end(&take);
}

static void what_is_hidden_comes_back_through_x264_with_b_frames(void **state)
{
    what_is_hidden_comes_back(state, "x264enc",
                              "x264enc speed-preset=veryfast bframes=3 ! h264parse", "avdec_h264");
}

static void what_is_hidden_comes_back_through_x265(void **state)
{
    what_is_hidden_comes_back(state, "x265enc", "x265enc speed-preset=ultrafast ! h265parse",
                              "avdec_h265");
}

static void what_is_hidden_comes_back_through_openh264(void **state)
{
    what_is_hidden_comes_back(state, "openh264enc", "openh264enc rate-control=off ! h264parse",
                              "avdec_h264");
}

static void another_key_reveals_nothing(void **state)
{
    struct studio *s = *state;
    struct take take;
    go_through(&take, s, "x264enc tune=zerolatency ! h264parse", "avdec_h264", s->other_key);
    assert_int_equal(0, take_count(&take, "r", "revealed"));
    assert_true(take_count(&take, "r", "denied") > 0);
    assert_non_null(strstr(take.warning, "stays masked"));
    take_end(&take);
}

static void protect_into_file(const struct studio *s, const char *settings)
{
    struct take take;
    take_begin(&take,
               IN "bautaprotect realtime=no recipients=%s %s ! "
                  "x264enc speed-preset=veryfast ! h264parse ! bautaattach ! h264parse ! mp4mux ! "
                  "filesink location=%s",
               s->pub, settings, s->out);
    take_feed_all(&take, s);
    if (!take_finish(&take))
        fail_msg("%s", take.error);
    take_end(&take);
}

static void a_file_is_recovered_by_the_library(void **state)
{
    const struct studio *s = *state;
    struct bauta_private_key *key;
    struct bauta_recover_settings r;
    struct bauta_recover_result result;
    char again[160];
    protect_into_file(s, "");
    check_ok(bauta_private_key_read(&key, s->key, NULL, NULL));
    snprintf(again, sizeof(again), "%s/again.mp4", s->folder);
    bauta_recover_settings_init(&r);
    r.input = s->out;
    r.output = again;
    r.key = key;
    r.preset = "ultrafast";
    check_ok(bauta_recover_file(&result, &r));
    assert_int_equal(STUDIO_PICTURES, result.n_pictures);
    assert_true(result.n_shown > STUDIO_PICTURES);
    assert_int_equal(0, result.n_incomplete + result.n_changed + result.n_unprotected);
    bauta_private_key_free(&key);
    remove(again);
}

/* A grant of the studio's file to the other key. */
static void write_grant(const struct studio *s, const char *path, uint64_t expires_ms)
{
    struct bauta_private_key *key;
    struct bauta_public_key *holder;
    struct bauta_grant_settings g;
    struct bauta_grant *grant;
    check_ok(bauta_private_key_read(&key, s->key, NULL, NULL));
    check_ok(bauta_public_key_read(&holder, s->other_pub, NULL));
    bauta_grant_settings_init(&g);
    g.input = s->out;
    g.key = key;
    g.recipient = holder;
    g.reason = "a reason";
    g.issued_ms = 1000;
    g.expires_ms = expires_ms;
    check_ok(bauta_grant_file(&grant, &g));
    remove(path);
    check_ok(bauta_grant_write(grant, path, NULL));
    bauta_grant_free(&grant);
    bauta_public_key_free(&holder);
    bauta_private_key_free(&key);
}

static void a_grant_that_has_expired_reveals_nothing(void **state)
{
    const struct studio *s = *state;
    char path[160];
    protect_into_file(s, "");
    snprintf(path, sizeof(path), "%s/it.grant", s->folder);
    for (int expired = 0; expired < 2; expired++) {
        struct take take;
        write_grant(s, path, expired ? 5000 : 0);
        take_begin(&take,
                   "filesrc location=%s ! qtdemux ! h264parse ! bautacollect ! avdec_h264 ! "
                   "bautarecover name=r key=%s grant=%s audit=%s ! appsink name=out sync=false",
                   s->out, s->other_key, path, s->audit);
        if (!expired)
            assert_int_equal(STUDIO_PICTURES, take_pull_all(&take));
        assert_int_equal(!expired, take_finish(&take));
        assert_true(expired || take_count(&take, "r", "revealed") > STUDIO_PICTURES);
        take_end(&take);
    }
    remove(path);
}

static void a_signed_file_is_authentic_to_its_end(void **state)
{
    const struct studio *s = *state;
    struct bauta_signer *signer;
    struct bauta_verification verification;
    struct bauta_file_info info;
    char settings[256];
    snprintf(settings, sizeof(settings), "signing-key=%s epoch=1000", s->sign_key);
    protect_into_file(s, settings);
    check_ok(bauta_signer_read(&signer, s->sign_pub, NULL));
    const struct bauta_signer *signers[] = {signer};
    const struct bauta_verifier_settings v = {.signers = signers, .n_signers = 1};
    check_ok(bauta_verify_file(&verification, &info, s->out, &v, NULL));
    assert_true(verification.authentic);
    assert_int_equal(STUDIO_PICTURES, verification.n_authentic);
    bauta_signer_free(&signer);
}

static void a_sub_pad_is_masked_and_recovered_by_itself(void **state)
{
    const struct studio *s = *state;
    struct take take;
    take_begin(&take,
               IN "bautaprotect name=p realtime=no recipients=%s recovery=none ! queue ! fakesink "
                  "p.sub_0 ! video/x-raw,width=320,framerate=5/1 ! queue ! "
                  "x264enc tune=zerolatency ! h264parse ! bautaattach name=a ! " READ,
               s->pub, "avdec_h264", s->key, s->audit);
    take_feed_all(&take, s);
    GstSample *first = take_pull(&take);
    assert_non_null(first);
    const GstStructure *size = gst_caps_get_structure(gst_sample_get_caps(first), 0);
    int width = 0, height = 0;
    gst_structure_get(size, "width", G_TYPE_INT, &width, "height", G_TYPE_INT, &height, NULL);
    assert_int_equal(320, width);
    assert_int_equal(240, height);
    gst_sample_unref(first);
    assert_int_equal(STUDIO_PICTURES / 2 - 1, take_pull_all(&take));
    if (!take_finish(&take))
        fail_msg("%s", take.error);
    assert_true(take_count(&take, "r", "revealed") > 0);
    assert_int_equal(0, take_count(&take, "r", "missing") + take_count(&take, "r", "broken"));
    assert_int_equal(0, take_count(&take, "p", "recovery-bytes"));
    take_end(&take);
}

/* The samples of a raw video file. */
static uint8_t *read_raw(const char *path, size_t size)
{
    uint8_t *samples = malloc(size);
    FILE *file = fopen(path, "rb");
    assert_non_null(samples);
    assert_non_null(file);
    assert_int_equal(1, fread(samples, size, 1, file));
    fclose(file);
    remove(path);
    return samples;
}

/* Whether the luma around one is as that, as far as scaling reaches. */
static bool is_flat(const uint8_t *at)
{
    for (int y = -4; y <= 5; y++)
        for (int x = -4; x <= 5; x++)
            if (at[y * STUDIO_WIDTH + x] != *at)
                return false;
    return true;
}

/*
 * A block of a mask with noise of its own in each stream would be two samples of one mean, and
 * their mean would have less noise. They are no more than one if the small picture follows from the
 * large one: where that is flat, as it is within a block, the small one shows the same level.
 */
static void main_and_sub_stream_tell_no_more_than_one(void **state)
{
    const struct studio *s = *state;
    enum { W = STUDIO_WIDTH, H = STUDIO_HEIGHT };
    const size_t size = (size_t)W * H * 3 / 2;
    char large[160], small[160];
    struct take take;
    int n_flat = 0;
    snprintf(large, sizeof(large), "%s/large.yuv", s->folder);
    snprintf(small, sizeof(small), "%s/small.yuv", s->folder);
    take_begin(&take,
               IN "bautaprotect name=p realtime=no recipients=%s recovery=none "
                  "always=\"64,64,512,384\" ! queue "
                  "! filesink location=%s p.sub_0 ! video/x-raw,format=I420,width=384 ! queue ! "
                  "filesink location=%s",
               s->pub, large, small);
    take_feed_all(&take, s);
    if (!take_finish(&take))
        fail_msg("%s", take.error);
    take_end(&take);
    uint8_t *whole = read_raw(large, size * STUDIO_PICTURES);
    uint8_t *half = read_raw(small, size / 4 * STUDIO_PICTURES);
    for (int n = 0; n < STUDIO_PICTURES; n += 10)
        for (int y = 40; y < H / 2 - 40; y++)
            for (int x = 40; x < W / 2 - 40; x++) {
                const uint8_t *at = whole + size * (size_t)n + 2 * y * W + 2 * x;
                if (!is_flat(at))
                    continue;
                assert_int_equal(*at, half[size / 4 * (size_t)n + (size_t)(y * W / 2 + x)]);
                n_flat++;
            }
    assert_true(n_flat > 10000);
    free(whole);
    free(half);
}

static void short_epochs_begin_with_key_pictures(void **state)
{
    const struct studio *s = *state;
    struct take take;
    take_begin(&take,
               IN "bautaprotect name=p realtime=no epoch=300 recipients=%s ! "
                  "x264enc tune=zerolatency ! h264parse ! bautaattach name=a ! " READ,
               s->pub, "avdec_h264", s->key, s->audit);
    take_feed_all(&take, s);
    assert_int_equal(STUDIO_PICTURES, take_pull_all(&take));
    check_all_revealed(&take);
    take_end(&take);
}

static void an_encoder_that_begins_an_epoch_without_a_key_picture_is_reported(void **state)
{
    const struct studio *s = *state;
    struct take take;
    take_begin(&take, /* so many pictures are in the encoder that requests are passed over */
               IN "bautaprotect name=p realtime=no epoch=300 recipients=%s ! "
                  "x264enc rc-lookahead=20 ! h264parse ! bautaattach name=a ! fakesink",
               s->pub);
    take_feed_all(&take, s);
    if (!take_finish(&take))
        fail_msg("%s", take.error);
    if (take_count(&take, "a", "not-key") == 0)
        skip(); /* another GStreamer, that heeds them all */
    assert_non_null(strstr(take.warning, "key picture"));
    take_end(&take);
}

static void after_a_seek_everything_begins_anew(void **state)
{
    const struct studio *s = *state;
    struct take take;
    take_begin(&take,
               "filesrc location=%s ! decodebin ! videoconvert ! "
               "bautaprotect name=p recipients=%s ! x264enc tune=zerolatency ! h264parse ! "
               "bautaattach name=a ! " READ,
               s->clip, s->pub, "avdec_h264", s->key, s->audit);
    for (int i = 0; i < 3; i++)
        gst_sample_unref(take_pull(&take));
    assert_true(gst_element_seek(take.pipeline, 1, GST_FORMAT_TIME,
                                 (GstSeekFlags)(GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE),
                                 GST_SEEK_TYPE_SET, 20 * GST_SECOND, GST_SEEK_TYPE_SET,
                                 22 * GST_SECOND));
    int n = take_pull_all(&take);
    assert_true(n >= 19 && n <= 23);
    if (!take_finish(&take))
        fail_msg("%s", take.error);
    assert_true(take_count(&take, "r", "revealed") > 0);
    assert_int_equal(0, take_count(&take, "r", "missing") + take_count(&take, "r", "broken") +
                            take_count(&take, "r", "changed"));
    take_end(&take);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_hidden_comes_back_through_x264_with_b_frames),
        cmocka_unit_test(what_is_hidden_comes_back_through_x265),
        cmocka_unit_test(what_is_hidden_comes_back_through_openh264),
        cmocka_unit_test(another_key_reveals_nothing),
        cmocka_unit_test(a_file_is_recovered_by_the_library),
        cmocka_unit_test(a_grant_that_has_expired_reveals_nothing),
        cmocka_unit_test(a_signed_file_is_authentic_to_its_end),
        cmocka_unit_test(a_sub_pad_is_masked_and_recovered_by_itself),
        cmocka_unit_test(main_and_sub_stream_tell_no_more_than_one),
        cmocka_unit_test(short_epochs_begin_with_key_pictures),
        cmocka_unit_test(an_encoder_that_begins_an_epoch_without_a_key_picture_is_reported),
        cmocka_unit_test(after_a_seek_everything_begins_anew),
    };
    return cmocka_run_group_tests(tests, studio_set_up, studio_tear_down);
}
