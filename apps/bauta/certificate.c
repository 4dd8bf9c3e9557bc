/* SPDX-License-Identifier: Apache-2.0 */
#include "certificate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bauta/evidence.h>
#include <bauta/version.h>
#include <bauta/work_file.h>

#include "files.h"
#include "printable.h"
#include "say.h"

json_t *certificate_file(const char *path, int file, const struct options *options)
{
    uint8_t hash[BAUTA_HASH_SIZE];
    char text[65];
    if (file >= 0)
        fsync(file); /* so that little is left to be done when it is said that it is there */
    enum bauta_status status = file < 0
                                   ? bauta_evidence_hash_file(hash, path, cli_log(options))
                                   : bauta_evidence_hash_open(hash, file, path, cli_log(options));
    if (status)
        return NULL;
    const char *slash = strrchr(path, '/');
    return json_pack("{s:o, s:s}", "name", printable_json(slash ? slash + 1 : path), "sha256",
                     bauta_hex(text, hash, sizeof(hash)));
}

json_t *certificate_new(const char *kind, const struct audit_note *note, const char *input,
                        json_t *out, const struct options *options)
{
    char when[32];
    json_t *in = certificate_file(input, -1, options);
    if (!in || !out) {
        json_decref(in);
        json_decref(out);
        return NULL;
    }
    return json_pack("{s:s, s:s, s:s, s:o, s:s, s:o, s:o, s:s, s:s, s:s, s:o, s:o}", "certificate",
                     kind, "tool", "bauta " BAUTA_VERSION_STRING, "time",
                     cli_print_utc(when, cli_now_ms()), "who", printable_json(note->who), "key",
                     note->key, "reason", printable_json(note->row.why ? note->row.why : ""),
                     "case", printable_json(note->row.case_ ? note->row.case_ : ""), "stream",
                     note->stream, "grant", note->grant, "approved_by", note->approved, "source",
                     in, "result", out);
}

/* Gives the exit status. */
static int write_file(struct bauta_work_file **file, const char *path,
                      const struct bauta_work_file_settings *settings, struct bauta_bytes bytes)
{
    int status = cli_exit_status(bauta_work_file_open(file, path, settings));
    for (size_t at = 0; !status && at < bytes.size;) {
        ssize_t size = write(bauta_work_file_descriptor(*file), bytes.data + at, bytes.size - at);
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0) {
            cli_say("%s: cannot be written: %s", path, strerror(errno));
            status = EXIT_FAILED;
        }
        at += size < 0 ? 0 : (size_t)size;
    }
    return status;
}

static int write_both(struct certificate *c, const char *text, const struct bauta_signing_key *key,
                      const struct options *options)
{
    struct bauta_work_file_settings settings = {.log = cli_log(options)};
    const struct bauta_bytes bytes = {(const uint8_t *)text, strlen(text)};
    uint8_t signature[BAUTA_SIGNATURE_SIZE];
    if (!files_options(&settings.replace, &settings.mode, options))
        return EXIT_USAGE;
    int status = write_file(&c->text, c->path, &settings, bytes);
    if (status || !key)
        return status;
    settings = (struct bauta_work_file_settings){.log = settings.log};
    status = cli_exit_status(bauta_evidence_sign(signature, bytes, key));
    if (!status)
        status = write_file(&c->signature, c->signature_path, &settings,
                            (struct bauta_bytes){signature, sizeof(signature)});
    return status;
}

/* Keeps the text that will be replaced. Gives the exit status. */
static int keep_before(struct certificate *c)
{
    struct stat about;
    int file = open(c->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0)
        return errno == ENOENT ? EXIT_DONE : EXIT_FAILED;
    bool kept = fstat(file, &about) == 0 && (c->before = malloc((size_t)about.st_size + 1)) != NULL;
    for (ssize_t size = 1; kept && size > 0 && c->before_size < (size_t)about.st_size;) {
        size = read(file, c->before + c->before_size, (size_t)about.st_size - c->before_size);
        kept = size > 0;
        c->before_size += kept ? (size_t)size : 0;
    }
    close(file);
    if (kept)
        c->before_mode = about.st_mode & 0777;
    else
        cli_say("%s: cannot be read, and is not replaced", c->path);
    return kept ? EXIT_DONE : EXIT_FAILED;
}

static void put_back(struct certificate *c, const struct options *options)
{
    const struct bauta_work_file_settings settings = {
        .replace = true, .mode = c->before_mode, .log = cli_log(options)};
    struct bauta_work_file *file = NULL;
    int status = write_file(&file, c->path, &settings,
                            (struct bauta_bytes){(const uint8_t *)c->before, c->before_size});
    if (!status)
        status = cli_exit_status(bauta_work_file_finish(file));
    bauta_work_file_free(&file);
    if (status)
        cli_warn("%s: what was there before is lost", c->path);
}

/* Gives both their names, or none. */
static int name_both(struct certificate *c)
{
    int status = cli_exit_status(bauta_work_file_finish(c->text));
    c->named = !status;
    if (!status && c->signature) {
        status = cli_exit_status(bauta_work_file_finish(c->signature));
        c->signed_ = !status;
    }
    return status;
}

int certificate_write(struct certificate *c, json_t *text, const char *output,
                      const struct bauta_signing_key *key, const struct options *options)
{
    char *bytes = text ? json_dumps(text, JSON_INDENT(2)) : NULL;
    json_decref(text);
    snprintf(c->path, sizeof(c->path), "%.4095s.json", output);
    snprintf(c->signature_path, sizeof(c->signature_path), "%.4095s.json.sig", output);
    int status = bytes ? write_both(c, bytes, key, options) : EXIT_FAILED;
    if (!status)
        status = keep_before(c);
    if (!status)
        status = name_both(c);
    if (status)
        certificate_take_back(c, options);
    bauta_work_file_free(&c->text);
    bauta_work_file_free(&c->signature);
    free(bytes);
    return status;
}

void certificate_take_back(struct certificate *c, const struct options *options)
{
    if (c->signed_)
        unlink(c->signature_path);
    if (c->named && c->before)
        put_back(c, options);
    else if (c->named)
        unlink(c->path);
    c->named = c->signed_ = false;
}

void certificate_clear(struct certificate *c)
{
    free(c->before);
    c->before = NULL;
}
