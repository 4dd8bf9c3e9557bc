/* SPDX-License-Identifier: Apache-2.0 */
#include "verify_pieces.h"

#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "printable.h"

static void take(void *user, size_t path, const struct bauta_finding *finding)
{
    struct verify_pieces *all = user;
    verify_report_take(&all->pieces[path].report, finding);
}

static void take_not_covered(void *user, size_t path, const char *what, bool pictures)
{
    struct verify_pieces *all = user;
    verify_report_take_not_covered(&all->pieces[path].report, what, pictures);
}

static void take_file(void *user, size_t path, const struct bauta_file_info *info,
                      uint64_t n_pictures)
{
    struct verify_pieces *all = user;
    all->pieces[path].judged = true;
    all->pieces[path].truncated = info->truncated;
    all->pieces[path].n_pictures = n_pictures;
}

static bool goes_on(void *user)
{
    (void)user;
    return !cli_interrupted();
}

static void add_recording(struct verify_pieces *all, const size_t *paths, size_t n,
                          const struct bauta_verification *v)
{
    if (all->n_recordings == all->n_allocated) {
        size_t more = all->n_allocated ? all->n_allocated * 2 : 16;
        struct verify_recording *grown = realloc(all->recordings, more * sizeof(*grown));
        all->failed |= grown == NULL;
        if (!grown)
            return;
        all->recordings = grown;
        all->n_allocated = more;
    }
    struct verify_recording *r = &all->recordings[all->n_recordings];
    *r = (struct verify_recording){malloc(n * sizeof(*paths)), n, *v};
    all->failed |= r->pieces == NULL;
    if (!r->pieces)
        return;
    memcpy(r->pieces, paths, n * sizeof(*paths));
    all->n_recordings++;
}

static void take_recording(void *user, const size_t *paths, size_t n, size_t round,
                           const struct bauta_verification *v)
{
    struct verify_pieces *all = user;
    for (size_t i = 0; i < n; i++) {
        struct verify_piece *p = &all->pieces[paths[i]];
        if (p->n_files) /* judged before; it only stands beside */
            continue;
        p->number = i + 1;
        p->n_files = n;
        p->round = round;
        p->v = *v;
    }
    if (n > 1 && round == 0)
        add_recording(all, paths, n, v);
}

static bool is_named(const struct options *options, const char *path)
{
    for (int i = 0; i < options->n_arguments; i++)
        if (strcmp(options->arguments[i], path) == 0)
            return true;
    return false;
}

/* Files that can be read twice. */
static bool choose(struct verify_pieces *all, const struct batch_list *list,
                   const struct options *options, const char **paths, bool *alone)
{
    bool json = options_has(options, OPTION_JSON);
    for (size_t i = 0; i < list->n_files; i++) {
        const struct batch_file *file = &list->files[i];
        if (file->problem || !file->exists || !file->regular)
            continue;
        struct verify_piece *p = &all->pieces[all->n_pieces];
        if (!(p->path = strdup(file->input)))
            return false;
        paths[all->n_pieces] = p->path;
        alone[all->n_pieces++] = !is_named(options, file->input);
        if (!verify_report_init(&p->report, json))
            return false;
    }
    return true;
}

enum bauta_status verify_pieces_judge(struct verify_pieces *all, const struct batch_list *list,
                                      const struct options *options,
                                      const struct bauta_signer *const *signers, int n_signers)
{
    const char **paths = calloc(list->n_files + 1, sizeof(*paths));
    bool *alone = calloc(list->n_files + 1, sizeof(*alone));
    *all = (struct verify_pieces){calloc(list->n_files + 1, sizeof(*all->pieces)), .failed = false};
    enum bauta_status status = BAUTA_ERR_MEMORY;
    if (all->pieces && paths && alone && choose(all, list, options, paths, alone)) {
        const struct bauta_pieces_settings settings = {.paths = paths,
                                                       .n_paths = all->n_pieces,
                                                       .alone = alone,
                                                       .signers = signers,
                                                       .n_signers = n_signers,
                                                       .user = all,
                                                       .goes_on = goes_on,
                                                       .found = take,
                                                       .not_covered = take_not_covered,
                                                       .file = take_file,
                                                       .judged = take_recording};
        status = bauta_verify_pieces(&settings);
    }
    for (size_t i = 0; i < all->n_pieces && !status; i++)
        if (all->failed || all->pieces[i].report.failed)
            status = BAUTA_ERR_MEMORY;
    free(paths);
    free(alone);
    return status;
}

void verify_pieces_clear(struct verify_pieces *all)
{
    for (size_t i = 0; i < all->n_pieces; i++) {
        verify_report_clear(&all->pieces[i].report);
        free(all->pieces[i].path);
    }
    for (size_t i = 0; i < all->n_recordings; i++)
        free(all->recordings[i].pieces);
    free(all->pieces);
    free(all->recordings);
    *all = (struct verify_pieces){.pieces = NULL};
}

const struct verify_piece *verify_pieces_find(const struct verify_pieces *all, const char *path)
{
    for (size_t i = 0; i < all->n_pieces; i++)
        if (all->pieces[i].judged && strcmp(all->pieces[i].path, path) == 0)
            return &all->pieces[i];
    return NULL;
}

/* Whether nothing in this file is a fault, whatever is one in others. */
static bool is_authentic(const struct verify_piece *p)
{
    for (int kind = 0; kind < BAUTA_N_FINDINGS; kind++)
        if (p->report.n_findings[kind] && bauta_finding_is_fault((enum bauta_finding_kind)kind))
            return false;
    return p->n_pictures > 0 && !p->truncated;
}

int verify_piece_tell(const struct verify_piece *p, const char *path, char *said, bool json)
{
    char kinds[BATCH_SAID], rest[BATCH_SAID];
    struct bauta_verification v = p->v;
    bool alone = p->n_files == 1, authentic = is_authentic(p);
    if (!alone) {
        v.authentic = authentic;
        v.n_besides = p->report.n_besides;
        v.n_pictures = p->n_pictures;
        v.n_authentic = authentic ? v.n_pictures : p->report.n_pictures[BAUTA_FINDING_AUTHENTIC];
        v.n_authentic -= authentic ? p->report.n_pictures[BAUTA_FINDING_ENDS_OPEN] : 0;
    }
    verify_report_kinds(kinds, sizeof(kinds), &p->report);
    verify_report_not_covered(rest, sizeof(rest), &p->report, "; not covered: ");
    if (alone)
        verify_report_say(said, &p->report, &v, p->truncated);
    else
        snprintf(
            said, BATCH_SAID, "%s, %llu pictures, %s %zu of %zu%s%.400s%.400s",
            verify_report_verdict(authentic, p->report.n_findings[BAUTA_FINDING_ENDS_OPEN] > 0),
            (unsigned long long)p->n_pictures, p->round ? "a copy of piece" : "piece", p->number,
            p->n_files, p->truncated ? "; damaged or cut short" : "", kinds, rest);
    if (json)
        verify_report_print_json(&p->report, &v, p->truncated, path, true);
    return verify_report_status(&p->report, authentic);
}

/* How many epochs are missing, perhaps at least, and the first file before which some are. */
static uint64_t count_missing(const struct verify_pieces *all, const struct verify_recording *r,
                              bool *at_least, const char **before)
{
    uint64_t n = 0;
    *at_least = false;
    for (size_t i = 0; i < r->n_pieces; i++) {
        const struct verify_piece *p = &all->pieces[r->pieces[i]];
        if (n == 0)
            *before = p->path;
        n += p->report.n_pictures[BAUTA_FINDING_EPOCH_CUT];
        *at_least |= p->report.at_least;
    }
    return n;
}

static bool has(const struct verify_pieces *all, const struct verify_recording *r,
                enum bauta_finding_kind kind)
{
    for (size_t i = 0; i < r->n_pieces; i++)
        if (all->pieces[r->pieces[i]].report.n_findings[kind])
            return true;
    return false;
}

static void print(const struct verify_pieces *all, const struct verify_recording *r)
{
    const struct verify_piece *first = &all->pieces[r->pieces[0]],
                              *last = &all->pieces[r->pieces[r->n_pieces - 1]];
    const char *before = NULL;
    char stream[40], names[2][BATCH_SAID];
    bool at_least;
    uint64_t n_missing = count_missing(all, r, &at_least, &before);
    printf("recording %.8s, %zu files, %s to %s: %s, %llu of %llu pictures in %llu epochs",
           bauta_hex(stream, first->report.stream_id, sizeof(first->report.stream_id)), r->n_pieces,
           printable(names[0], sizeof(names[0]), first->path),
           printable(names[1], sizeof(names[1]), last->path),
           verify_report_verdict(r->v.authentic, has(all, r, BAUTA_FINDING_ENDS_OPEN)),
           (unsigned long long)r->v.n_authentic, (unsigned long long)r->v.n_pictures,
           (unsigned long long)r->v.n_epochs);
    if (n_missing)
        printf("; %s%llu %s missing before %s", at_least ? "at least " : "",
               (unsigned long long)n_missing, n_missing == 1 ? "epoch is" : "epochs are",
               printable(names[0], sizeof(names[0]), before));
    if (has(all, r, BAUTA_FINDING_BEGINS))
        printf("; %s", bauta_finding_name(BAUTA_FINDING_BEGINS));
    if (has(all, r, BAUTA_FINDING_ENDS))
        printf("; %s", bauta_finding_name(BAUTA_FINDING_ENDS));
    printf("\n");
}

static void print_json(const struct verify_pieces *all, const struct verify_recording *r)
{
    const char *before = NULL;
    bool at_least;
    uint64_t n_missing = count_missing(all, r, &at_least, &before);
    char stream[40];
    json_t *files = json_array();
    const struct verify_piece *first = &all->pieces[r->pieces[0]];
    for (size_t i = 0; i < r->n_pieces; i++)
        json_array_append_new(files, json_string(all->pieces[r->pieces[i]].path));
    json_t *whole = json_pack(
        "{s:s, s:o, s:b, s:I, s:I, s:I, s:b, s:b, s:I, s:b}", "recording",
        bauta_hex(stream, first->report.stream_id, sizeof(first->report.stream_id)), "files", files,
        "authentic", (int)(r->v.authentic && !has(all, r, BAUTA_FINDING_ENDS_OPEN)), "pictures",
        (json_int_t)r->v.n_pictures, "authentic_pictures", (json_int_t)r->v.n_authentic, "epochs",
        (json_int_t)r->v.n_epochs, "goes_on_before", (int)has(all, r, BAUTA_FINDING_BEGINS),
        "goes_on_after", (int)has(all, r, BAUTA_FINDING_ENDS), "missing_epochs",
        (json_int_t)n_missing, "missing_epochs_is_least", (int)at_least);
    if (whole)
        json_dumpf(whole, stdout, JSON_COMPACT);
    puts("");
    json_decref(whole);
}

void verify_pieces_print(const struct verify_pieces *all, bool json)
{
    for (size_t i = 0; i < all->n_recordings; i++)
        (json ? print_json : print)(all, &all->recordings[i]);
}
