/* SPDX-License-Identifier: Apache-2.0 */
#include "tap.h"

#include <bauta/inspector.h>
#include <string.h>

#include "findings.h"
#include "look_file.h"

enum {
    INSPECTED = 1000, /* access units that one inspector sees: it keeps all people whom it met */
    MAX_FINDINGS = 1000
};

struct tap {
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

struct tap *tap_new(const struct bauta_signer *const *signers, int n_signers)
{
    struct tap *tap = g_new0(struct tap, 1);
    g_mutex_init(&tap->mutex);
    tap->signers = signers;
    tap->n_signers = n_signers;
    return tap;
}

/* Forgets what was found. */
static void clear(struct tap *tap)
{
    bauta_inspector_free(&tap->inspector);
    bauta_verifier_free(&tap->verifier);
    g_clear_pointer(&tap->findings, findings_free);
    g_clear_pointer(&tap->problem, g_free);
    g_clear_pointer(&tap->inspection, json_decref);
    tap->n_units = tap->n_protected = tap->n_damaged = tap->n_inspected = 0;
    tap->n_judged = tap->n_authentic = tap->n_epochs = 0;
    tap->faulty = false;
}

void tap_free(struct tap *tap)
{
    if (!tap)
        return;
    clear(tap);
    g_mutex_clear(&tap->mutex);
    g_free(tap);
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
    struct tap *tap = user;
    if (f->kind == BAUTA_FINDING_HEAD_CUT) /* of course: nobody asked for its beginning */
        return;
    const bool same = tap->n_epochs && tap->last.epoch == f->epoch &&
                      memcmp(tap->last.stream_id, f->stream_id, sizeof(f->stream_id)) == 0;
    tap->n_epochs += !same;
    tap->n_judged += counts_pictures(f->kind) ? f->n : 0;
    tap->n_authentic += f->kind == BAUTA_FINDING_AUTHENTIC ? f->n : 0;
    tap->faulty |= bauta_finding_is_fault(f->kind);
    tap->last = *f;
    findings_add(tap->findings, f);
}

static enum bauta_status begin(struct tap *tap, const void *who, enum bauta_codec codec)
{
    clear(tap);
    tap->who = who;
    tap->codec = codec;
    tap->findings = findings_new(MAX_FINDINGS);
    const struct bauta_verifier_settings settings = {.codec = codec,
                                                     .signers = tap->signers,
                                                     .n_signers = tap->n_signers,
                                                     .user = tap,
                                                     .found = found};
    return bauta_verifier_new(&tap->verifier, &settings);
}

/* What the inspector says of stream and recipients. */
static void keep_inspection(struct tap *tap)
{
    struct bauta_inspection n;
    bauta_inspector_result(tap->inspector, &n);
    if (n.n_epochs == 0 && tap->inspection) /* not one stream message among them */
        return;
    json_decref(tap->inspection);
    tap->inspection =
        json_pack("{s:i, s:o, s:o}", "streams", n.n_streams, "stream",
                  json_hex(n.stream_id, sizeof(n.stream_id)), "recipients", look_recipients(&n));
}

static enum bauta_status inspect(struct tap *tap, struct bauta_bytes unit, double time_s)
{
    struct bauta_inspection before, after;
    enum bauta_status status = BAUTA_OK;
    if (tap->inspector && tap->n_inspected == INSPECTED)
        bauta_inspector_free(&tap->inspector);
    if (!tap->inspector) {
        tap->n_inspected = 0;
        status = bauta_inspector_new(&tap->inspector, tap->codec);
    }
    if (status)
        return status;
    bauta_inspector_result(tap->inspector, &before);
    status = bauta_inspector_collect(tap->inspector, unit, time_s);
    bauta_inspector_result(tap->inspector, &after);
    tap->n_inspected++;
    tap->n_protected += after.n_pictures - before.n_pictures;
    tap->n_damaged += after.n_damaged - before.n_damaged;
    if (after.n_epochs != before.n_epochs)
        keep_inspection(tap);
    return status;
}

void tap_take(struct tap *tap, const void *who, enum bauta_codec codec, struct bauta_bytes unit,
              double time_s)
{
    enum bauta_status status = BAUTA_OK;
    g_mutex_lock(&tap->mutex);
    if (!tap->who)
        status = begin(tap, who, codec);
    if (tap->who == who && !tap->problem) {
        if (!status)
            status = bauta_verifier_collect(tap->verifier, unit, time_s);
        tap->n_units++;
        if (!status)
            status = inspect(tap, unit, time_s);
        if (status)
            tap->problem = g_strdup(bauta_status_text(status));
    }
    g_mutex_unlock(&tap->mutex);
}

void tap_tell_size(struct tap *tap, int width, int height)
{
    g_mutex_lock(&tap->mutex);
    tap->width = width;
    tap->height = height;
    g_mutex_unlock(&tap->mutex);
}

void tap_leave(struct tap *tap, const void *who)
{
    g_mutex_lock(&tap->mutex);
    if (tap->who == who)
        tap->who = NULL;
    g_mutex_unlock(&tap->mutex);
}

static json_t *write_inspection(const struct tap *tap)
{
    if (!tap->n_units)
        return json_null();
    json_t *all = json_pack(
        "{s:s, s:i, s:i, s:f, s:b, s:I, s:i, s:I, s:I, s:[]}", "codec", look_codec_name(tap->codec),
        "width", tap->width, "height", tap->height, "duration", 0.0, "truncated", 0, "pictures",
        (json_int_t)tap->n_units, "hidden_pictures", 0, "protected_pictures",
        (json_int_t)tap->n_protected, "damaged_messages", (json_int_t)tap->n_damaged, "lanes");
    if (tap->inspection)
        json_object_update(all, tap->inspection);
    else
        json_object_update_new(
            all, json_pack("{s:i, s:s, s:[]}", "streams", 0, "stream", "", "recipients"));
    return all;
}

static json_t *write_verification(const struct tap *tap)
{
    if (!tap->n_epochs)
        return json_null();
    return json_pack("{s:b, s:I, s:I, s:I, s:b, s:[], s:o}", "authentic",
                     tap->n_authentic && !tap->faulty, "pictures", (json_int_t)tap->n_judged,
                     "authentic_pictures", (json_int_t)tap->n_authentic, "epochs",
                     (json_int_t)tap->n_epochs, "shows_more", 0, "not_covered", "findings",
                     findings_json(tap->findings));
}

char *tap_write(struct tap *tap)
{
    g_mutex_lock(&tap->mutex);
    json_t *all = json_pack("{s:s, s:o, s:o, s:o}", "state", "running", "problem",
                            json_text(tap->problem ? tap->problem : ""), "inspection",
                            write_inspection(tap), "verification", write_verification(tap));
    g_mutex_unlock(&tap->mutex);
    return json_write(all);
}
