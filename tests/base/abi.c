/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <bauta/bauta.h>
#include <string.h>

/* If this fails, a program that was built before gives the library a struct of another size. Take
 * the new setting out of `reserved` (bauta/status.h), or change the soname in src/meson.build. */
static void settings_have_the_sizes_of_this_soname(void **state)
{
    (void)state;
#if UINTPTR_MAX == UINT64_MAX
    static const struct {
        const char *name;
        size_t size, expected;
    } structs[] = {
        {"bauta_amend_settings", sizeof(struct bauta_amend_settings), 272},
        {"bauta_detect_settings", sizeof(struct bauta_detect_settings), 336},
        {"bauta_detector_process_settings", sizeof(struct bauta_detector_process_settings), 320},
        {"bauta_find_settings", sizeof(struct bauta_find_settings), 224},
        {"bauta_grant_settings", sizeof(struct bauta_grant_settings), 208},
        {"bauta_hide_settings", sizeof(struct bauta_hide_settings), 80},
        {"bauta_object_codec", sizeof(struct bauta_object_codec), 160},
        {"bauta_pieces_settings", sizeof(struct bauta_pieces_settings), 152},
        {"bauta_protect_settings", sizeof(struct bauta_protect_settings), 600},
        {"bauta_protector_settings", sizeof(struct bauta_protector_settings), 472},
        {"bauta_recover_settings", sizeof(struct bauta_recover_settings), 256},
        {"bauta_restorer_settings", sizeof(struct bauta_restorer_settings), 136},
        {"bauta_verifier_settings", sizeof(struct bauta_verifier_settings), 112},
        {"bauta_work_file_settings", sizeof(struct bauta_work_file_settings), 80},
    };
    for (size_t i = 0; i < sizeof(structs) / sizeof(structs[0]); i++)
        if (structs[i].size != structs[i].expected)
            fail_msg("%s has %zu bytes, not %zu", structs[i].name, structs[i].size,
                     structs[i].expected);
#else
    skip();
#endif
}

/* A program that knows fewer settings than the library asks for none of the new ones. */
#define check_reserved(type, init)                                                                 \
    do {                                                                                           \
        static const uint64_t none[BAUTA_N_RESERVED];                                              \
        struct type settings;                                                                      \
        memset(&settings, 0xff, sizeof(settings));                                                 \
        init;                                                                                      \
        assert_memory_equal(none, settings.reserved, sizeof(none));                                \
    } while (0)

static void what_is_reserved_begins_as_zero(void **state)
{
    (void)state;
    check_reserved(bauta_amend_settings, bauta_amend_settings_init(&settings));
    check_reserved(bauta_detect_settings, bauta_detect_settings_init(&settings));
    check_reserved(bauta_detector_process_settings,
                   bauta_detector_process_settings_init(&settings));
    check_reserved(bauta_find_settings, bauta_find_settings_init(&settings));
    check_reserved(bauta_grant_settings, bauta_grant_settings_init(&settings));
    check_reserved(bauta_hide_settings, bauta_hide_settings_init(&settings));
    check_reserved(bauta_object_codec, bauta_object_codec_init(&settings, BAUTA_CODEC_H264));
    check_reserved(bauta_protect_settings, bauta_protect_settings_init(&settings));
    check_reserved(bauta_protector_settings, bauta_protector_settings_init(&settings));
    check_reserved(bauta_recover_settings, bauta_recover_settings_init(&settings));
    check_reserved(bauta_restorer_settings, bauta_restorer_settings_init(&settings));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_have_the_sizes_of_this_soname),
        cmocka_unit_test(what_is_reserved_begins_as_zero),
    };
    return cmocka_run_group_tests_name("abi", tests, NULL, NULL);
}
