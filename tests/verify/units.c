/* SPDX-License-Identifier: Apache-2.0 */
/* What other people's tools make of a stream on its way, and what stands between its pictures:
 * every reader finds what it found before. */
#include "signed_scene.h"

#include <math.h>
#include <string.h>

#include <bauta/inspector.h>
#include <bauta/verifier.h>

#include "bitstream/sei.h"
#include "amend/amender.h"
#include "amend/grantor.h"
#include "recovery/messages.h"

/*
 * Access units as strings, one letter for what is taken of a picture's own or put beside it:
 *   P parameter sets · M messages, each in a unit of its own · J all its messages and a foreign one
 *   in one unit · S slices · R the messages of the first picture, repeated · E foreign SEI ·
 *   D delimiter · F filler · Z end of sequence · X end of stream
 */

static int set_up(void **state)
{
    static struct signed_scene s;
    signed_scene_make_keys(&s);
    scene_record(&s.scene, signed_scene_protector(&s));
    *state = &s;
    return 0;
}

static int tear_down(void **state)
{
    struct signed_scene *s = *state;
    scene_clear(&s->scene);
    return 0;
}

/* Appends the units of one kind. */
static void take(struct bt_buffer *out, const struct bt_buffer *unit, enum bt_nal_kind kind)
{
    struct bt_nal_reader r;
    struct bauta_bytes nal;
    bt_nal_reader_init(&r, bt_buffer_view(unit));
    while (bt_nal_next(&r, &nal))
        if (bt_nal_kind(BAUTA_CODEC_H264, nal) == kind)
            bt_nal_copy(out, nal);
}

/* One SEI unit with a foreign message and all of a unit's own. */
static void take_joined(struct bt_buffer *out, const struct bt_buffer *unit)
{
    static const uint8_t header = 6, foreign[] = {1, 2, 0xab, 0xcd};
    struct bt_buffer joined = {0}, plain = {0};
    struct bt_nal_reader r;
    struct bauta_bytes nal;
    bt_buffer_append(&joined, (struct bauta_bytes){foreign, sizeof(foreign)});
    bt_nal_reader_init(&r, bt_buffer_view(unit));
    while (bt_nal_next(&r, &nal)) {
        if (bt_nal_kind(BAUTA_CODEC_H264, nal) != BT_NAL_SEI)
            continue;
        bt_buffer_reset(&plain);
        bt_nal_unescape(&plain, nal);
        bt_buffer_append(&joined, (struct bauta_bytes){plain.data + 1, plain.size - 2});
    }
    bt_buffer_put_u8(&joined, 0x80);
    bt_nal_write(out, (struct bauta_bytes){&header, 1}, bt_buffer_view(&joined));
    bt_buffer_clear(&joined);
    bt_buffer_clear(&plain);
}

static void put(struct bt_buffer *out, const uint8_t *nal, size_t size)
{
    bt_nal_copy(out, (struct bauta_bytes){nal, size});
}

static void compose(struct bt_buffer *out, const struct scene *s, int n, const char *letters)
{
    static const uint8_t delimiter[] = {9, 0xf0}, filler[] = {12, 0xff, 0x80}, end[] = {10, 11};
    static const uint8_t foreign[] = {6, 1, 2, 0xab, 0xcd, 0x80};
    for (const char *letter = letters; *letter; letter++) {
        switch (*letter) {
        case 'P':
            take(out, &s->units[n], BT_NAL_PARAMETERS);
            break;
        case 'M':
            take(out, &s->units[n], BT_NAL_SEI);
            break;
        case 'J':
            take_joined(out, &s->units[n]);
            break;
        case 'S':
            take(out, &s->units[n], BT_NAL_SLICE);
            break;
        case 'R':
            take(out, &s->units[0], BT_NAL_SEI);
            break;
        case 'E':
            put(out, foreign, sizeof(foreign));
            break;
        case 'D':
            put(out, delimiter, sizeof(delimiter));
            break;
        case 'F':
            put(out, filler, sizeof(filler));
            break;
        case 'Z':
            put(out, &end[0], 1);
            break;
        case 'X':
            put(out, &end[1], 1);
            break;
        default:
            fail_msg("no such letter: %c", *letter);
        }
    }
    check_ok(bt_buffer_status(out));
}

enum { MOST_UNITS = 2 * SCENE_PICTURES };

/* A stream on its way. */
struct way {
    const char *picture, *between; /* NULL: nothing stands between pictures */
    struct bt_buffer units[MOST_UNITS];
    int pictures[MOST_UNITS]; /* which it is, -1: none */
    int n_units;
};

static void make(struct way *way, const struct scene *s)
{
    way->n_units = 0;
    for (int n = 0; n < SCENE_PICTURES; n++) {
        for (int between = 0; between <= (way->between != NULL); between++) {
            way->pictures[way->n_units] = between ? -1 : n;
            compose(&way->units[way->n_units++], s, n, between ? way->between : way->picture);
        }
    }
}

static void clear(struct way *way)
{
    for (int i = 0; i < way->n_units; i++)
        bt_buffer_clear(&way->units[i]);
}

static double time_of(const struct way *way, int i)
{
    return way->pictures[i] >= 0 ? way->pictures[i] * 0.1 : way->pictures[i - 1] * 0.1 + 0.05;
}

/* What all readers found. */
struct found {
    struct bauta_inspection inspection;
    double last_s;
    struct bauta_verification verification;
    int findings[BAUTA_N_FINDINGS];
    size_t n_granted;
    struct bt_grantor_epoch granted[SCENE_PICTURES];
    size_t n_amended;
    uint32_t amended[SCENE_PICTURES]; /* units of each epoch */
};

static void inspect(struct found *found, const struct way *way)
{
    struct bauta_inspector *inspector;
    check_ok(bauta_inspector_new(&inspector, BAUTA_CODEC_H264));
    for (int i = 0; i < way->n_units; i++)
        check_ok(
            bauta_inspector_collect(inspector, bt_buffer_view(&way->units[i]), time_of(way, i)));
    bauta_inspector_result(inspector, &found->inspection);
    found->last_s = found->inspection.targets[0].last_s;
    found->inspection.targets = NULL; /* of the inspector's memory */
    found->inspection.stream_bytes = found->inspection.recovery_bytes = 0;
    bauta_inspector_free(&inspector);
}

static void count(void *user, const struct bauta_finding *finding)
{
    struct found *found = user;
    found->findings[finding->kind]++;
}

static void verify(struct found *found, const struct way *way, const struct bauta_signer *signer)
{
    const struct bauta_verifier_settings settings = {.codec = BAUTA_CODEC_H264,
                                                     .signers = &signer,
                                                     .n_signers = 1,
                                                     .user = found,
                                                     .found = count};
    struct bauta_verifier *verifier;
    check_ok(bauta_verifier_new(&verifier, &settings));
    for (int i = 0; i < way->n_units; i++)
        check_ok(bauta_verifier_collect(verifier, bt_buffer_view(&way->units[i]), time_of(way, i)));
    check_ok(bauta_verifier_finish(verifier, &found->verification));
    bauta_verifier_free(&verifier);
}

static void grant(struct found *found, const struct way *way, const struct scene *s)
{
    struct bauta_grant_settings settings;
    struct bt_grantor grantor;
    bauta_grant_settings_init(&settings);
    settings.key = s->private_key;
    bt_grantor_init(&grantor, &settings, BAUTA_CODEC_H264);
    for (int i = 0; i < way->n_units; i++)
        check_ok(bt_grantor_collect(&grantor, bt_buffer_view(&way->units[i]), time_of(way, i)));
    found->n_granted = grantor.n_epochs;
    assert_true(grantor.n_epochs <= SCENE_PICTURES);
    memcpy(found->granted, grantor.epochs, grantor.n_epochs * sizeof(*grantor.epochs));
    bt_grantor_clear(&grantor);
}

/* Takes every recipient away, and checks that nobody is left, and no picture lost. */
static void amend(struct found *found, const struct way *way)
{
    struct bauta_amend_settings settings;
    struct bauta_amend_result result = {.n_pictures = 0};
    struct bt_amender amender;
    struct bauta_inspector *inspector;
    struct bauta_inspection after;
    bauta_amend_settings_init(&settings);
    settings.erase_envelopes = true;
    bt_amender_init(&amender, &settings, &result, BAUTA_CODEC_H264);
    for (int i = 0; i < way->n_units; i++)
        check_ok(bt_amender_study(&amender, bt_buffer_view(&way->units[i]), time_of(way, i)));
    check_ok(bt_amender_plan(&amender));
    found->n_amended = amender.n_epochs;
    for (size_t i = 0; i < amender.n_epochs; i++)
        found->amended[i] = amender.epochs[i].n_units;
    check_ok(bauta_inspector_new(&inspector, BAUTA_CODEC_H264));
    for (int i = 0; i < way->n_units; i++) {
        struct bt_buffer out = {0};
        check_ok(bt_amender_rewrite(&amender, &out, bt_buffer_view(&way->units[i])));
        check_ok(bauta_inspector_collect(inspector, bt_buffer_view(&out), time_of(way, i)));
        bt_buffer_clear(&out);
    }
    bauta_inspector_result(inspector, &after);
    assert_int_equal(0, after.n_recipients);
    assert_int_equal(found->inspection.n_pictures, after.n_pictures);
    assert_int_equal(found->inspection.n_epochs, after.n_epochs);
    assert_int_equal(found->inspection.n_pictures, result.n_pictures);
    bauta_inspector_free(&inspector);
    bt_amender_clear(&amender);
}

static void find_all(struct found *found, const struct way *way, const struct signed_scene *s)
{
    memset(found, 0, sizeof(*found));
    inspect(found, way);
    verify(found, way, &s->signer);
    grant(found, way, &s->scene);
    amend(found, way);
}

/* Every region of every picture is clear. */
static void restore(const struct way *way, const struct scene *s)
{
    struct bauta_restorer *restorer = scene_restorer(s, BAUTA_MASK_BOTH, NULL, 0);
    for (int i = 0; i < way->n_units; i++) {
        struct bauta_reveal_report report;
        struct bt_frame frame;
        const int n = way->pictures[i];
        check_ok(bauta_restorer_collect(restorer, bt_buffer_view(&way->units[i]), i));
        if (n < 0)
            continue;
        check_ok(bt_frame_init(&frame, SCENE_WIDTH, SCENE_HEIGHT));
        bt_picture_copy(&frame.picture, &s->masked[n].picture);
        check_ok(bauta_restorer_reveal(restorer, &report, &frame.picture, i));
        assert_false(report.changed);
        assert_int_equal(4, report.n_regions);
        for (int k = 0; k < report.n_regions; k++)
            assert_true(scene_error(&frame.picture, &s->originals[n].picture,
                                    report.regions[k].rect) < 60.0);
        bt_frame_clear(&frame);
    }
    bauta_restorer_free(&restorer);
}

static void check_same(const struct signed_scene *s, const char *picture, const char *between)
{
    static struct way plain, changed;
    struct found before, after;
    plain = (struct way){.picture = "PMS"};
    changed = (struct way){.picture = picture, .between = between};
    make(&plain, &s->scene);
    make(&changed, &s->scene);
    find_all(&before, &plain, s);
    find_all(&after, &changed, s);
    if (memcmp(&before, &after, sizeof(before)) != 0)
        fail_msg("%s, between: %s: %llu pictures in %llu epochs of %llu units, %llu authentic",
                 picture, between ? between : "nothing",
                 (unsigned long long)after.inspection.n_pictures,
                 (unsigned long long)after.inspection.n_epochs,
                 (unsigned long long)after.inspection.n_access_units,
                 (unsigned long long)after.verification.n_authentic);
    assert_int_equal(SCENE_PICTURES, after.inspection.n_access_units);
    assert_int_equal(10, after.verification.n_authentic); /* the last epoch has no manifest */
    restore(&changed, &s->scene);
    clear(&plain);
    clear(&changed);
}

static void what_tools_put_beside_a_picture_changes_nothing(void **state)
{
    static const char *const pictures[] = {"PMS",    "DPMS",   "PSM",    "PSJ",  "PPMS",
                                           "PJS",    "PMMS",   "DPEMS",  "PMSE", "PMSF",
                                           "DPMSZX", "PMSPMF", "DPEJSEF"};
    for (size_t i = 0; i < sizeof(pictures) / sizeof(pictures[0]); i++)
        check_same(*state, pictures[i], NULL);
}

static void messages_of_another_picture_are_not_its_own(void **state)
{
    static const char *const pictures[] = {"PRMS", "PMRS", "RRPMS", "PRSM", "PMSR", "PRRJS"};
    for (size_t i = 0; i < sizeof(pictures) / sizeof(pictures[0]); i++)
        check_same(*state, pictures[i], NULL);
}

static void an_access_unit_without_a_slice_is_no_picture(void **state)
{
    static const char *const between[] = {"E", "D", "DPE", "EEF",  "Z", "ZX",
                                          "P", "R", "M",   "DPRE", ""};
    for (size_t i = 0; i < sizeof(between) / sizeof(between[0]); i++)
        check_same(*state, "PMS", between[i]);
    check_same(*state, "DPRMSE", "ER");
}

/* The first picture is shown at 0.7 s of the stream: those before it have no time. */
static double shown_at(int n)
{
    return n < 7 ? n % 2 ? (double)NAN : (double)-INFINITY : (n - 7) * 0.1;
}

static void a_picture_that_is_never_shown_counts_and_has_no_time(void **state)
{
    const struct signed_scene *s = *state;
    const struct bauta_signer *signer = &s->signer;
    struct found found = {.n_granted = 0};
    const struct bauta_verifier_settings settings = {.codec = BAUTA_CODEC_H264,
                                                     .signers = &signer,
                                                     .n_signers = 1,
                                                     .user = &found,
                                                     .found = count};
    struct bauta_verifier *verifier;
    struct bauta_inspector *inspector;
    check_ok(bauta_verifier_new(&verifier, &settings));
    check_ok(bauta_inspector_new(&inspector, BAUTA_CODEC_H264));
    for (int n = 0; n < SCENE_PICTURES; n++) {
        struct bauta_bytes unit = bt_buffer_view(&s->scene.units[n]);
        check_ok(bauta_verifier_collect(verifier, unit, shown_at(n)));
        check_ok(bauta_inspector_collect(inspector, unit, shown_at(n)));
    }
    check_ok(bauta_verifier_finish(verifier, &found.verification));
    bauta_inspector_result(inspector, &found.inspection);
    assert_int_equal(7, found.verification.n_hidden);
    assert_int_equal(7, found.inspection.n_hidden);
    assert_int_equal(10, found.verification.n_authentic);
    for (size_t i = 0; i < found.inspection.n_targets; i++) {
        const struct bauta_target_summary *t = &found.inspection.targets[i];
        assert_int_equal(SCENE_PICTURES, t->n_capsules);
        assert_int_equal(1, t->n_spans);
        assert_true(t->first_s == 0 && t->last_s == 0.4);
    }
    bauta_inspector_free(&inspector);
    bauta_verifier_free(&verifier);
}

/* Epochs that a grant of these times is about, as bits. */
static unsigned granted(const struct scene *s, double since_s, double until_s)
{
    struct bauta_grant_settings settings;
    struct bt_grantor grantor;
    struct bauta_grant *grant = NULL;
    unsigned epochs = 0;
    bauta_grant_settings_init(&settings);
    settings.input = "scene";
    settings.key = s->private_key;
    settings.recipient = s->other_public_key;
    settings.since_s = since_s;
    settings.until_s = until_s;
    bt_grantor_init(&grantor, &settings, BAUTA_CODEC_H264);
    for (int n = 0; n < SCENE_PICTURES; n++)
        check_ok(bt_grantor_collect(&grantor, bt_buffer_view(&s->units[n]), shown_at(n)));
    check_ok(bt_grantor_finish(&grantor, &grant));
    for (size_t i = 0; i < grantor.n_epochs; i++)
        epochs |= 1u << grantor.epochs[i].epoch;
    bauta_grant_free(&grant);
    bt_grantor_clear(&grantor);
    return epochs;
}

static void only_a_grant_of_all_times_opens_what_is_never_shown(void **state)
{
    const struct signed_scene *s = *state;
    assert_int_equal(7, granted(&s->scene, (double)-INFINITY, (double)INFINITY));
    assert_int_equal(6, granted(&s->scene, 0, (double)INFINITY)); /* epoch 0 is wholly hidden */
    assert_int_equal(6, granted(&s->scene, (double)-INFINITY, 10));
    assert_int_equal(2, granted(&s->scene, 0, 0.2));
    assert_int_equal(4, granted(&s->scene, 0.25, 10));
}

/* A control: what is a picture counts. */
static void a_slice_that_nobody_signed_is_a_picture_added(void **state)
{
    const struct signed_scene *s = *state;
    static struct way way;
    struct found found = {.n_granted = 0};
    way = (struct way){.picture = "PMS", .between = "S"};
    make(&way, &s->scene);
    inspect(&found, &way);
    verify(&found, &way, &s->signer);
    assert_int_equal(2 * SCENE_PICTURES, found.inspection.n_access_units);
    assert_int_equal(2 * SCENE_PICTURES, found.verification.n_pictures);
    assert_true(found.findings[BAUTA_FINDING_UNSIGNED] > 1);
    clear(&way);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_tools_put_beside_a_picture_changes_nothing),
        cmocka_unit_test(messages_of_another_picture_are_not_its_own),
        cmocka_unit_test(an_access_unit_without_a_slice_is_no_picture),
        cmocka_unit_test(a_picture_that_is_never_shown_counts_and_has_no_time),
        cmocka_unit_test(only_a_grant_of_all_times_opens_what_is_never_shown),
        cmocka_unit_test(a_slice_that_nobody_signed_is_a_picture_added),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
