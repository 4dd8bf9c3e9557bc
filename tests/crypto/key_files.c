/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bauta/key.h>

static char folder[] = "/tmp/bauta-keys-XXXXXX", said[2048];

static void note(void *user, enum bauta_log_level level, const char *sentence)
{
    (void)user;
    (void)level;
    snprintf(said, sizeof(said), "%s", sentence);
}

static const struct bauta_log log_to_said = {note, NULL};

static const char *path(const char *name)
{
    static char paths[8][128];
    static int n;
    n = (n + 1) % 8;
    snprintf(paths[n], sizeof(paths[n]), "%s/%s", folder, name);
    return paths[n];
}

static void shell(int expected, const char *format, const char *name)
{
    char command[512];
    snprintf(command, sizeof(command), format, path(name));
    assert_int_equal(expected, system(command) != 0);
}

static int set_up(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    check_ok(bauta_key_new(path("open.key"), path("open.pub"), NULL, &log_to_said));
    check_ok(bauta_key_new(path("locked.key"), path("locked.pub"), "a phrase", &log_to_said));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    shell(0, "rm -rf %s", "");
    return 0;
}

static void keys_are_readable_by_openssl_and_private_to_their_owner(void **state)
{
    (void)state;
    struct stat s;
    assert_int_equal(0, stat(path("open.key"), &s));
    assert_int_equal(0600, s.st_mode & 0777);
    shell(0, "openssl pkey -noout -text -in %s | grep -q 'X25519 Private-Key'", "open.key");
    shell(0, "openssl pkey -noout -text -passin 'pass:a phrase' -in %s | grep -q X25519",
          "locked.key");
    shell(1, "openssl pkey -noout -passin pass:wrong -in %s 2>/dev/null", "locked.key");
    shell(0, "openssl pkey -pubin -noout -text -in %s | grep -q X25519", "open.pub");
    shell(0, "grep -q 'BEGIN ENCRYPTED PRIVATE KEY' %s", "locked.key");
}

static void a_pair_belongs_together(void **state)
{
    (void)state;
    struct bauta_private_key *private_key;
    struct bauta_public_key *public_key;
    uint8_t a[BAUTA_KEY_ID_SIZE], b[BAUTA_KEY_ID_SIZE];
    check_ok(bauta_private_key_read(&private_key, path("locked.key"), "a phrase", &log_to_said));
    check_ok(bauta_public_key_read(&public_key, path("locked.pub"), &log_to_said));
    bauta_private_key_id(a, private_key);
    bauta_public_key_id(b, public_key);
    assert_memory_equal(a, b, sizeof(a));
    bauta_private_key_free(&private_key);
    bauta_public_key_free(&public_key);
    assert_null(private_key);
}

static void nothing_is_overwritten(void **state)
{
    (void)state;
    struct stat before, after;
    assert_int_equal(0, stat(path("open.key"), &before));
    check_status(BAUTA_ERR_EXISTS,
                 bauta_key_new(path("open.key"), path("new.pub"), NULL, &log_to_said));
    assert_int_equal(-1, access(path("new.pub"), F_OK));
    check_status(BAUTA_ERR_EXISTS,
                 bauta_key_new(path("new.key"), path("open.pub"), NULL, &log_to_said));
    assert_int_equal(-1, access(path("new.key"), F_OK)); /* both or neither */
    assert_int_equal(0, stat(path("open.key"), &after));
    assert_true(before.st_ino == after.st_ino && before.st_size == after.st_size);
}

static void refuse(enum bauta_status expected, const char *name, const char *passphrase,
                   const char *words)
{
    struct bauta_private_key *key;
    said[0] = '\0';
    check_status(expected, bauta_private_key_read(&key, path(name), passphrase, &log_to_said));
    assert_null(key);
    assert_non_null(strstr(said, name));
    if (!strstr(said, words))
        fail_msg("'%s' does not say '%s'", said, words);
}

static void what_is_not_the_right_key_is_refused_by_name(void **state)
{
    (void)state;
    struct bauta_public_key *public_key;
    shell(0, "openssl genrsa -out %s 2048 2>/dev/null", "rsa.key");
    shell(0, "openssl genpkey -algorithm ed25519 -out %s", "ed.key");
    shell(0, ": > %s", "empty.key");
    shell(0, "head -c 1000000 /dev/zero > %s", "huge.key");
    shell(0, "echo '-----BEGIN PRIVATE KEY-----\nrubbish\n-----END PRIVATE KEY-----' > %s",
          "bad.key");
    refuse(BAUTA_ERR_DENIED, "locked.key", "another", "wrong");
    refuse(BAUTA_ERR_DENIED, "locked.key", NULL, "needs its passphrase");
    refuse(BAUTA_ERR_FORMAT, "rsa.key", NULL, "type RSA");
    refuse(BAUTA_ERR_FORMAT, "ed.key", NULL, "type ED25519");
    refuse(BAUTA_ERR_FORMAT, "open.pub", NULL, "PUBLIC KEY");
    refuse(BAUTA_ERR_FORMAT, "empty.key", NULL, "no PEM");
    refuse(BAUTA_ERR_FORMAT, "huge.key", NULL, "too large");
    refuse(BAUTA_ERR_FORMAT, "bad.key", NULL, "not an X25519 private key");
    refuse(BAUTA_ERR_IO, "missing.key", NULL, "No such file");
    check_status(BAUTA_ERR_FORMAT,
                 bauta_public_key_read(&public_key, path("open.key"), &log_to_said));
    check_status(BAUTA_ERR_IO, bauta_public_key_read(&public_key, path("none.pub"), &log_to_said));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_readable_by_openssl_and_private_to_their_owner),
        cmocka_unit_test(a_pair_belongs_together),
        cmocka_unit_test(nothing_is_overwritten),
        cmocka_unit_test(what_is_not_the_right_key_is_refused_by_name),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
