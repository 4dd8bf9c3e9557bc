/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "pipeline/item.h"
#include "pipeline/queue.h"

/* The last stage: notes what comes, and fails at the item of a given number. */
struct note_stage {
    struct bt_stage stage;
    uint64_t n_items, fail_at;
    bool in_order, ended;
};

static enum bauta_status note(struct bt_stage *stage, struct bt_item *item)
{
    struct note_stage *s = (struct note_stage *)stage;
    if (!item) {
        s->ended = true;
        return BAUTA_OK;
    }
    s->in_order &= item->number == s->n_items++;
    bool fail = item->number == s->fail_at;
    bt_item_free(&item);
    return fail ? BAUTA_ERR_CODEC : BAUTA_OK;
}

static struct note_stage make_note_stage(uint64_t fail_at)
{
    return (struct note_stage){.stage = {note, NULL}, .fail_at = fail_at, .in_order = true};
}

static enum bauta_status push(struct bt_queue *queue, uint64_t number)
{
    struct bt_item *item = bt_item_new(BT_ITEM_PICTURE);
    assert_non_null(item);
    item->number = number;
    return queue->stage.take(&queue->stage, item);
}

static void items_come_out_in_order_and_the_end_waits_for_them(void **state)
{
    (void)state;
    struct note_stage last = make_note_stage(UINT64_MAX);
    struct bt_queue first, second;
    check_ok(bt_queue_start(&second, &last.stage));
    check_ok(bt_queue_start(&first, &second.stage));
    for (uint64_t n = 0; n < 1000; n++)
        check_ok(push(&first, n));
    check_ok(first.stage.take(&first.stage, NULL));
    assert_true(last.ended && last.in_order);
    assert_int_equal(1000, last.n_items);
    bt_queue_join(&first);
    bt_queue_join(&second);
}

static void a_failure_downstream_comes_back_and_the_stage_is_not_called_again(void **state)
{
    (void)state;
    struct note_stage last = make_note_stage(5);
    struct bt_queue queue;
    check_ok(bt_queue_start(&queue, &last.stage));
    enum bauta_status status = BAUTA_OK;
    for (uint64_t n = 0; n < 1000 && !status; n++)
        status = push(&queue, n);
    check_status(BAUTA_ERR_CODEC, status);
    check_status(BAUTA_ERR_CODEC, queue.stage.take(&queue.stage, NULL));
    bt_queue_join(&queue);
    assert_int_equal(6, last.n_items);
    assert_false(last.ended);
}

static void a_queue_that_is_joined_without_an_end_frees_what_it_holds(void **state)
{
    (void)state;
    struct note_stage last = make_note_stage(UINT64_MAX);
    struct bt_queue queue;
    check_ok(bt_queue_start(&queue, &last.stage));
    for (uint64_t n = 0; n < 20; n++)
        check_ok(push(&queue, n));
    bt_queue_join(&queue);
    assert_false(last.ended); /* leaks would be seen by the address sanitizer */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_come_out_in_order_and_the_end_waits_for_them),
        cmocka_unit_test(a_failure_downstream_comes_back_and_the_stage_is_not_called_again),
        cmocka_unit_test(a_queue_that_is_joined_without_an_end_frees_what_it_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
