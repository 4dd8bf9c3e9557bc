/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "authority/grant.h"
#include "authority/grant_keys.h"
#include "authority/opened_grant.h"
#include "crypto/key.h"
#include "crypto/key_id.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "crypto/shamir.h"
#include "crypto/x25519.h"

enum { EPOCHS = 40, TARGETS = 4 };

/* A stream's key, and who holds what. */
struct people {
    uint8_t stream_key[2][32];
    struct bauta_private_key holder, other;
    uint64_t expires_ms; /* of the next grant */
};

static void make_key(struct bauta_private_key *key)
{
    check_ok(bt_x25519_generate(key->bytes));
    check_ok(bt_x25519_public(key->public_bytes, key->bytes));
    check_ok(bt_key_id(key->id, key->public_bytes));
}

static int set_up(void **state)
{
    static struct people people;
    check_ok(bt_random(people.stream_key[0], 64));
    make_key(&people.holder);
    make_key(&people.other);
    *state = &people;
    return 0;
}

/* A grant of stream 0's epochs first..last, for some classes and targets. */
static struct bauta_grant *make_grant(const struct people *p, struct bt_grant_span span,
                                      unsigned classes, int n_targets)
{
    struct bauta_grant *grant = calloc(1, sizeof(*grant));
    struct bt_statement *s = &grant->statement;
    memcpy(s->holder, p->holder.public_bytes, sizeof(s->holder));
    s->expires_ms = p->expires_ms;
    s->classes = classes;
    s->n_targets = n_targets;
    for (int i = 0; i < n_targets; i++)
        s->targets[i] = (uint32_t)i + 2;
    s->n_streams = 1;
    s->streams[0].n_spans = 1;
    s->streams[0].spans = calloc(1, sizeof(struct bt_grant_span));
    s->streams[0].spans[0] = span;
    memset(s->streams[0].stream_id, 5, BT_GRANT_STREAM_ID);
    strcpy(s->reason, "a reason");
    bt_statement_write(&grant->statement_bytes, s);
    uint8_t keys[1][32];
    memcpy(keys[0], p->stream_key[0], 32);
    check_ok(bt_grant_complete(grant, keys));
    return grant;
}

static void expect_key(const struct people *p, const struct bt_key_nodes *nodes,
                       const struct bt_key_place *place, bool inside)
{
    uint8_t got[32], wanted[32];
    check_status(inside ? BAUTA_OK : BAUTA_ERR_DENIED, bt_key_nodes_find(got, nodes, place));
    if (!inside)
        return;
    check_ok(bt_key_tree_epoch(wanted, p->stream_key[0], 0, place->epoch));
    check_ok(bt_key_tree_class(wanted, wanted, place->class_));
    check_ok(bt_key_tree_target(wanted, wanted, place->target));
    assert_memory_equal(wanted, got, 32);
}

/* Every epoch, class and target: what is granted opens, nothing else does. */
static void walk(const struct people *p, struct bt_grant_span span, unsigned classes, int n_targets)
{
    struct bauta_grant *grant = make_grant(p, span, classes, n_targets);
    struct bt_opened_grant opened;
    check_ok(bt_opened_grant_init(&opened, grant, &p->holder, 0, NULL));
    struct bt_key_nodes nodes =
        bt_opened_grant_nodes(&opened, grant->statement.streams[0].stream_id);
    for (uint32_t epoch = 0; epoch < EPOCHS; epoch++)
        for (int c = BAUTA_CLASS_FACE; c <= BAUTA_CLASS_BODY; c++)
            for (uint32_t target = 0; target < TARGETS + 2; target++) {
                bool whose = n_targets == 0 || (target >= 2 && target < 2 + (uint32_t)n_targets);
                bool inside =
                    epoch >= span.first && epoch <= span.last && (classes >> c & 1) && whose;
                expect_key(p, &nodes, &(struct bt_key_place){epoch, (enum bauta_class)c, target},
                           inside);
            }
    for (size_t i = 0; i < nodes.n_items; i++) /* nor does it hold anything above what it grants */
        if (nodes.items[i].kind == BT_NODE_EPOCHS) {
            uint32_t last = bt_key_node_last(nodes.items[i].epoch, nodes.items[i].depth);
            assert_true(nodes.items[i].epoch >= span.first && last <= span.last);
        }
    bt_opened_grant_clear(&opened);
    bauta_grant_free(&grant);
}

static void a_grant_opens_what_it_names_and_nothing_else(void **state)
{
    static const struct bt_grant_span spans[] = {{0, 0},   {0, 7},  {1, 1},  {3, 17},
                                                 {16, 31}, {5, 39}, {39, 39}};
    for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++)
        for (unsigned classes = 2; classes <= BAUTA_MASK_BOTH; classes += 2)
            for (int n_targets = 0; n_targets <= 2; n_targets++)
                walk(*state, spans[i], classes, n_targets);
}

/* Any span is covered by at most two nodes a level, without a gap and without an overlap. */
static void a_span_is_covered_by_few_nodes(void **state)
{
    (void)state;
    srand(7);
    for (int i = 0; i < 2000; i++) {
        uint32_t a = (uint32_t)rand() << 1 ^ (uint32_t)rand(), b = a + (uint32_t)rand() % 100000;
        uint64_t next = a < b ? a : b, last = a < b ? b : a;
        int n = 0;
        for (; next <= last; n++) {
            int depth = bt_key_node_depth((uint32_t)next, (uint32_t)last);
            uint32_t end = bt_key_node_last((uint32_t)next, depth);
            assert_true(end >= next && end <= last);
            assert_true(depth == 0 || next % (UINT64_C(1) << (32 - depth)) == 0);
            next = (uint64_t)end + 1;
        }
        assert_true(n >= 1 && n <= 2 * BT_KEY_TREE_DEPTH);
    }
    assert_int_equal(0, bt_key_node_depth(0, UINT32_MAX));
    assert_int_equal(32, bt_key_node_depth(UINT32_MAX, UINT32_MAX));
}

static void nobody_but_its_holder_opens_a_grant(void **state)
{
    const struct people *p = *state;
    struct bauta_grant *grant = make_grant(p, (struct bt_grant_span){2, 5}, BAUTA_MASK_BOTH, 0);
    struct bauta_private_key pretender = p->other;
    check_ok(bauta_grant_check(grant, &p->holder, 0, NULL));
    check_status(BAUTA_ERR_DENIED, bauta_grant_check(grant, &p->other, 0, NULL));
    memcpy(pretender.public_bytes, p->holder.public_bytes, 32);
    check_status(BAUTA_ERR_TAMPERED, bauta_grant_check(grant, &pretender, 0, NULL));
    bauta_grant_free(&grant);
}

/* Nobody need remember to ask: what opens a grant heeds its limits. */
static void a_grant_opens_within_its_limits_only(void **state)
{
    struct people p = *(const struct people *)*state;
    struct bt_opened_grant opened;
    p.expires_ms = 5000;
    struct bauta_grant *grant = make_grant(&p, (struct bt_grant_span){2, 5}, BAUTA_MASK_BOTH, 0);
    check_ok(bt_opened_grant_init(&opened, grant, &p.holder, 4999, NULL));
    bt_opened_grant_clear(&opened);
    static const uint64_t too_late[] = {5000, 5001, UINT64_MAX, 0 /* nobody knows */};
    for (size_t i = 0; i < sizeof(too_late) / sizeof(too_late[0]); i++) {
        check_status(BAUTA_ERR_DENIED,
                     bt_opened_grant_init(&opened, grant, &p.holder, too_late[i], NULL));
        assert_int_equal(0, opened.n_streams);
        check_status(BAUTA_ERR_DENIED, bauta_grant_check(grant, &p.holder, too_late[i], NULL));
    }
    grant->complete = false; /* a request */
    check_status(BAUTA_ERR_DENIED, bt_opened_grant_init(&opened, grant, &p.holder, 1, NULL));
    bauta_grant_free(&grant);
}

/* Every byte of what it says is bound to the keys. */
static void a_grant_with_another_statement_does_not_open(void **state)
{
    const struct people *p = *state;
    struct bauta_grant *grant = make_grant(p, (struct bt_grant_span){2, 5}, BAUTA_MASK_BOTH, 1);
    for (size_t i = 0; i < grant->statement_bytes.size; i++) {
        grant->statement_bytes.data[i] ^= 1;
        check_status(BAUTA_ERR_TAMPERED, bauta_grant_check(grant, &p->holder, 0, NULL));
        grant->statement_bytes.data[i] ^= 1;
    }
    check_ok(bauta_grant_check(grant, &p->holder, 0, NULL));
    bauta_grant_free(&grant);
}

static void a_damaged_grant_is_refused(void **state)
{
    const struct people *p = *state;
    char path[] = "/tmp/bauta-grant-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(0, unlink(path));
    struct bauta_grant *grant = make_grant(p, (struct bt_grant_span){2, 5}, BAUTA_MASK_BOTH, 1),
                       *read;
    check_ok(bauta_grant_write(grant, path, NULL));
    check_ok(bauta_grant_read(&read, path, NULL));
    assert_int_equal(grant->statement_bytes.size, read->statement_bytes.size);
    check_ok(bauta_grant_check(read, &p->holder, 0, NULL));
    bauta_grant_free(&read);
    static char text[65536];
    FILE *stream = fopen(path, "rb");
    size_t size = fread(text, 1, sizeof(text), stream);
    fclose(stream);
    for (size_t n = 0; n < size - 1; n++) /* the last byte is the line's end */
        assert_int_not_equal(
            BAUTA_OK,
            bauta_grant_parse(&read, (struct bauta_bytes){(uint8_t *)text, n}, "cut", NULL));
    remove(path);
    bauta_grant_free(&grant);
}

/* All subsets of shares: enough of them give the secret, fewer something else. */
static void shares_below_the_threshold_tell_nothing(void **state)
{
    const struct people *p = *state;
    const uint8_t *secret = p->stream_key[0];
    for (int n = 2; n <= 5; n++)
        for (int threshold = 2; threshold <= n; threshold++) {
            uint8_t shares[BT_MAX_SHARES][32];
            check_ok(bt_shamir_split(shares, n, threshold, secret));
            for (unsigned subset = 1; subset < 1u << n; subset++) {
                uint8_t some[BT_MAX_SHARES][32], numbers[BT_MAX_SHARES], got[32];
                int count = 0;
                for (int i = 0; i < n; i++)
                    if (subset >> i & 1) {
                        memcpy(some[count], shares[i], 32);
                        numbers[count++] = (uint8_t)(i + 1);
                    }
                check_ok(bt_shamir_combine(got, some, numbers, count));
                assert_int_equal(count >= threshold, memcmp(got, secret, 32) == 0);
            }
        }
}

/* GF(2^8) with x^8+x^4+x^3+x^2+1, as docs/grants.md says: computed here without the library. */
static uint8_t multiply(uint8_t a, uint8_t b)
{
    unsigned product = 0;
    for (int bit = 0; bit < 8; bit++)
        if (b >> bit & 1)
            product ^= (unsigned)a << bit;
    for (int bit = 14; bit >= 8; bit--)
        if (product >> bit & 1)
            product ^= 0x11du << (bit - 8);
    return (uint8_t)product;
}

static uint8_t invert(uint8_t a)
{
    for (unsigned b = 1; b < 256; b++)
        if (multiply(a, (uint8_t)b) == 1)
            return (uint8_t)b;
    return 0;
}

static void shares_are_those_of_the_format(void **state)
{
    const struct people *p = *state;
    uint8_t shares[BT_MAX_SHARES][32];
    check_ok(bt_shamir_split(shares, 4, 3, p->stream_key[0]));
    for (int i = 0; i < 32; i++) { /* Lagrange's interpolation at 0 from shares 1, 3 and 4 */
        static const uint8_t x[] = {1, 3, 4};
        uint8_t sum = 0;
        for (int j = 0; j < 3; j++) {
            uint8_t term = shares[x[j] - 1][i];
            for (int k = 0; k < 3; k++)
                if (k != j)
                    term = multiply(term, multiply(x[k], invert(x[k] ^ x[j])));
            sum ^= term;
        }
        assert_int_equal(p->stream_key[0][i], sum);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_grant_opens_what_it_names_and_nothing_else),
        cmocka_unit_test(a_span_is_covered_by_few_nodes),
        cmocka_unit_test(nobody_but_its_holder_opens_a_grant),
        cmocka_unit_test(a_grant_opens_within_its_limits_only),
        cmocka_unit_test(a_grant_with_another_statement_does_not_open),
        cmocka_unit_test(a_damaged_grant_is_refused),
        cmocka_unit_test(shares_below_the_threshold_tell_nothing),
        cmocka_unit_test(shares_are_those_of_the_format),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
