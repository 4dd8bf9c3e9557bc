/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bauta/file.h>

#include "demo_clip.h"
#include "faults.h"

/* Whole files, on the demo clip, with given regions and with the detector: on one thread and
 * several. */

enum { ENOUGH = 25 }; /* pictures after which a run is stopped where only its course matters */

struct files {
    char folder[64], key[128], pub[128], out[128], again[128];
    const char *clip;
    struct bauta_public_key *recipient;
    struct bauta_private_key *owner;
};

static int set_up(void **state)
{
    static struct files f = {.folder = "/tmp/bauta-test-XXXXXX"};
    f.clip = demo_clip_path();
    assert_non_null(mkdtemp(f.folder));
    snprintf(f.key, sizeof(f.key), "%s/a.key", f.folder);
    snprintf(f.pub, sizeof(f.pub), "%s/a.pub", f.folder);
    snprintf(f.out, sizeof(f.out), "%s/out.mp4", f.folder);
    snprintf(f.again, sizeof(f.again), "%s/again.mp4", f.folder);
    check_ok(bauta_key_new(f.key, f.pub, NULL, NULL));
    check_ok(bauta_public_key_read(&f.recipient, f.pub, NULL));
    check_ok(bauta_private_key_read(&f.owner, f.key, NULL, NULL));
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    struct files *f = *state;
    const char *made[] = {f->key, f->pub, f->out, f->again};
    for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++)
        unlink(made[i]);
    rmdir(f->folder);
    bauta_public_key_free(&f->recipient);
    bauta_private_key_free(&f->owner);
    return 0;
}

static bool exists(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0;
}

/* Whether there is neither the output nor a work file. */
static bool left_nothing(const struct files *f)
{
    DIR *folder = opendir(f->folder);
    bool nothing = folder && !exists(f->out);
    for (const struct dirent *entry; nothing && (entry = readdir(folder));)
        nothing = !strstr(entry->d_name, ".part");
    if (folder)
        closedir(folder);
    return nothing;
}

static enum bauta_status two_people(void *user, struct bauta_region *regions, int *n_regions,
                                    uint64_t picture, int width, int height)
{
    (void)user;
    (void)width;
    (void)height;
    int x = 300 + (int)picture % 200;
    regions[0] =
        (struct bauta_region){.target = 1, .class_ = BAUTA_CLASS_BODY, .rect = {x, 150, 40, 90}};
    regions[1] = (struct bauta_region){
        .target = 7, .class_ = BAUTA_CLASS_BODY, .rect = {600 - x, 200, 50, 110}};
    *n_regions = 2;
    return BAUTA_OK;
}

static enum bauta_status does_not_know(void *user, struct bauta_region *regions, int *n_regions,
                                       uint64_t picture, int width, int height)
{
    (void)user;
    (void)width;
    (void)height;
    (void)regions;
    if (picture % 2)
        *n_regions = 0;
    return BAUTA_OK;
}

static bool stop_soon(void *user, const struct bauta_progress *progress)
{
    (void)user;
    return progress->n_pictures < ENOUGH;
}

static struct bauta_protect_settings settings_for(const struct files *f,
                                                  const struct bauta_public_key *const *recipients)
{
    struct bauta_protect_settings s;
    bauta_protect_settings_init(&s);
    s.replace = true;
    s.input = f->clip;
    s.output = f->out;
    s.recipients = recipients;
    s.n_recipients = 1;
    s.preset = "ultrafast";
    s.regions = two_people;
    return s;
}

static void who_does_not_say_who_is_there_hides_the_whole_picture(void **state)
{
    const struct files *f = *state;
    const struct bauta_public_key *recipients[] = {f->recipient};
    struct bauta_protect_settings s = settings_for(f, recipients);
    struct bauta_protect_result result;
    s.threads = 0;
    s.regions = does_not_know;
    s.progress = stop_soon;
    check_status(BAUTA_ERR_CANCELLED, bauta_protect_file(&result, &s));
    assert_true(result.n_pictures > 1);
    assert_int_equal((result.n_pictures + 1) / 2, result.n_whole[BAUTA_WHOLE_UNSAID]);
    assert_int_equal(result.n_regions, result.n_whole[BAUTA_WHOLE_UNSAID]);
    assert_int_equal(0, result.n_targets);
}

static void a_clip_is_protected_and_recovered_side_by_side(void **state)
{
    const struct files *f = *state;
    const struct bauta_public_key *recipients[] = {f->recipient};
    for (int threads = 0; threads < 2; threads++) {
        struct bauta_protect_settings s = settings_for(f, recipients);
        struct bauta_protect_result protected_;
        struct bauta_recover_settings r;
        struct bauta_recover_result recovered;
        s.threads = threads;
        check_ok(bauta_protect_file(&protected_, &s));
        assert_int_equal(795, protected_.n_pictures);
        assert_int_equal(2, protected_.n_targets);
        assert_int_equal(0, protected_.n_unsealed + protected_.n_blind);
        bauta_recover_settings_init(&r);
        r.replace = true;
        r.input = f->out;
        r.output = f->again;
        r.key = f->owner;
        r.preset = "ultrafast";
        r.threads = threads;
        check_ok(bauta_recover_file(&recovered, &r));
        assert_int_equal(2 * 795, recovered.n_shown);
        assert_int_equal(0, recovered.n_incomplete + recovered.n_changed);
    }
    assert_true(exists(f->out) && exists(f->again));
    unlink(f->out);
}

static void a_run_that_is_stopped_leaves_no_file(void **state)
{
    const struct files *f = *state;
    const struct bauta_public_key *recipients[] = {f->recipient};
    for (int threads = 0; threads < 2; threads++) {
        struct bauta_protect_settings s = settings_for(f, recipients);
        struct bauta_protect_result result;
        s.threads = threads;
        s.progress = stop_soon;
        check_status(BAUTA_ERR_CANCELLED, bauta_protect_file(&result, &s));
        assert_true(left_nothing(f));
    }
}

static enum bauta_status fail_at_ten(void *user, uint64_t picture, double pts_s,
                                     const struct bauta_mask_report *report)
{
    (void)user;
    (void)pts_s;
    (void)report;
    return picture == 10 ? BAUTA_ERR_IO : BAUTA_OK;
}

static void a_stage_that_fails_ends_the_run_and_leaves_no_file(void **state)
{
    const struct files *f = *state;
    const struct bauta_public_key *recipients[] = {f->recipient};
    for (int threads = 0; threads < 2; threads++) {
        struct bauta_protect_settings s = settings_for(f, recipients);
        struct bauta_protect_result result;
        s.threads = threads;
        s.report = fail_at_ten;
        check_status(BAUTA_ERR_IO, bauta_protect_file(&result, &s));
        assert_true(left_nothing(f));
    }
}

/* Each part fails early, in the middle, and late: the encoder then holds pictures back. */
static void a_part_that_fails_ends_the_run_and_leaves_no_file(void **state)
{
    static const struct {
        enum fault_part part;
        enum bauta_status status;
    } faults[] = {{FAULT_SEAL, BAUTA_ERR_CRYPTO},
                  {FAULT_BASE_ENCODE, BAUTA_ERR_CODEC},
                  {FAULT_WRITE, BAUTA_ERR_IO}};
    static const int calls[] = {3, 50, 700};
    const struct files *f = *state;
    const struct bauta_public_key *recipients[] = {f->recipient};
    for (int i = 0; i < 3 * 3 * 2; i++) {
        struct bauta_protect_settings s = settings_for(f, recipients);
        struct bauta_protect_result result;
        s.threads = i % 2;
        fault_at(faults[i / 6].part, calls[i / 2 % 3]);
        check_status(faults[i / 6].status, bauta_protect_file(&result, &s));
        fault_at(faults[i / 6].part, -1);
        assert_true(left_nothing(f));
    }
}

static void originals_that_cannot_be_kept_are_counted_or_end_the_run(void **state)
{
    enum { KEPT = 400 }; /* of the clip's 2 * 795 */
    const struct files *f = *state;
    const struct bauta_public_key *recipients[] = {f->recipient};
    struct bauta_protect_settings s = settings_for(f, recipients);
    struct bauta_protect_result result;
    struct bauta_recover_settings r;
    struct bauta_recover_result recovered;
    fault_at(FAULT_OBJECT_ENCODE, KEPT);
    check_ok(bauta_protect_file(&result, &s));
    assert_int_equal(795, result.n_pictures);
    assert_int_equal(2 * 795 - KEPT, result.n_unsealed);

    bauta_recover_settings_init(&r);
    r.replace = true;
    r.input = f->out;
    r.output = f->again;
    r.key = f->owner;
    r.preset = "ultrafast";
    check_ok(bauta_recover_file(&recovered, &r));
    assert_int_equal(KEPT, recovered.n_shown);
    assert_int_equal(2 * 795 - KEPT, recovered.n_missing);
    unlink(f->out);

    fault_at(FAULT_OBJECT_ENCODE, KEPT);
    s.stop_on_seal_failure = true;
    check_status(BAUTA_ERR_CODEC, bauta_protect_file(&result, &s));
    fault_at(FAULT_OBJECT_ENCODE, -1);
    assert_true(left_nothing(f));
}

static void the_detector_works_on_a_thread_of_its_own(void **state)
{
    const struct files *f = *state;
    const struct bauta_public_key *recipients[] = {f->recipient};
    struct bauta_protect_settings s = settings_for(f, recipients);
    struct bauta_protect_result result;
    s.regions = NULL;
    s.find.data_dir = getenv("BAUTA_DATA");
    s.progress = stop_soon;
    check_status(BAUTA_ERR_CANCELLED, bauta_protect_file(&result, &s));
    assert_true(result.n_regions > 0 && result.n_blind == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_does_not_say_who_is_there_hides_the_whole_picture),
        cmocka_unit_test(a_clip_is_protected_and_recovered_side_by_side),
        cmocka_unit_test(a_run_that_is_stopped_leaves_no_file),
        cmocka_unit_test(a_stage_that_fails_ends_the_run_and_leaves_no_file),
        cmocka_unit_test(a_part_that_fails_ends_the_run_and_leaves_no_file),
        cmocka_unit_test(originals_that_cannot_be_kept_are_counted_or_end_the_run),
        cmocka_unit_test(the_detector_works_on_a_thread_of_its_own),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
