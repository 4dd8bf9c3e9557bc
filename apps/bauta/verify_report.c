/* SPDX-License-Identifier: Apache-2.0 */
#include "verify_report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "printable.h"

static bool counts_epochs(enum bauta_finding_kind kind)
{
    static const bool does[BAUTA_N_FINDINGS] = {[BAUTA_FINDING_LOCKED] = true,
                                                [BAUTA_FINDING_REWRAPPED] = true,
                                                [BAUTA_FINDING_HEADER_CHANGED] = true,
                                                [BAUTA_FINDING_RECIPIENTS_CHANGED] = true,
                                                [BAUTA_FINDING_PARAMETERS_CHANGED] = true,
                                                [BAUTA_FINDING_EPOCH_CUT] = true,
                                                [BAUTA_FINDING_EPOCH_MOVED] = true,
                                                [BAUTA_FINDING_HEAD_CUT] = true,
                                                [BAUTA_FINDING_BEGINS] = true};
    return does[kind];
}

/* How the file's clock and the signer's differ. */
static void print_times(const struct bauta_finding *f)
{
    double longer_s = f->told_s - f->signed_s;
    printf(", ");
    if (f->first_picture == f->last_picture)
        printf("number %llu", (unsigned long long)f->first_picture);
    else
        printf("numbers %llu to %llu", (unsigned long long)f->first_picture,
               (unsigned long long)f->last_picture);
    if (longer_s > f->signed_s / 100 || longer_s < -f->signed_s / 100)
        printf(": %.3f s were signed, the file shows them in %.3f s", f->signed_s, f->told_s);
    else
        printf(": up to %.3f s %s than signed", fabs(f->off_s), f->off_s < 0 ? "earlier" : "later");
}

static void print_line(const struct bauta_finding *f)
{
    static const uint8_t nobody[BAUTA_KEY_ID_SIZE];
    char text[40], reason[6 * 1024 + 1];
    if (f->last_s > f->first_s)
        printf("%10.3f s to %10.3f s  ", f->first_s, f->last_s);
    else
        printf("%10.3f s %15s", f->first_s, "");
    printf("%s", bauta_finding_name(f->kind));
    if (f->n)
        printf(": %s%llu %s%s", f->at_least ? "at least " : "", (unsigned long long)f->n,
               counts_epochs(f->kind) ? "epoch" : "picture", say_s(f->n));
    if (f->kind == BAUTA_FINDING_TIMES_CHANGED)
        print_times(f);
    if (memcmp(f->key_id, nobody, sizeof(nobody)) != 0)
        printf(", by key %s", bauta_hex(text, f->key_id, sizeof(f->key_id)));
    if (f->utc_ms)
        printf(", %s", cli_print_utc(text, f->utc_ms));
    if (f->reason[0])
        printf(", \"%s\"", printable(reason, sizeof(reason), f->reason));
    if (f->kind == BAUTA_FINDING_LOCKED)
        printf(" (an earlier grant opens what was not erased)");
    printf("\n");
}

static void keep_line(struct verify_report *all, const struct bauta_finding *f)
{
    size_t first = all->n_lines > BAUTA_N_FINDINGS ? all->n_lines - BAUTA_N_FINDINGS : 0;
    for (size_t i = all->n_lines; i > first; i--) {
        struct verify_line *line = &all->lines[i - 1];
        if (!bauta_finding_continues(&line->f, line->last_epoch, f))
            continue;
        line->last_epoch = f->epoch;
        line->f.last_s = f->last_s > line->f.last_s ? f->last_s : line->f.last_s;
        line->f.n += f->n;
        line->f.at_least |= f->at_least;
        line->f.last_picture = f->last_picture;
        line->f.signed_s += f->signed_s;
        line->f.told_s += f->told_s;
        if (fabs(f->off_s) > fabs(line->f.off_s))
            line->f.off_s = f->off_s;
        return;
    }
    if (all->n_lines == all->n_allocated) {
        size_t more = all->n_allocated ? all->n_allocated * 2 : 64;
        struct verify_line *lines = realloc(all->lines, more * sizeof(*lines));
        all->failed |= lines == NULL;
        if (!lines)
            return;
        all->lines = lines;
        all->n_allocated = more;
    }
    all->lines[all->n_lines++] = (struct verify_line){*f, f->epoch};
}

static void keep_json(struct verify_report *all, const struct bauta_finding *f)
{
    char stream[40], key[40];
    json_t *finding =
        json_pack("{s:s, s:b, s:f, s:f, s:I, s:s, s:I, s:s, s:I, s:s}", "finding",
                  bauta_finding_name(f->kind), "fault", bauta_finding_is_fault(f->kind), "first",
                  f->first_s, "last", f->last_s, "count", (json_int_t)f->n, "stream",
                  bauta_hex(stream, f->stream_id, sizeof(f->stream_id)), "epoch",
                  (json_int_t)f->epoch, "key", bauta_hex(key, f->key_id, sizeof(f->key_id)),
                  "utc_ms", (json_int_t)f->utc_ms, "reason", f->reason);
    if (f->kind == BAUTA_FINDING_TIMES_CHANGED)
        json_object_update_new(finding,
                               json_pack("{s:I, s:I, s:f, s:f, s:f}", "first_picture",
                                         (json_int_t)f->first_picture, "last_picture",
                                         (json_int_t)f->last_picture, "signed_seconds", f->signed_s,
                                         "shown_seconds", f->told_s, "off_seconds", f->off_s));
    if (f->at_least)
        json_object_set_new(finding, "count_is_least", json_true());
    json_array_append_new(all->list, finding);
}

void verify_report_take(void *user, const struct bauta_finding *f)
{
    struct verify_report *all = user;
    all->n_pictures[f->kind] += f->n;
    if (all->n_lines == 0)
        memcpy(all->stream_id, f->stream_id, sizeof(all->stream_id));
    all->n_findings[f->kind]++;
    all->at_least |= f->at_least;
    keep_line(all, f);
    if (all->list)
        keep_json(all, f);
}

void verify_report_take_not_covered(void *user, const char *what, bool pictures)
{
    struct verify_report *all = user;
    all->n_besides += pictures;
    all->failed |= json_array_append_new(all->not_covered, json_string(what)) != 0;
}

void verify_report_not_covered(char *text, size_t size, const struct verify_report *all,
                               const char *before)
{
    size_t i;
    json_t *what;
    *text = '\0';
    json_array_foreach(all->not_covered, i, what)
    {
        size_t at = strlen(text);
        snprintf(text + at, size - at, "%s%s", i ? ", " : before, json_string_value(what));
    }
}

void verify_report_kinds(char *text, size_t size, const struct verify_report *all)
{
    bool told[BAUTA_N_FINDINGS] = {false};
    *text = '\0';
    for (size_t i = 0; i < all->n_lines; i++) {
        enum bauta_finding_kind kind = all->lines[i].f.kind;
        size_t at = strlen(text);
        if (kind == BAUTA_FINDING_AUTHENTIC || told[kind])
            continue;
        told[kind] = true;
        snprintf(text + at, size - at, "; %s", bauta_finding_name(kind));
    }
}

static bool ends_open(const struct verify_report *all)
{
    return all->n_findings[BAUTA_FINDING_ENDS_OPEN] > 0;
}

const char *verify_report_verdict(bool authentic, bool open)
{
    return !authentic ? "NOT AUTHENTIC" : open ? "authentic but for its end" : "authentic";
}

void verify_report_say(char *said, const struct verify_report *all,
                       const struct bauta_verification *v, bool truncated)
{
    char rest[BATCH_SAID];
    bool good = v->authentic && !truncated;
    int size =
        snprintf(said, BATCH_SAID, "%s, %llu of %llu pictures in %llu epoch%s%s",
                 verify_report_verdict(good, ends_open(all)), (unsigned long long)v->n_authentic,
                 (unsigned long long)v->n_pictures, (unsigned long long)v->n_epochs,
                 say_s(v->n_epochs), truncated ? "; damaged or cut short" : "");
    if (size < BATCH_SAID)
        verify_report_kinds(said + size, (size_t)(BATCH_SAID - size), all);
    size = (int)strlen(said);
    verify_report_not_covered(rest, sizeof(rest), all, "; not covered: ");
    if (size < BATCH_SAID)
        snprintf(said + size, (size_t)(BATCH_SAID - size), "%s", rest);
}

static const char *sum_up(const struct bauta_verification *v, bool truncated)
{
    if (!v->authentic || truncated)
        return "; not all of it is";
    return v->n_besides ? ", but not all that the file shows is signed" : ": all of it is";
}

void verify_report_print(const struct verify_report *all, const struct bauta_verification *v,
                         bool truncated, const char *path)
{
    char rest[BATCH_SAID], name[BATCH_SAID];
    printf("%s:\n",
           strcmp(path, "-") == 0 ? "standard input" : printable(name, sizeof(name), path));
    for (size_t i = 0; i < all->n_lines; i++)
        print_line(&all->lines[i].f);
    if (v->n_hidden)
        printf("%llu pictures are hidden by the file's edit list\n",
               (unsigned long long)v->n_hidden);
    verify_report_not_covered(rest, sizeof(rest), all, "not covered by any signature: ");
    if (*rest)
        printf("%s\n", rest);
    printf("%llu of %llu picture%s in %llu epoch%s are authentic%s\n",
           (unsigned long long)v->n_authentic, (unsigned long long)v->n_pictures,
           say_s(v->n_pictures), (unsigned long long)v->n_epochs, say_s(v->n_epochs),
           sum_up(v, truncated));
}

void verify_report_print_json(const struct verify_report *all, const struct bauta_verification *v,
                              bool truncated, const char *path, bool one_of_many)
{
    json_t *whole = json_pack(
        "{s:s, s:b, s:I, s:I, s:I, s:I, s:b, s:O, s:O}", "file", path, "authentic",
        v->authentic && !truncated && !v->n_besides && !ends_open(all), "pictures",
        (json_int_t)v->n_pictures, "hidden_pictures", (json_int_t)v->n_hidden, "authentic_pictures",
        (json_int_t)v->n_authentic, "epochs", (json_int_t)v->n_epochs, "truncated", (int)truncated,
        "not_covered", all->not_covered, "findings", all->list);
    batch_print_json(whole, one_of_many ? path : NULL);
}

void verify_report_say_why(const struct verify_report *all, const struct bauta_verification *v,
                           bool truncated, const char *path)
{
    const char *why = "not all of it is as its signer wrote it";
    if (v->authentic && !truncated)
        why = "what is signed is as its signer wrote it, but the file also shows pictures that "
              "nobody signed, or not all of them";
    else if (v->n_pictures && all->n_pictures[BAUTA_FINDING_UNSIGNED] == v->n_pictures)
        why = "is not signed, or its signatures were taken away: nothing tells whether it is as it "
              "was recorded";
    else if (v->n_pictures && all->n_pictures[BAUTA_FINDING_UNKNOWN_SIGNER] == v->n_pictures)
        why = "is signed by somebody else than the signers that were given";
    cli_say("%s: %s", path, why);
}

int verify_report_status(const struct verify_report *all, bool authentic)
{
    if (!authentic)
        return EXIT_TAMPERED;
    return all->n_besides || ends_open(all) ? EXIT_INCOMPLETE : EXIT_DONE;
}

bool verify_report_init(struct verify_report *all, bool json)
{
    *all = (struct verify_report){.list = json ? json_array() : NULL, .not_covered = json_array()};
    return all->not_covered && (all->list || !json);
}

void verify_report_clear(struct verify_report *all)
{
    json_decref(all->list);
    json_decref(all->not_covered);
    free(all->lines);
    *all = (struct verify_report){.list = NULL};
}
