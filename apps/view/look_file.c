/* SPDX-License-Identifier: Apache-2.0 */
#include "look_file.h"

#include <string.h>

#include "findings.h"

/* Keeps the first sentence, which says what went wrong. */
struct hearing {
    const char *path, *name;
    char *sentence;
};

/* The path is one that only this process understands. */
static void hear(void *user, enum bauta_log_level level, const char *sentence)
{
    struct hearing *hearing = user;
    const size_t size = strlen(hearing->path);
    if (level != BAUTA_LOG_ERROR || hearing->sentence)
        return;
    hearing->sentence = strncmp(sentence, hearing->path, size) == 0
                            ? g_strconcat(hearing->name, sentence + size, NULL)
                            : g_strconcat(hearing->name, ": ", sentence, NULL);
}

static char *tell(struct hearing *hearing, enum bauta_status status)
{
    char *sentence = hearing->sentence
                         ? hearing->sentence
                         : g_strdup_printf("%s: %s", hearing->name, bauta_status_text(status));
    hearing->sentence = NULL;
    return sentence;
}

const char *look_codec_name(enum bauta_codec codec)
{
    return codec == BAUTA_CODEC_H265 ? "h265" : "h264";
}

json_t *look_recipients(const struct bauta_inspection *n)
{
    json_t *list = json_array();
    for (int i = 0; i < n->n_recipients; i++)
        json_array_append_new(list, json_hex(n->recipients[i], sizeof(n->recipients[i])));
    return list;
}

static json_t *lanes(const struct bauta_inspection *n)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n->n_targets; i++) {
        const struct bauta_target_summary *t = &n->targets[i];
        json_t *spans = json_array();
        for (size_t k = 0; k < t->n_spans; k++)
            json_array_append_new(spans,
                                  json_pack("[f, f]", t->spans[k].first_s, t->spans[k].last_s));
        json_array_append_new(list,
                              json_pack("{s:I, s:s, s:o, s:I}", "target", (json_int_t)t->target,
                                        "class", bauta_class_name(t->class_), "spans", spans,
                                        "missing", (json_int_t)t->n_missing));
    }
    return list;
}

static char *write_inspection(const struct bauta_inspection *n, const struct bauta_file_info *f)
{
    return json_write(
        json_pack("{s:s, s:i, s:i, s:f, s:b, s:I, s:I, s:I, s:I, s:i, s:o, s:o, s:o}", "codec",
                  look_codec_name(f->codec), "width", f->width, "height", f->height, "duration",
                  f->duration_s > 0 ? f->duration_s : 0, "truncated", (int)f->truncated, "pictures",
                  (json_int_t)n->n_access_units, "hidden_pictures", (json_int_t)n->n_hidden,
                  "protected_pictures", (json_int_t)n->n_pictures, "damaged_messages",
                  (json_int_t)n->n_damaged, "streams", n->n_streams, "stream",
                  json_hex(n->stream_id, sizeof(n->stream_id)), "recipients", look_recipients(n),
                  "lanes", lanes(n)));
}

char *look_inspect(const char *path, const char *name, char **problem)
{
    struct hearing hearing = {path, name, NULL};
    const struct bauta_log log = {hear, &hearing};
    struct bauta_inspector *inspector;
    struct bauta_inspection found;
    struct bauta_file_info info;
    char *text = NULL;
    enum bauta_status status = bauta_inspect_file(&inspector, &info, path, &log);
    if (!status) {
        bauta_inspector_result(inspector, &found);
        text = write_inspection(&found, &info);
        bauta_inspector_free(&inspector);
    } else {
        *problem = tell(&hearing, status);
    }
    g_free(hearing.sentence);
    return text;
}

/* What a verifier says of a file. */
struct verified {
    struct findings *findings;
    json_t *not_covered;
};

static void add_finding(void *user, const struct bauta_finding *finding)
{
    struct verified *verified = user;
    findings_add(verified->findings, finding);
}

static void add_not_covered(void *user, const char *what, bool pictures)
{
    struct verified *verified = user;
    (void)pictures; /* counted as n_besides */
    json_array_append_new(verified->not_covered, json_text(what));
}

/* As `bauta verify --json` does: what shows pictures that nobody signed is not authentic. */
static char *write_verification(const struct verified *verified, const struct bauta_verification *v,
                                const struct bauta_file_info *f)
{
    return json_write(
        json_pack("{s:b, s:I, s:I, s:I, s:b, s:O, s:o}", "authentic",
                  v->authentic && !f->truncated && !v->n_besides, "pictures",
                  (json_int_t)v->n_pictures, "authentic_pictures", (json_int_t)v->n_authentic,
                  "epochs", (json_int_t)v->n_epochs, "shows_more", v->n_besides > 0, "not_covered",
                  verified->not_covered, "findings", findings_json(verified->findings)));
}

char *look_verify(const char *path, const char *name, const struct bauta_signer *const *signers,
                  int n_signers, char **problem)
{
    struct hearing hearing = {path, name, NULL};
    const struct bauta_log log = {hear, &hearing};
    struct verified verified = {findings_new(0), json_array()};
    const struct bauta_verifier_settings settings = {.signers = signers,
                                                     .n_signers = n_signers,
                                                     .user = &verified,
                                                     .found = add_finding,
                                                     .not_covered = add_not_covered};
    struct bauta_verification v;
    struct bauta_file_info info;
    char *text = NULL;
    enum bauta_status status = bauta_verify_file(&v, &info, path, &settings, &log);
    if (!status)
        text = write_verification(&verified, &v, &info);
    else
        *problem = tell(&hearing, status);
    findings_free(verified.findings);
    json_decref(verified.not_covered);
    g_free(hearing.sentence);
    return text;
}
