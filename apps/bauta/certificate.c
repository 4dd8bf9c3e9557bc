/* SPDX-License-Identifier: Apache-2.0 */
#include "certificate.h"

#include <errno.h>
#include <string.h>

#include <bauta/evidence.h>
#include <bauta/work_file.h>

#include "files.h"
#include "printable.h"

static json_t *file_json(const char *path, const struct options *options)
{
    uint8_t hash[32];
    char text[65];
    if (bauta_evidence_hash_file(hash, path, cli_log(options)))
        return NULL;
    const char *slash = strrchr(path, '/');
    return json_pack("{s:o, s:s}", "name", printable_json(slash ? slash + 1 : path), "sha256",
                     cli_hex(text, hash, sizeof(hash)));
}

int certificate_hash_parts(json_t *parts, const struct options *options)
{
    size_t i;
    json_t *part;
    json_array_foreach(parts, i, part)
    {
        json_t *file = file_json(json_string_value(json_object_get(part, "name")), options);
        bool done = file && json_object_update(part, file) == 0;
        json_decref(file);
        if (!done)
            return EXIT_FAILED;
    }
    return EXIT_DONE;
}

json_t *certificate_new(const char *kind, const struct audit_note *note, const char *input,
                        const char *output, const struct options *options)
{
    char when[32];
    json_t *in = file_json(input, options), *out = file_json(output, options);
    if (!in || !out) {
        json_decref(in);
        json_decref(out);
        return NULL;
    }
    return json_pack("{s:s, s:s, s:s, s:o, s:s, s:o, s:o, s:s, s:s, s:s, s:o, s:o}", "certificate",
                     kind, "tool", "bauta " BAUTA_VERSION, "time",
                     cli_print_utc(when, cli_now_ms()), "who", printable_json(note->who), "key",
                     note->key, "reason", printable_json(note->row.why ? note->row.why : ""),
                     "case", printable_json(note->row.case_ ? note->row.case_ : ""), "stream",
                     note->stream, "grant", note->grant, "approved_by", note->approved, "source",
                     in, "result", out);
}

static int write_json(json_t *text, const char *path, const struct options *options)
{
    struct bauta_work_file_settings settings = {.log = cli_log(options)};
    struct bauta_work_file *file = NULL;
    if (!files_options(&settings.replace, &settings.mode, options))
        return EXIT_USAGE;
    int status = cli_exit_status(bauta_work_file_open(&file, path, &settings));
    if (!status && json_dumpfd(text, bauta_work_file_descriptor(file), JSON_INDENT(2)) != 0) {
        fprintf(stderr, "bauta: %s: %s\n", path, strerror(errno));
        status = EXIT_FAILED;
    }
    if (!status)
        status = cli_exit_status(bauta_work_file_finish(file));
    bauta_work_file_free(&file);
    return status;
}

int certificate_write(json_t *text, const char *path, const struct bauta_signing_key *key,
                      const struct options *options)
{
    char signature[4096 + 8];
    if (!text)
        return EXIT_FAILED;
    snprintf(signature, sizeof(signature), "%.4095s.sig", path);
    int status = write_json(text, path, options);
    json_decref(text);
    if (!status && key)
        status = cli_exit_status(bauta_evidence_sign_file(path, signature, key, cli_log(options)));
    return status;
}
