/* SPDX-License-Identifier: Apache-2.0 */

/* Damages copies of a protected file at random and recovers each through the real pipeline; ends
 * with a sentence if a picture comes back other than recovered_check() allows.
 * usage: damage KEY|- FILE N [FIRST_SEED]; "-": the key of tests/vectors. Prints what became of it.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "restore/restorer.h"
#include "law.h"
#include "memory_file.h"
#include "pipeline/item.h"
#include "pipeline/source.h"
#include "recovered.h"

enum { MAX_FILE = 64 << 20, MAX_HITS = 24, MAX_RANGE = 4096, N_KINDS = 7 };

enum kind { FLIP, OVERWRITE, ERASE, CUT_END, CUT_OUT, DOUBLE, SWAP };

static const char *const kind_names[N_KINDS] = {"flip bits", "overwrite", "write zeros", "cut off",
                                                "cut out",   "double",    "swap"};

struct counts {
    uint64_t n_files, n_refused, n_pictures, n_unprotected, n_changed, n_shown, n_masked;
};

struct revealing { /* the last stage: reveals every picture and holds it against the law */
    struct bt_stage stage;
    const struct recovered *whole;
    struct bauta_restorer *restorer;
    struct counts *counts;
};

/* Numbers that a seed always gives again: splitmix64, by Sebastiano Vigna, public domain. */
static uint64_t random_below(uint64_t *state, uint64_t limit)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return (z ^ z >> 31) % limit;
}

static void flip(struct bt_buffer *copy, uint64_t *state)
{
    int n_hits = 1 + (int)random_below(state, MAX_HITS);
    for (int i = 0; i < n_hits; i++)
        copy->data[random_below(state, copy->size)] ^= (uint8_t)(1u << random_below(state, 8));
}

static enum kind damage(struct bt_buffer *copy, const struct bt_buffer *whole, uint64_t *state)
{
    enum kind kind = (enum kind)random_below(state, N_KINDS);
    size_t most = whole->size / 4 < MAX_RANGE ? whole->size / 4 : MAX_RANGE;
    size_t range = 1 + (size_t)random_below(state, most);
    size_t at = (size_t)random_below(state, whole->size - range);
    size_t other = (size_t)random_below(state, whole->size - range);
    struct bauta_bytes piece = {whole->data + at, range};
    struct bauta_bytes rest = {whole->data + at + range, whole->size - at - range};
    bt_buffer_reset(copy);
    bt_buffer_append(copy, bt_buffer_view(whole));
    switch (kind) {
    case FLIP:
        flip(copy, state);
        break;
    case OVERWRITE:
        for (size_t i = 0; i < range; i++)
            copy->data[at + i] = (uint8_t)random_below(state, 256);
        break;
    case ERASE:
        memset(copy->data + at, 0, range);
        break;
    case CUT_END:
        copy->size = at;
        break;
    case CUT_OUT:
        copy->size = at;
        bt_buffer_append(copy, rest);
        break;
    case DOUBLE:
        copy->size = at + range;
        bt_buffer_append(copy, piece);
        bt_buffer_append(copy, rest);
        break;
    case SWAP:
        memmove(copy->data + at, whole->data + other, range);
        memmove(copy->data + other, piece.data, range);
        break;
    }
    return kind;
}

static void reveal(struct revealing *s, const struct bt_item *item)
{
    static struct bauta_reveal_report report;
    struct bt_masked masked;
    struct bt_revealed revealed;
    bt_decoded_view_masked(&masked, &item->decoded);
    enum bauta_status status =
        bt_restorer_reveal(s->restorer, &report, &revealed, &masked, item->decoded.unit, true);
    LAW(status != BAUTA_ERR_MEMORY && status != BAUTA_ERR_ARGUMENT);
    recovered_check(s->whole, &report, &masked.picture, &revealed.picture);
    s->counts->n_pictures++;
    s->counts->n_unprotected += !report.protected_;
    s->counts->n_changed += report.changed;
    for (int i = 0; i < report.n_regions; i++) {
        s->counts->n_shown += report.states[i] == BAUTA_REVEAL_SHOWN;
        s->counts->n_masked += report.states[i] != BAUTA_REVEAL_SHOWN;
    }
}

static enum bauta_status take(struct bt_stage *stage, struct bt_item *item)
{
    struct revealing *s = (struct revealing *)stage;
    if (item && item->kind == BT_ITEM_PICTURE)
        reveal(s, item);
    if (item && item->kind == BT_ITEM_ACCESS_UNIT)
        LAW(!bauta_restorer_collect(s->restorer, bt_packet_bytes(item->packet),
                                    bt_packet_unit(item->packet)));
    bt_item_free(&item);
    return BAUTA_OK;
}

/* Whether the damaged file is still one of the same pictures. */
static bool fits(const struct bt_source *source, const struct recovered *whole)
{
    return source->info.codec == whole->codec && source->width == whole->width &&
           source->height == whole->height;
}

static void recover(const char *path, const struct recovered *whole,
                    const struct bauta_private_key *key, struct counts *counts)
{
    struct bt_source source = {0};
    struct revealing last = {{take, NULL}, whole, recovered_restorer(whole, key), counts};
    enum bauta_status status = bt_source_open(&source, path, 1, NULL);
    if (!status && !fits(&source, whole))
        status = BAUTA_ERR_FORMAT;
    source.pass_units = true;
    if (!status)
        status = bt_source_run(&source, &last.stage);
    counts->n_files++;
    counts->n_refused += status != BAUTA_OK;
    bt_source_clear(&source);
    bauta_restorer_free(&last.restorer);
}

static void read_file(struct bt_buffer *content, const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *to = file ? bt_buffer_extend(content, MAX_FILE) : NULL;
    LAW(to);
    content->size = fread(to, 1, MAX_FILE, file);
    fclose(file);
    LAW(content->size > 16 && content->size < MAX_FILE);
}

int main(int argc, char **argv)
{
    static struct recovered whole;
    struct bauta_private_key *own_key = NULL;
    struct bt_buffer file = {0}, copy = {0};
    struct counts counts = {0};
    if (argc < 4)
        return 2;
    if (strcmp(argv[1], "-") != 0)
        LAW(!bauta_private_key_read(&own_key, argv[1], NULL, NULL));
    const struct bauta_private_key *key = own_key ? own_key : recovered_vectors_key();
    uint64_t n = strtoull(argv[3], NULL, 10), first = argc > 4 ? strtoull(argv[4], NULL, 10) : 0;
    read_file(&file, argv[2]);
    recovered_load(&whole, argv[2], key);
    for (uint64_t seed = first; seed < first + n; seed++) {
        uint64_t state = seed;
        struct memory_file damaged;
        enum kind kind = damage(&copy, &file, &state);
        fprintf(stderr, "\rseed %" PRIu64 ": %s        ", seed, kind_names[kind]);
        memory_file_open(&damaged, bt_buffer_view(&copy));
        recover(damaged.path, &whole, key, &counts);
        memory_file_close(&damaged);
    }
    printf("{\"files\":%" PRIu64 ",\"refused\":%" PRIu64 ",\"pictures\":%" PRIu64
           ",\"unprotected\":%" PRIu64 ",\"changed\":%" PRIu64 ",\"shown\":%" PRIu64
           ",\"masked\":%" PRIu64 "}\n",
           counts.n_files, counts.n_refused, counts.n_pictures, counts.n_unprotected,
           counts.n_changed, counts.n_shown, counts.n_masked);
    recovered_clear(&whole);
    bauta_private_key_free(&own_key);
    bt_buffer_clear(&file);
    bt_buffer_clear(&copy);
    return 0;
}
