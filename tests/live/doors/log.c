/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <string.h>
#include <unistd.h>

#include "base/log.h"

/* What is written into the log of what strangers say. */

/* What is on standard error then; the caller frees it. */
static char *write_down(bool json, const char *message)
{
    int pipes[2];
    char text[4096];
    assert_int_equal(pipe(pipes), 0);
    const int before = dup(STDERR_FILENO);
    dup2(pipes[1], STDERR_FILENO);
    log_write(&(struct log){.json = json}, BAUTA_LOG_ERROR, NULL, "refused", "%s", message);
    dup2(before, STDERR_FILENO);
    close(before);
    close(pipes[1]);
    const ssize_t n = read(pipes[0], text, sizeof(text));
    close(pipes[0]);
    assert_true(n > 0);
    return g_strndup(text, (gsize)n);
}

static void check_written(bool json, const char *said, const char *written)
{
    char *line = write_down(json, said);
    assert_non_null(strstr(line, written));
    for (char *c = line; *c; c = g_utf8_next_char(c))
        assert_true(!c[1] || !g_unichar_iscntrl(g_utf8_get_char(c))); /* but for the last */
    g_free(line);
}

static void no_control_character_is_written(void **state)
{
    (void)state;
    check_written(false, "CN=\x1b[31mred\x07", "CN=\\u001b[31mred\\u0007");
    check_written(false, "two\nlines\r, a\ttab", "two lines , a\\u0009tab");
    check_written(false,
                  "delete \x7f, and CSI \xc2\x9b"
                  "31m",
                  "delete \\u007f, and CSI \\u009b31m");
    check_written(true, "CN=\x1b[31m \xc2\x9b \x7f \"\\\n",
                  "CN=\\u001b[31m \\u009b \\u007f \\\"\\\\\\u000a");
}

static void text_in_any_language_is(void **state)
{
    (void)state;
    check_written(false, "Tür 北", "Tür 北");
    check_written(true, "Tür 北", "Tür 北");
    check_written(false, "no UTF-8: \xff", "no UTF-8: \xef\xbf\xbd");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_control_character_is_written),
        cmocka_unit_test(text_in_any_language_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
