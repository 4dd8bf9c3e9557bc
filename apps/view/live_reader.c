/* SPDX-License-Identifier: Apache-2.0 */
#include "live_reader.h"

#include <bauta/inspector.h>
#include <string.h>

#include "findings.h"
#include "look_file.h"

enum {
    INSPECTED = 1000, /* access units that one inspector sees: it keeps all people whom it met */
    MAX_FINDINGS = 1000
};

struct live_reader {
    GMutex mutex;
    const struct bauta_signer *const *signers;
    int n_signers;
    const void *who; /* feeds it; NULL: nobody, and the next who comes does */
    enum bauta_codec codec;
    int width, height;
    struct bauta_inspector *inspector;
    struct bauta_verifier *verifier;
    struct findings *findings;
    char *problem; /* NULL: all is well */
    guint64 n_units, n_protected, n_damaged, n_inspected;
    guint64 n_judged, n_authentic, n_epochs; /* epochs are judged when the next has ended */
    struct bauta_finding last;
    bool faulty;
    json_t *inspection; /* of the inspector before: the one in use may have seen nothing yet */
};

struct live_reader *live_reader_new(const struct bauta_signer *const *signers, int n_signers)
{
    struct live_reader *reader = g_new0(struct live_reader, 1);
    g_mutex_init(&reader->mutex);
    reader->signers = signers;
    reader->n_signers = n_signers;
    return reader;
}

/* Forgets what was found. */
static void clear(struct live_reader *reader)
{
    bauta_inspector_free(&reader->inspector);
    bauta_verifier_free(&reader->verifier);
    g_clear_pointer(&reader->findings, findings_free);
    g_clear_pointer(&reader->problem, g_free);
    g_clear_pointer(&reader->inspection, json_decref);
    reader->n_units = reader->n_protected = reader->n_damaged = reader->n_inspected = 0;
    reader->n_judged = reader->n_authentic = reader->n_epochs = 0;
    reader->faulty = false;
}

void live_reader_free(struct live_reader *reader)
{
    if (!reader)
        return;
    clear(reader);
    g_mutex_clear(&reader->mutex);
    g_free(reader);
}

/* Whether it tells of pictures that are there, each of which one finding tells of. */
static bool counts_pictures(enum bauta_finding_kind kind)
{
    static const bool does[BAUTA_N_FINDINGS] = {
        [BAUTA_FINDING_AUTHENTIC] = true,        [BAUTA_FINDING_UNSIGNED] = true,
        [BAUTA_FINDING_UNKNOWN_SIGNER] = true,   [BAUTA_FINDING_FORGED] = true,
        [BAUTA_FINDING_PICTURE_CHANGED] = true,  [BAUTA_FINDING_PICTURE_ADDED] = true,
        [BAUTA_FINDING_PICTURE_MOVED] = true,    [BAUTA_FINDING_RECOVERY_STRIPPED] = true,
        [BAUTA_FINDING_RECOVERY_CHANGED] = true, [BAUTA_FINDING_RECOVERY_SWAPPED] = true};
    return does[kind];
}

static void found(void *user, const struct bauta_finding *f)
{
    struct live_reader *reader = user;
    if (f->kind == BAUTA_FINDING_HEAD_CUT) /* of course: nobody asked for its beginning */
        return;
    const bool same = reader->n_epochs && reader->last.epoch == f->epoch &&
                      memcmp(reader->last.stream_id, f->stream_id, sizeof(f->stream_id)) == 0;
    reader->n_epochs += !same;
    reader->n_judged += counts_pictures(f->kind) ? f->n : 0;
    reader->n_authentic += f->kind == BAUTA_FINDING_AUTHENTIC ? f->n : 0;
    reader->faulty |= bauta_finding_is_fault(f->kind);
    reader->last = *f;
    findings_add(reader->findings, f);
}

static enum bauta_status begin(struct live_reader *reader, const void *who, enum bauta_codec codec)
{
    clear(reader);
    reader->who = who;
    reader->codec = codec;
    reader->findings = findings_new(MAX_FINDINGS);
    const struct bauta_verifier_settings settings = {.codec = codec,
                                                     .signers = reader->signers,
                                                     .n_signers = reader->n_signers,
                                                     .user = reader,
                                                     .found = found};
    return bauta_verifier_new(&reader->verifier, &settings);
}

/* What the inspector says of stream and recipients. */
static void keep_inspection(struct live_reader *reader)
{
    struct bauta_inspection n;
    bauta_inspector_result(reader->inspector, &n);
    if (n.n_epochs == 0 && reader->inspection) /* not one stream message among them */
        return;
    json_decref(reader->inspection);
    reader->inspection =
        json_pack("{s:i, s:o, s:o}", "streams", n.n_streams, "stream",
                  json_hex(n.stream_id, sizeof(n.stream_id)), "recipients", look_recipients(&n));
}

static enum bauta_status inspect(struct live_reader *reader, struct bauta_bytes unit, double time_s)
{
    struct bauta_inspection before, after;
    enum bauta_status status = BAUTA_OK;
    if (reader->inspector && reader->n_inspected == INSPECTED)
        bauta_inspector_free(&reader->inspector);
    if (!reader->inspector) {
        reader->n_inspected = 0;
        status = bauta_inspector_new(&reader->inspector, reader->codec);
    }
    if (status)
        return status;
    bauta_inspector_result(reader->inspector, &before);
    status = bauta_inspector_collect(reader->inspector, unit, time_s);
    bauta_inspector_result(reader->inspector, &after);
    reader->n_inspected++;
    reader->n_protected += after.n_pictures - before.n_pictures;
    reader->n_damaged += after.n_damaged - before.n_damaged;
    if (after.n_epochs != before.n_epochs)
        keep_inspection(reader);
    return status;
}

void live_reader_take(struct live_reader *reader, const void *who, enum bauta_codec codec,
                      struct bauta_bytes unit, double time_s)
{
    enum bauta_status status = BAUTA_OK;
    g_mutex_lock(&reader->mutex);
    if (!reader->who)
        status = begin(reader, who, codec);
    if (reader->who == who && !reader->problem) {
        if (!status)
            status = bauta_verifier_collect(reader->verifier, unit, time_s);
        reader->n_units++;
        if (!status)
            status = inspect(reader, unit, time_s);
        if (status)
            reader->problem = g_strdup(bauta_status_text(status));
    }
    g_mutex_unlock(&reader->mutex);
}

void live_reader_tell_size(struct live_reader *reader, int width, int height)
{
    g_mutex_lock(&reader->mutex);
    reader->width = width;
    reader->height = height;
    g_mutex_unlock(&reader->mutex);
}

void live_reader_leave(struct live_reader *reader, const void *who)
{
    g_mutex_lock(&reader->mutex);
    if (reader->who == who)
        reader->who = NULL;
    g_mutex_unlock(&reader->mutex);
}

static json_t *write_inspection(const struct live_reader *reader)
{
    if (!reader->n_units)
        return json_null();
    json_t *all =
        json_pack("{s:s, s:i, s:i, s:f, s:b, s:I, s:i, s:I, s:I, s:[]}", "codec",
                  look_codec_name(reader->codec), "width", reader->width, "height", reader->height,
                  "duration", 0.0, "truncated", 0, "pictures", (json_int_t)reader->n_units,
                  "hidden_pictures", 0, "protected_pictures", (json_int_t)reader->n_protected,
                  "damaged_messages", (json_int_t)reader->n_damaged, "lanes");
    if (reader->inspection)
        json_object_update(all, reader->inspection);
    else
        json_object_update_new(
            all, json_pack("{s:i, s:s, s:[]}", "streams", 0, "stream", "", "recipients"));
    return all;
}

static json_t *write_verification(const struct live_reader *reader)
{
    if (!reader->n_epochs)
        return json_null();
    return json_pack("{s:b, s:I, s:I, s:I, s:b, s:[], s:o}", "authentic",
                     reader->n_authentic && !reader->faulty, "pictures",
                     (json_int_t)reader->n_judged, "authentic_pictures",
                     (json_int_t)reader->n_authentic, "epochs", (json_int_t)reader->n_epochs,
                     "shows_more", 0, "not_covered", "findings", findings_json(reader->findings));
}

char *live_reader_write(struct live_reader *reader)
{
    g_mutex_lock(&reader->mutex);
    json_t *all = json_pack("{s:s, s:o, s:o, s:o}", "state", "running", "problem",
                            json_text(reader->problem ? reader->problem : ""), "inspection",
                            write_inspection(reader), "verification", write_verification(reader));
    g_mutex_unlock(&reader->mutex);
    return json_write(all);
}
