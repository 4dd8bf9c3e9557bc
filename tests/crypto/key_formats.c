/* SPDX-License-Identifier: Apache-2.0 */
/* Key files of other people's tools: tests/vectors/key_files.json, which the player's test reads,
 * too. */
#include "check.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "crypto/key.h"
#include "hex.h"

static json_t *table;
static char said[2048];

static void note(void *user, enum bauta_log_level level, const char *sentence)
{
    (void)user;
    (void)level;
    snprintf(said, sizeof(said), "%s", sentence);
}

static const struct bauta_log log_to_said = {note, NULL};

/* One row of the table, and its file's text. */
struct row {
    const char *file, *type, *half, *passphrase, *public_key, *status, *says;
    char text[8192];
    struct bauta_bytes pem;
};

static const char *string_of(const json_t *row, const char *name)
{
    return json_string_value(json_object_get(row, name));
}

static void read_row(struct row *r, const json_t *of)
{
    char path[4096];
    r->file = string_of(of, "file");
    r->type = string_of(of, "type");
    r->half = string_of(of, "half");
    r->passphrase = string_of(of, "passphrase");
    r->public_key = string_of(of, "public_key");
    r->status = string_of(of, "status");
    r->says = string_of(of, "says");
    assert_true(r->file && r->type && r->half && r->passphrase);
    assert_true(r->public_key || (r->status && r->says));
    snprintf(path, sizeof(path), "%s/tests/vectors/keys/%s", getenv("BAUTA_SOURCE_ROOT"), r->file);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    r->pem =
        (struct bauta_bytes){(const uint8_t *)r->text, fread(r->text, 1, sizeof(r->text), file)};
    fclose(file);
}

static enum bauta_status read_private(uint8_t public_key[32], const struct row *r,
                                      const char *passphrase)
{
    struct bauta_signing_key *signing = NULL;
    struct bauta_private_key *key = NULL;
    const bool signs = strcmp(r->type, "Ed25519") == 0;
    enum bauta_status status =
        signs ? bauta_signing_key_parse(&signing, r->pem, passphrase, r->file, &log_to_said)
              : bauta_private_key_parse(&key, r->pem, passphrase, r->file, &log_to_said);
    if (!status)
        memcpy(public_key, signs ? signing->public_bytes : key->public_bytes, 32);
    bauta_signing_key_free(&signing);
    bauta_private_key_free(&key);
    return status;
}

static enum bauta_status read_public(uint8_t public_key[32], const struct row *r)
{
    struct bauta_public_key *key = NULL;
    enum bauta_status status = bauta_public_key_parse(&key, r->pem, r->file, &log_to_said);
    if (!status)
        memcpy(public_key, key->bytes, 32);
    bauta_public_key_free(&key);
    return status;
}

static enum bauta_status read_it(uint8_t public_key[32], const struct row *r,
                                 const char *passphrase)
{
    said[0] = '\0';
    return strcmp(r->half, "public") == 0 ? read_public(public_key, r)
                                          : read_private(public_key, r, passphrase);
}

static enum bauta_status status_of(const char *word)
{
    return strcmp(word, "limit") == 0         ? BAUTA_ERR_LIMIT
           : strcmp(word, "unsupported") == 0 ? BAUTA_ERR_UNSUPPORTED
                                              : BAUTA_ERR_FORMAT;
}

static void every_file_opens_or_is_named_for_what_it_is(void **state)
{
    (void)state;
    size_t i;
    json_t *of;
    json_array_foreach(table, i, of)
    {
        struct row r;
        uint8_t public_key[32];
        read_row(&r, of);
        enum bauta_status status = read_it(public_key, &r, *r.passphrase ? r.passphrase : NULL);
        if (status != (r.public_key ? BAUTA_OK : status_of(r.status)))
            fail_msg("%s as %s %s: %s (%s)", r.file, r.type, r.half, bauta_status_text(status),
                     said);
        if (r.public_key)
            check_hex(r.public_key, public_key);
        else if (!strstr(said, r.says) || strncmp(said, r.file, strlen(r.file)) != 0)
            fail_msg("%s: '%s' does not say '%s'", r.file, said, r.says);
    }
}

static void another_passphrase_is_wrong_and_none_is_missing(void **state)
{
    (void)state;
    size_t i;
    json_t *of;
    json_array_foreach(table, i, of)
    {
        struct row r;
        uint8_t public_key[32];
        read_row(&r, of);
        const bool costly = strstr(r.file, "most") != NULL;
        if (!r.public_key || !*r.passphrase || costly)
            continue;
        check_status(BAUTA_ERR_DENIED, read_it(public_key, &r, "open says me"));
        assert_non_null(strstr(said, "passphrase is wrong"));
        check_status(BAUTA_ERR_DENIED, read_it(public_key, &r, NULL));
        assert_non_null(strstr(said, "needs its passphrase"));
    }
}

/* What a passphrase does not change is told without one: nothing was derived. */
static void what_cannot_be_read_is_refused_before_any_work(void **state)
{
    (void)state;
    size_t i, n = 0;
    json_t *of;
    json_array_foreach(table, i, of)
    {
        struct row r;
        uint8_t public_key[32];
        read_row(&r, of);
        if (!r.status || !*r.passphrase || strcmp(r.status, "format") == 0)
            continue;
        check_status(status_of(r.status), read_it(public_key, &r, NULL));
        assert_non_null(strstr(said, r.says));
        n++;
    }
    assert_true(n >= 12);
}

static int set_up(void **state)
{
    (void)state;
    char path[4096];
    snprintf(path, sizeof(path), "%s/tests/vectors/key_files.json", getenv("BAUTA_SOURCE_ROOT"));
    json_t *file = json_load_file(path, 0, NULL);
    table = json_incref(json_object_get(file, "keys"));
    json_decref(file);
    return json_array_size(table) > 50 ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    json_decref(table);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_opens_or_is_named_for_what_it_is),
        cmocka_unit_test(another_passphrase_is_wrong_and_none_is_missing),
        cmocka_unit_test(what_cannot_be_read_is_refused_before_any_work),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
