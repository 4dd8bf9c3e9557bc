/* SPDX-License-Identifier: Apache-2.0 */
#include "signed_scene.h"

#include <math.h>
#include <string.h>

#include <bauta/verifier.h>

#include "bitstream/nal.h"

/* What becomes of a run: recipients that change before a picture, an end that is told. */
struct plan {
    int change_at; /* picture before which only the other key is a recipient; -1: never */
    bool finishes;
    int held; /* access units that wait before they are attached */
};

static void attach(struct signed_scene *s, struct bauta_protector *protector,
                   struct bt_buffer *coded, int n)
{
    struct bauta_bytes attached;
    check_ok(bauta_protector_attach(protector, &attached, bt_buffer_view(&coded[n]), n * 100000));
    bt_buffer_reset(&s->scene.units[n]);
    bt_buffer_append(&s->scene.units[n], attached);
    bt_buffer_clear(&coded[n]);
}

static void record(struct signed_scene *s, const struct plan *plan)
{
    struct bauta_protector *protector = signed_scene_protector(s);
    struct bt_buffer coded[SCENE_PICTURES] = {{0}};
    void *encoder;
    check_ok(s->scene.codec.encoder_new(&encoder, &s->scene.codec, SCENE_WIDTH, SCENE_HEIGHT));
    for (int n = 0; n < SCENE_PICTURES; n++) {
        struct bauta_region regions[BAUTA_MAX_REGIONS];
        struct bauta_bytes unit;
        struct bt_frame frame;
        const struct bauta_public_key *others[] = {s->scene.other_public_key};
        if (n == plan->change_at)
            check_ok(bauta_protector_set_recipients(protector, others, 1, NULL, 0));
        check_ok(bt_frame_init(&frame, SCENE_WIDTH, SCENE_HEIGHT));
        scene_paint(&frame.picture, n);
        int n_regions = scene_regions(regions, n);
        check_ok(bauta_protector_mask_regions(protector, &s->scene.reports[n], &frame.picture,
                                              n * 100000, regions, n_regions));
        check_ok(s->scene.codec.encode(encoder, &unit, &frame.picture,
                                       s->scene.reports[n].random_access));
        bt_buffer_append(&coded[n], unit);
        if (n + 1 == SCENE_PICTURES && plan->finishes)
            bauta_protector_finish(protector);
        if (n >= plan->held)
            attach(s, protector, coded, n - plan->held);
        bt_frame_clear(&frame);
    }
    for (int n = SCENE_PICTURES - plan->held; n < SCENE_PICTURES; n++)
        attach(s, protector, coded, n);
    s->scene.codec.encoder_free(&encoder);
    bauta_protector_free(&protector);
}

static int set_up(void **state)
{
    static struct signed_scene s;
    signed_scene_make_keys(&s);
    *state = &s;
    return 0;
}

static int tear_down(void **state)
{
    struct signed_scene *s = *state;
    scene_clear(&s->scene);
    return 0;
}

/* How often each thing was found. */
struct found {
    struct bauta_verification result;
    int n[BAUTA_N_FINDINGS];
};

static void count(void *user, const struct bauta_finding *finding)
{
    struct found *found = user;
    found->n[finding->kind]++;
    assert_non_null(bauta_finding_name(finding->kind));
}

/* Verifies access units in the order of `order`, which ends with -1. */
static struct found verify(const struct signed_scene *s, const int *order)
{
    const struct bauta_signer *signers[] = {&s->signer};
    struct found found = {.n = {0}};
    const struct bauta_verifier_settings settings = {.codec = BAUTA_CODEC_H264,
                                                     .signers = signers,
                                                     .n_signers = 1,
                                                     .user = &found,
                                                     .found = count};
    struct bauta_verifier *verifier;
    check_ok(bauta_verifier_new(&verifier, &settings));
    for (int i = 0; order[i] >= 0; i++)
        check_ok(bauta_verifier_collect(verifier, bt_buffer_view(&s->scene.units[order[i]]), i));
    check_ok(bauta_verifier_finish(verifier, &found.result));
    bauta_verifier_free(&verifier);
    return found;
}

static const int in_order[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, -1};

static int count_sei(const struct bt_buffer *unit)
{
    struct bt_nal_reader r;
    struct bauta_bytes nal;
    int n = 0;
    bt_nal_reader_init(&r, bt_buffer_view(unit));
    while (bt_nal_next(&r, &nal))
        n += bt_nal_kind(BAUTA_CODEC_H264, nal) == BT_NAL_SEI;
    return n;
}

/* Held back by one, a manifest ends its epoch; attached at once, it begins the next. */
static void a_manifest_stands_at_its_epoch_s_end_or_after_it(void **state)
{
    struct signed_scene *s = *state;
    record(s, &(struct plan){.change_at = -1, .finishes = true, .held = 1});
    static const int held[SCENE_PICTURES] = {2, 1, 1, 1, 2, 2, 1, 1, 1, 2, 2, 2};
    for (int n = 0; n < SCENE_PICTURES; n++)
        assert_int_equal(held[n], count_sei(&s->scene.units[n]));
    assert_true(verify(s, in_order).result.authentic);
    record(s, &(struct plan){.change_at = -1, .finishes = true, .held = 0});
    static const int at_once[SCENE_PICTURES] = {2, 1, 1, 1, 1, 3, 1, 1, 1, 1, 3, 2};
    for (int n = 0; n < SCENE_PICTURES; n++)
        assert_int_equal(at_once[n], count_sei(&s->scene.units[n]));
    struct found found = verify(s, in_order);
    assert_true(found.result.authentic);
    assert_int_equal(SCENE_PICTURES, found.result.n_authentic);
    assert_int_equal(3, found.n[BAUTA_FINDING_AUTHENTIC]);
}

static void a_run_that_is_not_finished_ends_too_soon(void **state)
{
    struct signed_scene *s = *state;
    record(s, &(struct plan){.change_at = -1, .finishes = false, .held = 1});
    struct found found = verify(s, in_order);
    assert_false(found.result.authentic);
    assert_int_equal(1, found.n[BAUTA_FINDING_UNSIGNED]);
    assert_int_equal(1, found.n[BAUTA_FINDING_TAIL_CUT]);
    assert_int_equal(10, found.result.n_authentic);
}

/* Any access unit lost, doubled, or in the place of the next. */
static void every_change_of_order_shows(void **state)
{
    struct signed_scene *s = *state;
    for (int held = 0; held <= 1; held++) {
        record(s, &(struct plan){.change_at = -1, .finishes = true, .held = held});
        for (int at = 0; at < SCENE_PICTURES; at++) {
            int lost[16], doubled[16], swapped[16], n_lost = 0, n_doubled = 0;
            for (int i = 0; i < SCENE_PICTURES; i++) {
                if (i != at)
                    lost[n_lost++] = i;
                doubled[n_doubled++] = i;
                if (i == at)
                    doubled[n_doubled++] = i;
                swapped[i] = i == at ? i + 1 : i == at + 1 ? i - 1 : i;
            }
            lost[n_lost] = doubled[n_doubled] = swapped[SCENE_PICTURES] = -1;
            assert_false(verify(s, lost).result.authentic);
            assert_false(verify(s, doubled).result.authentic);
            if (at + 1 < SCENE_PICTURES)
                assert_false(verify(s, swapped).result.authentic);
        }
    }
}

static void every_byte_that_changes_shows(void **state)
{
    struct signed_scene *s = *state;
    record(s, &(struct plan){.change_at = -1, .finishes = true, .held = 1});
    for (int n = 0; n < SCENE_PICTURES; n++)
        for (size_t i = 4; i < s->scene.units[n].size; i += 23) {
            s->scene.units[n].data[i] ^= 0x41;
            assert_false(verify(s, in_order).result.authentic);
            s->scene.units[n].data[i] ^= 0x41;
        }
    assert_true(verify(s, in_order).result.authentic);
}

static void a_signer_that_is_not_asked_for_counts_for_nothing(void **state)
{
    struct signed_scene *s = *state;
    record(s, &(struct plan){.change_at = -1, .finishes = true, .held = 1});
    struct bauta_signer own = s->signer;
    s->signer.bytes[0] ^= 1; /* the same id, another key */
    assert_int_equal(3, verify(s, in_order).n[BAUTA_FINDING_FORGED]);
    s->signer.id[0] ^= 1;
    assert_int_equal(3, verify(s, in_order).n[BAUTA_FINDING_UNKNOWN_SIGNER]);
    s->signer = own;
}

/* What `key` shows: a letter for each picture, S shown, D denied. */
static void show(char letters[SCENE_PICTURES + 1], const struct signed_scene *s,
                 const struct bauta_private_key *key)
{
    struct bauta_restorer_settings settings;
    struct bauta_restorer *restorer;
    struct bt_frame frame;
    bauta_restorer_settings_init(&settings);
    settings.key = key;
    settings.object_codec = &s->scene.codec;
    check_ok(bauta_restorer_new(&restorer, &settings));
    check_ok(bt_frame_init(&frame, SCENE_WIDTH, SCENE_HEIGHT));
    for (int n = 0; n < SCENE_PICTURES; n++) {
        struct bauta_reveal_report report;
        check_ok(bauta_restorer_collect(restorer, bt_buffer_view(&s->scene.units[n]), n));
        enum bauta_status status = bauta_restorer_reveal(restorer, &report, &frame.picture, n);
        letters[n] = status == BAUTA_OK ? 'S' : status == BAUTA_ERR_DENIED ? 'D' : '?';
    }
    letters[SCENE_PICTURES] = '\0';
    bt_frame_clear(&frame);
    bauta_restorer_free(&restorer);
}

static void recipients_change_at_the_next_epoch_with_the_key(void **state)
{
    struct signed_scene *s = *state;
    char before[SCENE_PICTURES + 1], after[SCENE_PICTURES + 1];
    for (int held = 0; held <= 3; held++) {
        record(s, &(struct plan){.change_at = 3, .finishes = true, .held = held});
        show(before, s, s->scene.private_key);
        show(after, s, s->scene.other_private_key);
        assert_string_equal("SSSSSDDDDDDD", before);
        assert_string_equal("DDDDDSSSSSSS", after);
        assert_true(verify(s, in_order).result.authentic); /* the chain goes on */
    }
}

/* Pictures 0 to 4 are of one stream, 5 to 9 and 10 to 11 of the next. */
static void epochs_that_are_missing_where_the_key_changes_are_told(void **state)
{
    struct signed_scene *s = *state;
    record(s, &(struct plan){.change_at = 3, .finishes = true, .held = 1});
    const int first_is_missing[] = {0, 1, 2, 3, 4, 10, 11, -1};
    struct found found = verify(s, first_is_missing);
    assert_false(found.result.authentic);
    assert_int_equal(1, found.n[BAUTA_FINDING_EPOCH_CUT]);
    assert_int_equal(0, found.n[BAUTA_FINDING_CHAIN] + found.n[BAUTA_FINDING_JOINED]);
    const int next_comes_first[] = {5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 10, 11, -1};
    found = verify(s, next_comes_first);
    assert_false(found.result.authentic);
    assert_int_equal(1, found.n[BAUTA_FINDING_EPOCH_MOVED]);
    assert_int_equal(0, found.n[BAUTA_FINDING_CHAIN] + found.n[BAUTA_FINDING_JOINED]);
}

/* An epoch that was passed over, where the keys changed, and comes after all. */
static void what_comes_later_than_it_should_is_moved_and_not_missing(void **state)
{
    struct signed_scene *s = *state;
    record(s, &(struct plan){.change_at = 3, .finishes = true, .held = 1});
    const int order[] = {0, 1, 2, 3, 4, 10, 11, 5, 6, 7, 8, 9, -1};
    struct found found = verify(s, order);
    assert_false(found.result.authentic);
    assert_int_equal(1, found.n[BAUTA_FINDING_EPOCH_MOVED]);
    assert_int_equal(0, found.n[BAUTA_FINDING_EPOCH_CUT] + found.n[BAUTA_FINDING_CHAIN]);
}

enum speeds { AS_SIGNED, HALF_SPEED, ONE_LATE, PAUSED, OTHER_CLOCK, UNTOLD };

/* The time stamp that a file gives picture n. */
static double stamp(enum speeds speed, int n)
{
    double as_signed = 7.4 + n * 0.1;
    switch (speed) {
    case HALF_SPEED:
        return n * 0.2;
    case ONE_LATE:
        return as_signed + (n == 6 ? 0.05 : 0);
    case PAUSED:
        return as_signed + (n >= 5 ? 1 : 0);
    case OTHER_CLOCK:
        return round(as_signed * 1.00005 * 1000) / 1000;
    case UNTOLD:
        return (double)NAN;
    case AS_SIGNED:
        break;
    }
    return as_signed;
}

static struct found verify_at(const struct signed_scene *s, enum speeds speed)
{
    const struct bauta_signer *signers[] = {&s->signer};
    struct found found = {.n = {0}};
    const struct bauta_verifier_settings settings = {.codec = BAUTA_CODEC_H264,
                                                     .signers = signers,
                                                     .n_signers = 1,
                                                     .user = &found,
                                                     .found = count};
    struct bauta_verifier *verifier;
    check_ok(bauta_verifier_new(&verifier, &settings));
    bauta_verifier_begin_file(verifier, 0.001);
    for (int n = 0; n < SCENE_PICTURES; n++)
        check_ok(bauta_verifier_collect_stamped(verifier, bt_buffer_view(&s->scene.units[n]), n,
                                                stamp(speed, n)));
    check_ok(bauta_verifier_finish(verifier, &found.result));
    bauta_verifier_free(&verifier);
    return found;
}

/* Of epochs of 5, 5 and 2 pictures: all of one count as one of them does. */
static void a_picture_that_is_shown_at_another_time_shows(void **state)
{
    struct signed_scene *s = *state;
    static const struct {
        enum speeds speed;
        int n_faults;
        uint64_t n_authentic, n_unstamped;
    } cases[] = {{AS_SIGNED, 0, 12, 0}, {HALF_SPEED, 3, 0, 0},   {ONE_LATE, 1, 7, 0},
                 {PAUSED, 1, 7, 0},     {OTHER_CLOCK, 0, 12, 0}, {UNTOLD, 0, 12, 12}};
    for (int held = 0; held <= 1; held++) {
        record(s, &(struct plan){.change_at = -1, .finishes = true, .held = held});
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
            struct found found = verify_at(s, cases[i].speed);
            assert_int_equal(cases[i].n_faults, found.n[BAUTA_FINDING_TIMES_CHANGED]);
            assert_int_equal(cases[i].n_faults == 0, found.result.authentic);
            assert_int_equal(cases[i].n_authentic, found.result.n_authentic);
            assert_int_equal(cases[i].n_unstamped, found.result.n_unstamped);
            assert_int_equal(0, found.result.n_untimed);
        }
    }
}

/* The first `n` pictures, or from the sixth on, as pieces of a recording. */
static struct found verify_piece(const struct signed_scene *s, int first, int n)
{
    const struct bauta_signer *signers[] = {&s->signer};
    struct found found = {.n = {0}};
    const struct bauta_verifier_settings settings = {.codec = BAUTA_CODEC_H264,
                                                     .signers = signers,
                                                     .n_signers = 1,
                                                     .pieces = true,
                                                     .user = &found,
                                                     .found = count};
    struct bauta_verifier *verifier;
    check_ok(bauta_verifier_new(&verifier, &settings));
    for (int i = first; i < n; i++)
        check_ok(bauta_verifier_collect(verifier, bt_buffer_view(&s->scene.units[i]), i));
    check_ok(bauta_verifier_finish(verifier, &found.result));
    bauta_verifier_free(&verifier);
    return found;
}

/* Where a manifest begins the next epoch, the last epoch of a piece is without; nobody calls it
 * authentic. */
static void a_piece_may_begin_and_end_anywhere(void **state)
{
    struct signed_scene *s = *state;
    for (int held = 0; held <= 1; held++) {
        record(s, &(struct plan){.change_at = -1, .finishes = true, .held = held});
        struct found found = verify_piece(s, 0, 10);
        assert_true(found.result.authentic);
        assert_int_equal(held ? 10 : 5, found.result.n_authentic);
        assert_int_equal(!held, found.n[BAUTA_FINDING_ENDS_OPEN]);
        assert_int_equal(1, found.n[BAUTA_FINDING_ENDS]);
        assert_int_equal(0, found.n[BAUTA_FINDING_BEGINS]);
        found = verify_piece(s, 5, SCENE_PICTURES);
        assert_true(found.result.authentic);
        assert_int_equal(1, found.n[BAUTA_FINDING_BEGINS]);
        assert_int_equal(0, found.n[BAUTA_FINDING_ENDS] + found.n[BAUTA_FINDING_ENDS_OPEN]);
        found = verify_piece(s, 0, SCENE_PICTURES);
        assert_int_equal(SCENE_PICTURES, found.result.n_authentic);
        assert_int_equal(0, found.n[BAUTA_FINDING_BEGINS] + found.n[BAUTA_FINDING_ENDS]);
    }
}

/* So is the first epoch after a change of keys, whose stream nothing signed names yet. */
static void a_piece_may_end_behind_a_change_of_keys(void **state)
{
    struct signed_scene *s = *state;
    for (int held = 0; held <= 1; held++) {
        record(s, &(struct plan){.change_at = 3, .finishes = true, .held = held});
        struct found found = verify_piece(s, 0, 10);
        assert_true(found.result.authentic);
        assert_int_equal(held ? 10 : 5, found.result.n_authentic);
        assert_int_equal(!held, found.n[BAUTA_FINDING_ENDS_OPEN]);
        assert_int_equal(1, found.n[BAUTA_FINDING_ENDS]);
    }
}

/* A fault is what bauta verify ends with exit status 4 for. */
static void findings_that_are_no_fault_are_these(void **state)
{
    (void)state;
    static const char *const no_fault[] = {
        "authentic",
        "erased",
        "locked",
        "rewrapped",
        "begins here: the recording goes on before",
        "ends here: the recording goes on after",
        "a signature may come with what follows",
        "joined",
    };
    const int n_no_fault = sizeof(no_fault) / sizeof(no_fault[0]);
    int n_found = 0;
    for (int kind = 0; kind < BAUTA_N_FINDINGS; kind++) {
        const char *name = bauta_finding_name((enum bauta_finding_kind)kind);
        bool listed = false;
        for (int i = 0; i < n_no_fault; i++)
            listed |= strcmp(no_fault[i], name) == 0;
        n_found += listed;
        assert_int_equal(listed, !bauta_finding_is_fault((enum bauta_finding_kind)kind));
    }
    assert_int_equal(n_no_fault, n_found);
    assert_true(bauta_finding_is_fault((enum bauta_finding_kind)BAUTA_N_FINDINGS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_manifest_stands_at_its_epoch_s_end_or_after_it),
        cmocka_unit_test(a_run_that_is_not_finished_ends_too_soon),
        cmocka_unit_test(every_change_of_order_shows),
        cmocka_unit_test(every_byte_that_changes_shows),
        cmocka_unit_test(a_signer_that_is_not_asked_for_counts_for_nothing),
        cmocka_unit_test(a_piece_may_begin_and_end_anywhere),
        cmocka_unit_test(a_piece_may_end_behind_a_change_of_keys),
        cmocka_unit_test(a_picture_that_is_shown_at_another_time_shows),
        cmocka_unit_test(recipients_change_at_the_next_epoch_with_the_key),
        cmocka_unit_test(epochs_that_are_missing_where_the_key_changes_are_told),
        cmocka_unit_test(what_comes_later_than_it_should_is_moved_and_not_missing),
        cmocka_unit_test(findings_that_are_no_fault_are_these),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
