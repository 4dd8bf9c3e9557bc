/* SPDX-License-Identifier: Apache-2.0 */
#include <bauta/file.h>

#include <math.h>
#include <stdlib.h>

#include "verify/piece.h"
#include "demux/besides.h"
#include "pipeline/uncovered.h"
#include "pipeline/units.h"

struct run {
    const struct bauta_pieces_settings *settings;
    struct bt_piece *pieces; /* one for each path */
    size_t *order;
    size_t *layers; /* of each in `order`: 0, or which copy of what is there already */
    size_t *sequence;
    bool *untold; /* whether the file tells no times of pictures that it shows */
    /* Of the file that is read first: */
    struct bt_piece *piece;
    enum bauta_codec codec;
    /* Of the recording that is judged: */
    struct bauta_verifier *verifier;
    const size_t *paths; /* its files, */
    size_t n_paths, path;
    size_t layer; /* of which those of other layers only stand beside */
    double tick_s;
    uint64_t n_pictures; /* of the file at hand */
    int n_besides;
};

static enum bauta_status begin_reading(void *user, const struct bauta_file_info *info)
{
    struct run *r = user;
    r->codec = info->codec;
    return BAUTA_OK;
}

static enum bauta_status read_unit(void *user, struct bauta_bytes au, double time_s)
{
    struct run *r = user;
    (void)time_s;
    return bt_piece_collect(r->piece, r->codec, au);
}

static bool is_stopped(const struct run *r)
{
    return r->settings->goes_on && !r->settings->goes_on(r->settings->user);
}

/* What each file is a piece of. One that cannot be read is none: who judges it alone says why. */
static enum bauta_status read_all(struct run *r)
{
    const struct bt_units_visitor visitor = {.user = r, .begin = begin_reading, .unit = read_unit};
    for (size_t i = 0; i < r->settings->n_paths; i++) {
        struct bauta_file_info info;
        r->piece = &r->pieces[i];
        if (is_stopped(r))
            return BAUTA_ERR_CANCELLED;
        enum bauta_status status = bt_units_visit(&info, r->settings->paths[i], &visitor, NULL);
        if (status == BAUTA_ERR_MEMORY || status == BAUTA_ERR_CRYPTO)
            return status;
        if (status)
            bt_piece_clear(r->piece);
    }
    return bt_pieces_sort(r->order, r->pieces, r->settings->n_paths);
}

static void open_file(void *user, const struct bt_demux *demux)
{
    struct run *r = user;
    struct bt_video_info info;
    bt_demux_video_info(demux, &info);
    r->tick_s = info.tick_den > 0 ? (double)info.tick_num / info.tick_den : 0;
    r->n_pictures = 0;
}

/* Whether the file is one of those that this round is about. */
static bool is_judged(const struct run *r, size_t path)
{
    return r->layers[path] == r->layer;
}

static void found(void *user, const struct bauta_finding *finding)
{
    const struct run *r = user;
    size_t at = finding->file ? finding->file - 1 : 0;
    if (r->settings->found && at < r->n_paths && is_judged(r, r->paths[at]))
        r->settings->found(r->settings->user, r->paths[at], finding);
}

static enum bauta_status begin(void *user, const struct bauta_file_info *info)
{
    struct run *r = user;
    const struct bauta_verifier_settings settings = {.codec = info->codec,
                                                     .signers = r->settings->signers,
                                                     .n_signers = r->settings->n_signers,
                                                     .pieces = true,
                                                     .user = r,
                                                     .found = found};
    enum bauta_status status = r->verifier ? BAUTA_OK : bauta_verifier_new(&r->verifier, &settings);
    if (!status)
        bauta_verifier_begin_file(r->verifier, r->tick_s);
    return status;
}

static enum bauta_status collect(void *user, struct bauta_bytes au, double time_s, double stamp_s)
{
    struct run *r = user;
    r->n_pictures++;
    r->untold[r->path] |= isnan(stamp_s) && !isnan(time_s);
    return bauta_verifier_collect_stamped(r->verifier, au, time_s, stamp_s);
}

static void note(void *user, const char *what, bool pictures)
{
    struct run *r = user;
    r->n_besides += pictures;
    if (r->settings->not_covered && is_judged(r, r->path))
        r->settings->not_covered(r->settings->user, r->path, what, pictures);
}

static void end_file(void *user, const struct bt_demux *demux)
{
    bt_besides_tell(demux, user, note);
}

static void tell_times(struct run *r, const struct bauta_verification *v)
{
    for (size_t i = 0; i < r->n_paths; i++) {
        r->path = r->paths[i];
        if (v->n_untimed)
            note(r, BT_UNCOVERED_INSIDE, false);
        if (v->n_unstamped && r->untold[r->path])
            note(r, BT_UNCOVERED_TIMES, false);
    }
}

/* One recording, of the next `n_paths` in `paths`. */
static enum bauta_status judge(struct run *r)
{
    const struct bt_units_visitor visitor = {
        .user = r, .begin = begin, .stamped = collect, .opened = open_file, .ending = end_file};
    const struct bauta_pieces_settings *s = r->settings;
    struct bauta_verification verification;
    enum bauta_status status = BAUTA_OK;
    r->n_besides = 0;
    for (size_t i = 0; i < r->n_paths && !status; i++) {
        struct bauta_file_info info;
        r->path = r->paths[i];
        status = is_stopped(r) ? BAUTA_ERR_CANCELLED
                               : bt_units_visit(&info, s->paths[r->path], &visitor, NULL);
        if (!status && s->file && is_judged(r, r->path))
            s->file(s->user, r->path, &info, r->n_pictures);
    }
    if (!status)
        status = bauta_verifier_finish(r->verifier, &verification);
    bauta_verifier_free(&r->verifier);
    if (status)
        return status;
    verification.n_besides = r->n_besides;
    tell_times(r, &verification);
    if (s->judged)
        s->judged(s->user, r->paths, r->n_paths, r->layer, &verification);
    return BAUTA_OK;
}

static bool is_of_pieces(const struct run *r)
{
    const bool *alone = r->settings->alone;
    return r->n_paths > 1 || (alone && r->pieces[r->paths[0]].named && alone[r->paths[0]]);
}

/* Whether a file holds an epoch of one that has got this layer. */
static bool is_taken(const struct run *r, const size_t *files, size_t n, size_t file, size_t layer)
{
    for (size_t i = 0; i < n; i++)
        if (r->layers[files[i]] == layer && files[i] != file &&
            bt_pieces_overlap(&r->pieces[files[i]], &r->pieces[file]))
            return true;
    return false;
}

/* Copies are judged in a round of their own, each in the place of what it is a copy of. */
static size_t find_layers(struct run *r, const size_t *files, size_t n)
{
    size_t n_layers = 1;
    for (size_t i = 0; i < n; i++) {
        size_t layer = 0;
        while (is_taken(r, files, i, files[i], layer))
            layer++;
        r->layers[files[i]] = layer;
        n_layers = layer + 1 > n_layers ? layer + 1 : n_layers;
    }
    return n_layers;
}

static enum bauta_status judge_layer(struct run *r, const size_t *files, size_t n, size_t layer)
{
    r->layer = layer;
    r->paths = r->sequence;
    r->n_paths = 0;
    for (size_t i = 0; i < n; i++) {
        size_t file = files[i];
        if (r->layers[file] == layer ||
            (r->layers[file] == 0 && !is_taken(r, files, n, file, layer)))
            r->sequence[r->n_paths++] = file;
    }
    return is_of_pieces(r) ? judge(r) : BAUTA_OK;
}

static enum bauta_status judge_all(struct run *r)
{
    enum bauta_status status = BAUTA_OK;
    size_t n = 1;
    for (size_t i = 0; i < r->settings->n_paths && !status; i += n) {
        const size_t *files = r->order + i;
        for (n = 1; i + n < r->settings->n_paths &&
                    r->pieces[files[n]].recording == r->pieces[files[0]].recording;)
            n++;
        size_t n_layers = find_layers(r, files, n);
        for (size_t layer = 0; layer < n_layers && !status; layer++)
            status = judge_layer(r, files, n, layer);
    }
    return status;
}

enum bauta_status bauta_verify_pieces(const struct bauta_pieces_settings *settings)
{
    if (!settings || (settings->n_paths && !settings->paths))
        return BAUTA_ERR_ARGUMENT;
    struct run r = {.settings = settings};
    r.pieces = calloc(settings->n_paths + 1, sizeof(*r.pieces));
    r.order = calloc(settings->n_paths + 1, sizeof(*r.order));
    r.layers = calloc(settings->n_paths + 1, sizeof(*r.layers));
    r.sequence = calloc(settings->n_paths + 1, sizeof(*r.sequence));
    r.untold = calloc(settings->n_paths + 1, sizeof(*r.untold));
    bool room = r.pieces && r.order && r.layers && r.sequence && r.untold;
    enum bauta_status status = room ? read_all(&r) : BAUTA_ERR_MEMORY;
    if (!status)
        status = judge_all(&r);
    for (size_t i = 0; r.pieces && i < settings->n_paths; i++)
        bt_piece_clear(&r.pieces[i]);
    free(r.pieces);
    free(r.order);
    free(r.layers);
    free(r.sequence);
    free(r.untold);
    return status;
}
