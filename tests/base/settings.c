/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <bauta/file.h>
#include <bauta/protector.h>
#include <bauta/setting.h>
#include <math.h>
#include <string.h>

static double standard_of(enum bauta_setting_id id)
{
    return bauta_setting_get(id)->standard;
}

static void an_id_that_is_none_is_an_error(void **state)
{
    (void)state;
    const int none[] = {-1, BAUTA_N_SETTINGS, BAUTA_N_SETTINGS + 1, 1 << 30};
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        const enum bauta_setting_id id = (enum bauta_setting_id)none[i];
        char sentence[BAUTA_SETTING_SENTENCE] = "";
        double value = 7;
        assert_null(bauta_setting_get(id));
        assert_true(isnan(bauta_setting_in(id, 1, BAUTA_UNIT_MILLISECONDS)));
        check_status(BAUTA_ERR_ARGUMENT,
                     bauta_setting_read(&value, sentence, id, "1", BAUTA_UNIT_NONE));
        assert_string_equal(sentence, "is no setting");
        assert_true(value >= 7 && value <= 7);
    }
}

static void every_setting_takes_its_own_standards(void **state)
{
    (void)state;
    for (int i = 0; i < BAUTA_N_SETTINGS; i++) {
        const struct bauta_setting *s = bauta_setting_get((enum bauta_setting_id)i);
        assert_non_null(s);
        assert_non_null(s->name);
        assert_true(s->least <= s->standard && s->standard <= s->most);
        assert_true(s->least <= s->live && s->live <= s->most);
    }
}

static void the_library_begins_with_the_tables_standards(void **state)
{
    (void)state;
    struct bauta_protector_settings p;
    struct bauta_protect_settings file;
    struct bauta_recover_settings recover;
    bauta_protector_settings_init(&p);
    bauta_protect_settings_init(&file);
    bauta_recover_settings_init(&recover);
    const struct bauta_find_settings *find = &p.find;
    const struct {
        enum bauta_setting_id id;
        double is;
    } rows[] = {{BAUTA_SETTING_BLOCKS, p.hide.blocks},
                {BAUTA_SETTING_EPSILON, (double)p.hide.epsilon},
                {BAUTA_SETTING_FACE_SCORE, (double)find->face.score},
                {BAUTA_SETTING_BODY_SCORE, (double)find->body.score},
                {BAUTA_SETTING_FACE_PADDING, (double)find->face.padding},
                {BAUTA_SETTING_BODY_PADDING, (double)find->body.padding},
                {BAUTA_SETTING_HOLD, (double)find->hold_us * 1e-6},
                {BAUTA_SETTING_LONGEST_GAP, (double)find->longest_gap_us * 1e-6},
                {BAUTA_SETTING_DETECT_EVERY, find->detect_every},
                {BAUTA_SETTING_DETECTOR_THREADS, find->threads},
                {BAUTA_SETTING_EPOCH, (double)p.epoch_us * 1e-6},
                {BAUTA_SETTING_EPOCH, file.gop_s},
                {BAUTA_SETTING_ROTATE, (double)p.rotate_us * 1e-6},
                {BAUTA_SETTING_ROTATE, file.rotate_s},
                {BAUTA_SETTING_CRF_SHOWN, recover.crf}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (fabs(rows[i].is - standard_of(rows[i].id)) > 1e-6)
            fail_msg("%s is %g, not %g", bauta_setting_get(rows[i].id)->name, rows[i].is,
                     standard_of(rows[i].id));
}

static void fractions_are_for_doors_that_take_them(void **state)
{
    (void)state;
    double value = 0;
    char sentence[BAUTA_SETTING_SENTENCE];
    const enum bauta_setting_id id = BAUTA_SETTING_ROTATE;
    check_ok(bauta_setting_read(&value, sentence, id, "1.5", BAUTA_UNIT_SECONDS));
    assert_true(fabs(value - 1.5) < 1e-9);
    check_status(BAUTA_ERR_ARGUMENT,
                 bauta_setting_read(&value, sentence, id, "2.5", BAUTA_UNIT_WHOLE));
    assert_string_equal(sentence, "wants a whole number of seconds from 0 to 10000000, not '2.5'");
    assert_true(fabs(value - 1.5) < 1e-9);
    check_ok(bauta_setting_read(&value, sentence, id, "2", BAUTA_UNIT_WHOLE));
    check_ok(bauta_setting_read(&value, sentence, id, "2500", BAUTA_UNIT_MILLISECONDS));
    assert_true(fabs(value - 2.5) < 1e-9);
    check_status(BAUTA_ERR_ARGUMENT,
                 bauta_setting_read(&value, sentence, BAUTA_SETTING_CRF, "23.5", BAUTA_UNIT_WHOLE));
    assert_string_equal(sentence, "wants a whole number from 0 to 51, not '23.5'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_that_is_none_is_an_error),
        cmocka_unit_test(every_setting_takes_its_own_standards),
        cmocka_unit_test(the_library_begins_with_the_tables_standards),
        cmocka_unit_test(fractions_are_for_doors_that_take_them),
    };
    return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
