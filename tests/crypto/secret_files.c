/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bauta/secrets.h>

static char path[] = "/tmp/bauta-secret-XXXXXX", said[2048];

static void note(void *user, enum bauta_log_level level, const char *sentence)
{
    (void)user;
    (void)level;
    snprintf(said, sizeof(said), "%s", sentence);
}

static const struct bauta_log log_to_said = {note, NULL};

static void write_file(const char *text, mode_t mode)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(0, chmod(path, mode));
}

static void expect(enum bauta_status expected, const char *line_or_words, const char *from)
{
    char *secret;
    said[0] = '\0';
    check_status(expected, bauta_secret_read(&secret, from, &log_to_said));
    if (expected) {
        assert_null(secret);
        assert_true(strncmp(said, from, strlen(from)) == 0);
        assert_non_null(strstr(said, line_or_words));
    } else {
        assert_string_equal(line_or_words, secret);
    }
    bauta_secret_free(&secret);
}

static void the_first_line_is_the_secret(void **state)
{
    (void)state;
    write_file("open sesame\nand more\n", 0600);
    expect(BAUTA_OK, "open sesame", path);
    write_file("open sesame\r\n", 0600);
    expect(BAUTA_OK, "open sesame", path);
    write_file("open sesame", 0400);
    expect(BAUTA_OK, "open sesame", path);
    write_file("\n\n", 0600);
    expect(BAUTA_ERR_FORMAT, "no password or passphrase", path);
    write_file("", 0600);
    expect(BAUTA_ERR_FORMAT, "no password or passphrase", path);
    expect(BAUTA_ERR_IO, "No such file", "/tmp/bauta-secret-nowhere");
    expect(BAUTA_ERR_IO, "directory", "/tmp");
}

static void it_is_its_owners_alone(void **state)
{
    (void)state;
    for (mode_t bit = 1; bit <= 040; bit *= 2) {
        write_file("open sesame\n", 0600 | bit);
        expect(BAUTA_ERR_DENIED, "others than its owner can read or change it: chmod 600 it", path);
        check_status(BAUTA_ERR_DENIED, bauta_secret_check(path, NULL));
    }
    write_file("open sesame\n", 0600);
    check_ok(bauta_secret_check(path, NULL));
}

static void a_line_may_be_as_long_as_a_passphrase(void **state)
{
    (void)state;
    char text[BAUTA_SECRET_MOST + 8];
    memset(text, 'x', sizeof(text));
    strcpy(text + BAUTA_SECRET_MOST, "\r\n");
    write_file(text, 0600);
    text[BAUTA_SECRET_MOST] = '\0';
    expect(BAUTA_OK, text, path);
    strcpy(text + BAUTA_SECRET_MOST, "x\n");
    write_file(text, 0600);
    expect(BAUTA_ERR_FORMAT, "longer than", path);
}

/* As of a shell's <(command); each secret takes its own line from it. */
static void a_pipe_has_no_others(void **state)
{
    (void)state;
    char name[32];
    int ends[2];
    assert_int_equal(0, pipe(ends));
    assert_int_equal(8, write(ends[1], "one\ntwo\n", 8));
    close(ends[1]);
    snprintf(name, sizeof(name), "/dev/fd/%d", ends[0]);
    check_ok(bauta_secret_check(name, NULL));
    expect(BAUTA_OK, "one", name);
    expect(BAUTA_OK, "two", name);
    close(ends[0]);
}

static int set_up(void **state)
{
    (void)state;
    const int file = mkstemp(path);
    return file < 0 ? -1 : close(file);
}

static int tear_down(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_line_is_the_secret),
        cmocka_unit_test(it_is_its_owners_alone),
        cmocka_unit_test(a_line_may_be_as_long_as_a_passphrase),
        cmocka_unit_test(a_pipe_has_no_others),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
