/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* O_TMPFILE */
#include "check.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bauta/work_file.h>

/* Files in the making, where the file system has files without names, and where it has none. */

static bool no_nameless;

/* What glibc calls open() where files may be large. */
int __real_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);

int __wrap_open64(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    bool makes = (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;
    mode_t mode = makes ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    if (no_nameless && (flags & O_TMPFILE) == O_TMPFILE) {
        errno = EOPNOTSUPP;
        return -1;
    }
    return __real_open64(path, flags, mode);
}

static int set_up(void **state)
{
    static char folder[64];
    snprintf(folder, sizeof(folder), "/tmp/bauta-work-XXXXXX");
    assert_non_null(mkdtemp(folder));
    assert_int_equal(0, chdir(folder));
    *state = folder;
    return 0;
}

static int count_files(bool remove)
{
    DIR *open = opendir(".");
    int n = 0;
    assert_non_null(open);
    for (const struct dirent *entry; (entry = readdir(open));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        n++;
        if (remove)
            unlink(entry->d_name);
    }
    closedir(open);
    return n;
}

static int tear_down(void **state)
{
    count_files(true);
    assert_int_equal(0, chdir("/"));
    rmdir(*state);
    return 0;
}

static void write_text(int file, const char *text)
{
    assert_int_equal((int)strlen(text), (int)write(file, text, strlen(text)));
}

static void put(const char *path, const char *text)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    assert_true(file >= 0);
    write_text(file, text);
    close(file);
}

static bool holds(const char *path, const char *text)
{
    char found[256] = "";
    int file = open(path, O_RDONLY);
    ssize_t size = file < 0 ? -1 : read(file, found, sizeof(found) - 1);
    if (file >= 0)
        close(file);
    return size >= 0 && strcmp(found, text) == 0;
}

static enum bauta_status make(const char *path, const char *text,
                              const struct bauta_work_file_settings *settings)
{
    struct bauta_work_file *file;
    enum bauta_status status = bauta_work_file_open(&file, path, settings);
    if (status)
        return status;
    write_text(bauta_work_file_descriptor(file), text);
    status = bauta_work_file_finish(file);
    bauta_work_file_free(&file);
    return status;
}

static const struct bauta_work_file_settings plain, replacing = {.replace = true},
                                                    private = {.mode = BAUTA_MODE_PRIVATE};

/* Each test in both worlds. */
static void in_both(void (*test)(void))
{
    for (int i = 0; i < 2; i++) {
        no_nameless = i == 1;
        test();
        count_files(true);
    }
    no_nameless = false;
}

static void unfinished(void)
{
    struct bauta_work_file *file;
    check_ok(bauta_work_file_open(&file, "a", &plain));
    write_text(bauta_work_file_descriptor(file), "half");
    assert_int_equal(-1, access("a", F_OK));
    bauta_work_file_free(&file);
    assert_int_equal(0, count_files(false));
    check_ok(make("a", "whole", &plain));
    assert_true(holds("a", "whole"));
    assert_int_equal(1, count_files(false));
}

static void what_is_not_finished_leaves_nothing(void **state)
{
    (void)state;
    in_both(unfinished);
}

static void two_runs(void)
{
    struct bauta_work_file *first, *second;
    check_ok(bauta_work_file_open(&first, "a", &plain));
    check_ok(bauta_work_file_open(&second, "a", &plain));
    write_text(bauta_work_file_descriptor(first), "first");
    write_text(bauta_work_file_descriptor(second), "second");
    check_ok(bauta_work_file_finish(second));
    check_status(BAUTA_ERR_EXISTS, bauta_work_file_finish(first));
    bauta_work_file_free(&first);
    bauta_work_file_free(&second);
    assert_true(holds("a", "second"));
    assert_int_equal(1, count_files(false));
}

static void of_two_runs_with_one_output_the_first_to_end_has_it(void **state)
{
    (void)state;
    in_both(two_runs);
}

static void replacement(void)
{
    put("a", "old");
    check_status(BAUTA_ERR_EXISTS, make("a", "new", &plain));
    assert_true(holds("a", "old"));
    check_ok(make("a", "new", &replacing));
    assert_true(holds("a", "new"));
    assert_int_equal(1, count_files(false));
}

static void what_is_there_is_replaced_only_if_asked(void **state)
{
    (void)state;
    in_both(replacement);
}

static void evidence(void)
{
    static const char *const texts[] = {
        "-----BEGIN PRIVATE KEY-----\n", "-----BEGIN BAUTA GRANT-----\n", "SQLite format 3",
        "0123456789012345678901234567890123456789012345678901234567890123"};
    const struct bauta_work_file_settings update = {.update = true};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        put("a", texts[i]);
        check_status(BAUTA_ERR_EXISTS, make("a", "new", &replacing));
        assert_true(holds("a", texts[i]));
    }
    check_ok(make("a", "more", &update));
    assert_true(holds("a", "more"));
    check_status(BAUTA_ERR_IO, make("b", "new", &update));
}

static void keys_grants_logs_and_signatures_are_never_replaced(void **state)
{
    (void)state;
    in_both(evidence);
}

static void links(void)
{
    put("a", "old");
    assert_int_equal(0, symlink("a", "link"));
    assert_int_equal(0, symlink("nowhere", "dangling"));
    assert_int_equal(0, mkfifo("pipe", 0600));
    const char *const paths[] = {"link", "dangling", "pipe", ".", "/dev/null"};
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
        check_status(BAUTA_ERR_IO, make(paths[i], "new", &replacing));
    assert_true(holds("a", "old") && access("nowhere", F_OK) != 0);
    check_ok(make("pipe:/dev/null", "new", &plain));
    check_status(BAUTA_ERR_IO, make("pipe:a", "new", &replacing));
    assert_true(holds("a", "old"));
}

static void only_regular_files_are_written_unless_a_pipe_is_named(void **state)
{
    (void)state;
    in_both(links);
}

static void rights(void)
{
    struct stat about;
    struct bauta_work_file *file;
    mode_t before = umask(027);
    check_ok(bauta_work_file_open(&file, "a", &private));
    assert_int_equal(0, fstat(bauta_work_file_descriptor(file), &about));
    assert_int_equal(0600, about.st_mode & 0777);
    check_ok(bauta_work_file_finish(file));
    bauta_work_file_free(&file);
    check_ok(make("b", "x", &plain));
    umask(before);
    assert_int_equal(0, stat("a", &about));
    assert_int_equal(0600, about.st_mode & 0777);
    assert_int_equal(0, stat("b", &about));
    assert_int_equal(0640, about.st_mode & 0777);
}

static void private_files_are_so_from_the_start(void **state)
{
    (void)state;
    in_both(rights);
}

static void one_file_by_any_name_is_one(void **state)
{
    (void)state;
    put("a", "x");
    assert_int_equal(0, link("a", "hard"));
    assert_int_equal(0, symlink("a", "soft"));
    const char *const same[] = {"a", "./a", "hard", "soft", "../a"};
    for (size_t i = 0; i < 4; i++)
        check_status(BAUTA_ERR_ARGUMENT, bauta_output_apart("a", same[i], NULL));
    check_ok(bauta_output_apart("a", same[4], NULL));
    check_status(BAUTA_ERR_ARGUMENT, bauta_output_apart("new", "./new", NULL)); /* not there yet */
    check_ok(bauta_output_apart("new", "a", NULL));
    check_ok(bauta_output_apart("pipe:/dev/null", "/dev/null", NULL));
    int standard = dup(STDIN_FILENO), file = open("a", O_RDONLY);
    dup2(file, STDIN_FILENO);
    enum bauta_status status = bauta_output_apart("hard", "-", NULL);
    dup2(standard, STDIN_FILENO);
    close(standard);
    close(file);
    check_status(BAUTA_ERR_ARGUMENT, status);
}

static void work_files_with_a_name_can_be_abandoned(void **state)
{
    (void)state;
    struct bauta_work_file *files[3];
    no_nameless = true;
    for (int i = 0; i < 3; i++)
        check_ok(bauta_work_file_open(&files[i], "a", &plain));
    assert_int_equal(3, count_files(false));
    bauta_work_file_free(&files[1]);
    bauta_work_files_abandon();
    assert_int_equal(0, count_files(false));
    bauta_work_file_free(&files[0]);
    bauta_work_file_free(&files[2]);
    no_nameless = false;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_not_finished_leaves_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(of_two_runs_with_one_output_the_first_to_end_has_it, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_there_is_replaced_only_if_asked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keys_grants_logs_and_signatures_are_never_replaced, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(only_regular_files_are_written_unless_a_pipe_is_named,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(private_files_are_so_from_the_start, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_file_by_any_name_is_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(work_files_with_a_name_can_be_abandoned, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
