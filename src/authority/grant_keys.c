/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/grant_keys.h"

#include "crypto/secret.h"

/* Where nodes go; without items they are only counted. */
struct list {
    struct bt_key_nodes nodes;
    size_t n; /* so far */
};

static void add(struct list *list, const struct bt_key_node *node)
{
    if (list->nodes.items && list->n < list->nodes.n_items)
        list->nodes.items[list->n] = *node;
    list->n++;
}

static void add_cover(struct list *list, struct bt_grant_span span)
{
    uint64_t first = span.first;
    while (first <= span.last && list->n <= BT_MAX_GRANT_KEYS) {
        struct bt_key_node node = {.kind = BT_NODE_EPOCHS,
                                   .depth = bt_key_node_depth((uint32_t)first, span.last),
                                   .epoch = (uint32_t)first};
        add(list, &node);
        first = (uint64_t)bt_key_node_last((uint32_t)first, node.depth) + 1;
    }
}

static void add_epoch(struct list *list, const struct bt_statement *s, uint32_t epoch)
{
    for (int c = BAUTA_CLASS_FACE; c <= BAUTA_CLASS_BODY; c++) {
        if (!(s->classes & 1u << c))
            continue;
        struct bt_key_node node = {
            .kind = BT_NODE_CLASS, .epoch = epoch, .class_ = (enum bauta_class)c};
        if (s->n_targets == 0)
            add(list, &node);
        for (int t = 0; t < s->n_targets; t++) {
            node.kind = BT_NODE_TARGET;
            node.target = s->targets[t];
            add(list, &node);
        }
    }
}

static void add_span(struct list *list, const struct bt_statement *s, struct bt_grant_span span)
{
    if (s->classes == BAUTA_MASK_BOTH && s->n_targets == 0) {
        add_cover(list, span);
        return;
    }
    for (uint64_t epoch = span.first; epoch <= span.last && list->n <= BT_MAX_GRANT_KEYS; epoch++)
        add_epoch(list, s, (uint32_t)epoch);
}

static void add_stream(struct list *list, const struct bt_statement *s,
                       const struct bt_grant_stream *stream)
{
    for (size_t k = 0; k < stream->n_spans; k++)
        add_span(list, s, stream->spans[k]);
}

size_t bt_grant_count_keys(const struct bt_statement *s)
{
    struct list list = {{NULL, 0}, 0};
    for (int i = 0; i < s->n_streams; i++)
        add_stream(&list, s, &s->streams[i]);
    return list.n <= BT_MAX_GRANT_KEYS ? list.n : BT_MAX_GRANT_KEYS + 1;
}

enum bauta_status bt_grant_keys(struct bt_key_nodes *nodes, size_t *n_of_stream,
                                const struct bt_statement *s)
{
    *nodes = (struct bt_key_nodes){NULL, 0};
    size_t n = bt_grant_count_keys(s);
    if (n > BT_MAX_GRANT_KEYS)
        return BAUTA_ERR_LIMIT;
    struct list list = {{bt_secret_new(n * sizeof(struct bt_key_node)), n}, 0};
    if (!list.nodes.items)
        return BAUTA_ERR_MEMORY;
    for (int i = 0; i < s->n_streams; i++) {
        size_t before = list.n;
        add_stream(&list, s, &s->streams[i]);
        n_of_stream[i] = list.n - before;
    }
    *nodes = list.nodes;
    return BAUTA_OK;
}
