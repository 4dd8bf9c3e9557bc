/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "verify/piece.h"

/* A file that holds epoch 0 of one stream, by its name: the stream's place in its run, the run, and
 * who signed it, or '-'. "0ax" */
static struct bt_piece piece(const char *name)
{
    struct bt_piece p = {.named = true};
    memset(p.stream, name[1], sizeof(p.stream));
    p.stream[3] = (uint8_t)name[0];
    memcpy(p.last_stream, p.stream, sizeof(p.stream));
    if (name[2] == '-')
        return p;
    p.links = calloc(1, sizeof(*p.links));
    assert_non_null(p.links);
    p.n_links = 1;
    memcpy(p.links->stream, p.stream, sizeof(p.stream));
    memset(p.links->signer, name[2], sizeof(p.links->signer));
    memcpy(p.links->previous, name, 3); /* of manifests that are not here */
    memset(p.links->hash, name[0] ^ name[1], sizeof(p.links->hash));
    return p;
}

/* Puts them in order, and a bar between recordings. */
static void check_order(const char *want, const char *const *names, size_t n)
{
    struct bt_piece pieces[8];
    size_t order[8];
    char got[8 * 4 + 1] = "";
    for (size_t i = 0; i < n; i++)
        pieces[i] = piece(names[i]);
    check_ok(bt_pieces_sort(order, pieces, n));
    for (size_t i = 0; i < n; i++) {
        if (i)
            strcat(got, pieces[order[i]].recording == pieces[order[i - 1]].recording ? " " : "|");
        strcat(got, names[order[i]]);
    }
    assert_string_equal(want, got);
    for (size_t i = 0; i < n; i++)
        bt_piece_clear(&pieces[i]);
}

static void streams_of_a_run_are_one_recording_in_their_order(void **state)
{
    (void)state;
    check_order("0a- 2a- 5a-", (const char *const[]){"5a-", "0a-", "2a-"}, 3);
    check_order("0ax 2ax 5ax", (const char *const[]){"2ax", "5ax", "0ax"}, 3);
}

static void those_of_two_runs_are_two(void **state)
{
    (void)state;
    check_order("0a- 1a-|0b- 1b-", (const char *const[]){"1a-", "1b-", "0a-", "0b-"}, 4);
}

static void those_of_two_signers_are_two_whatever_their_ids_say(void **state)
{
    (void)state;
    check_order("0ax 2ax|1ay", (const char *const[]){"0ax", "1ay", "2ax"}, 3);
}

static void what_nobody_signed_stands_in_the_run_that_it_says(void **state)
{
    (void)state;
    check_order("0ax 1a- 2ax", (const char *const[]){"2ax", "1a-", "0ax"}, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_of_a_run_are_one_recording_in_their_order),
        cmocka_unit_test(those_of_two_runs_are_two),
        cmocka_unit_test(those_of_two_signers_are_two_whatever_their_ids_say),
        cmocka_unit_test(what_nobody_signed_stands_in_the_run_that_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
