/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/piece.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "recovery/contents.h"
#include "recovery/manifest.h"
#include "recovery/run.h"
#include "recovery/stream_message.h"

static const size_t none = SIZE_MAX;

void bt_piece_clear(struct bt_piece *piece)
{
    free(piece->links);
    *piece = (struct bt_piece){.named = false};
}

static void name(struct bt_piece *p, const uint8_t *stream, uint32_t epoch)
{
    p->last_epoch = epoch;
    memcpy(p->last_stream, stream, sizeof(p->last_stream));
    if (p->named)
        return;
    p->named = true;
    p->epoch = epoch;
    memcpy(p->stream, stream, sizeof(p->stream));
}

static enum bauta_status add_link(struct bt_piece *p, const struct bt_manifest *m,
                                  struct bauta_bytes message)
{
    if (!bt_array_grow(&p->links, sizeof(*p->links), p->n_links, &p->n_allocated))
        return BAUTA_ERR_MEMORY;
    struct bt_piece_link *link = &p->links[p->n_links++];
    memcpy(link->stream, m->stream_id, sizeof(link->stream));
    memcpy(link->signer, m->signer_id, sizeof(link->signer));
    memcpy(link->previous, m->previous, sizeof(link->previous));
    return bt_hash_bytes(link->hash, message);
}

static enum bauta_status note(struct bt_piece *p, const struct bt_message *message)
{
    struct bt_manifest m;
    struct bt_stream_message s;
    if (message->type == BT_MESSAGE_STREAM && !bt_stream_message_parse(&s, message->bytes))
        name(p, s.stream_id, s.epoch);
    if (message->type != BT_MESSAGE_MANIFEST || bt_manifest_parse(&m, message->bytes))
        return BAUTA_OK;
    if (!p->named)
        name(p, m.stream_id, m.epoch);
    return add_link(p, &m, message->bytes);
}

enum bauta_status bt_piece_collect(struct bt_piece *p, enum bauta_codec codec,
                                   struct bauta_bytes au)
{
    struct bt_contents c;
    enum bauta_status status = bt_contents_read(&c, codec, au);
    if (status == BAUTA_ERR_FORMAT)
        status = BAUTA_OK;
    for (int i = 0; i < c.n_messages && !status; i++)
        status = note(p, &c.messages[i]);
    bt_contents_clear(&c);
    return status;
}

/* A stream that was met, and the one that it follows on. */
struct stream {
    const uint8_t *id;
    size_t before;
    const uint8_t *signer; /* that its first manifest names; NULL: it has none */
};

struct streams {
    struct stream *items;
    size_t n;
};

static size_t find(const struct streams *s, const uint8_t *id)
{
    for (size_t i = 0; i < s->n; i++)
        if (memcmp(s->items[i].id, id, BAUTA_STREAM_ID_SIZE) == 0)
            return i;
    return none;
}

static size_t find_or_add(struct streams *s, const uint8_t *id)
{
    size_t at = find(s, id);
    if (at == none)
        s->items[at = s->n++] = (struct stream){id, none, NULL};
    return at;
}

/* The first stream of the recording; `*depth` is how many come before this one. */
static size_t root(const struct streams *s, size_t at, size_t *depth)
{
    *depth = 0;
    while (s->items[at].before != none && *depth < s->n) {
        at = s->items[at].before;
        ++*depth;
    }
    return at;
}

static void follow(struct streams *s, size_t stream, size_t before)
{
    size_t depth;
    if (s->items[stream].before == none && root(s, before, &depth) != stream)
        s->items[stream].before = before;
}

/* Which stream's manifest has this hash. */
static size_t find_hash(const struct streams *s, const struct bt_piece *pieces, size_t n,
                        const uint8_t *hash)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < pieces[i].n_links; k++)
            if (memcmp(pieces[i].links[k].hash, hash, BT_HASH_SIZE) == 0)
                return find(s, pieces[i].links[k].stream);
    return none;
}

static void connect(struct streams *s, const struct bt_piece *pieces, size_t n)
{
    static const uint8_t zero[BT_HASH_SIZE];
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < pieces[i].n_links; k++) {
            const struct bt_piece_link *link = &pieces[i].links[k];
            size_t stream = find_or_add(s, link->stream);
            if (!s->items[stream].signer)
                s->items[stream].signer = link->signer;
            if (memcmp(k ? link[-1].stream : pieces[i].stream, link->stream,
                       BAUTA_STREAM_ID_SIZE) == 0)
                continue;
            if (k)
                follow(s, stream, find_or_add(s, link[-1].stream));
            else /* of the epoch that ended in the piece before */
                follow(s, find_or_add(s, pieces[i].stream), stream);
        }
    for (size_t i = 0; i < n; i++) /* once all are known */
        for (size_t k = 0; k < pieces[i].n_links; k++) {
            const struct bt_piece_link *link = &pieces[i].links[k];
            size_t stream = find(s, link->stream), before = none;
            bool first = k == 0 || memcmp(link[-1].stream, link->stream, BAUTA_STREAM_ID_SIZE) != 0;
            if (first && s->items[stream].before == none &&
                memcmp(link->previous, zero, sizeof(zero)) != 0)
                before = find_hash(s, pieces, n, link->previous);
            if (before != none && before != stream)
                follow(s, stream, before);
        }
}

/* Whether their ids say that `b` is a later stream of the run of `a`. */
static bool is_later(const struct stream *a, const struct stream *b)
{
    return bauta_run_is_same(a->id, b->id) && bt_run_distance(a->id, b->id) > 0 &&
           (!a->signer || !b->signer || memcmp(a->signer, b->signer, BAUTA_KEY_ID_SIZE) == 0);
}

/* Where no manifest says what a stream follows on, since files are missing or nothing is signed, it
 * is the latest of those before it in its run. */
static void connect_runs(struct streams *s)
{
    for (size_t i = 0; i < s->n; i++) {
        size_t before = none;
        for (size_t k = 0; k < s->n && s->items[i].before == none; k++)
            if (is_later(&s->items[k], &s->items[i]) &&
                (before == none || is_later(&s->items[before], &s->items[k])))
                before = k;
        if (before != none)
            follow(s, i, before);
    }
}

/* Whether piece `a` comes before `b`; those that are alike stay in the order that they have. */
static bool comes_before(const struct bt_piece *a, const struct bt_piece *b)
{
    if (a->recording != b->recording)
        return a->recording < b->recording;
    return a->depth != b->depth ? a->depth < b->depth : a->epoch < b->epoch;
}

static void place(struct bt_piece *p, struct streams *s)
{
    p->recording = root(s, find_or_add(s, p->stream), &p->depth);
    if (root(s, find_or_add(s, p->last_stream), &p->last_depth) != p->recording)
        p->last_depth = p->depth; /* nothing signed says how they belong together */
}

static bool ends_before(const struct bt_piece *a, const struct bt_piece *b)
{
    return a->last_depth != b->depth ? a->last_depth < b->depth : a->last_epoch < b->epoch;
}

bool bt_pieces_overlap(const struct bt_piece *a, const struct bt_piece *b)
{
    return !ends_before(a, b) && !ends_before(b, a);
}

enum bauta_status bt_pieces_sort(size_t *order, struct bt_piece *pieces, size_t n)
{
    size_t n_most = 2 * n;
    for (size_t i = 0; i < n; i++)
        n_most += pieces[i].n_links;
    struct streams s = {calloc(n_most + 1, sizeof(*s.items)), 0};
    if (!s.items)
        return BAUTA_ERR_MEMORY;
    for (size_t i = 0; i < n; i++)
        if (pieces[i].named)
            find_or_add(&s, pieces[i].stream);
    connect(&s, pieces, n);
    connect_runs(&s);
    for (size_t i = 0; i < n; i++) {
        pieces[i].recording = n_most + i; /* one of its own */
        if (pieces[i].named)
            place(&pieces[i], &s);
    }
    for (size_t i = 0; i < n; i++) {
        size_t at = i;
        for (; at > 0 && comes_before(&pieces[i], &pieces[order[at - 1]]); at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    free(s.items);
    return BAUTA_OK;
}
