/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/statement.h"

#include <stdlib.h>
#include <string.h>

#include "base/reader.h"

static void put_text(struct bt_buffer *out, const char *text)
{
    size_t size = strlen(text);
    bt_buffer_put_vlq(out, (uint32_t)size);
    bt_buffer_append(out, (struct bauta_bytes){(const uint8_t *)text, size});
}

void bt_statement_write(struct bt_buffer *out, const struct bt_statement *s)
{
    bt_buffer_append(out, (struct bauta_bytes){s->id, sizeof(s->id)});
    bt_buffer_append(out, (struct bauta_bytes){s->holder, sizeof(s->holder)});
    bt_buffer_put_u64(out, s->issued_ms);
    bt_buffer_put_u64(out, s->expires_ms);
    bt_buffer_put_u64(out, s->since_ms);
    bt_buffer_put_u64(out, s->until_ms);
    bt_buffer_put_u8(out, s->classes);
    put_text(out, s->reason);
    put_text(out, s->case_);
    bt_buffer_put_vlq(out, (uint32_t)s->n_targets);
    for (int i = 0; i < s->n_targets; i++)
        bt_buffer_put_vlq(out, s->targets[i]);
    bt_buffer_put_vlq(out, (uint32_t)s->n_streams);
    for (int i = 0; i < s->n_streams; i++) {
        const struct bt_grant_stream *stream = &s->streams[i];
        bt_buffer_append(out, (struct bauta_bytes){stream->stream_id, BT_GRANT_STREAM_ID});
        bt_buffer_put_u8(out, (unsigned)stream->object_codec);
        bt_buffer_put_vlq(out, (uint32_t)stream->n_spans);
        for (size_t k = 0; k < stream->n_spans; k++) {
            bt_buffer_put_u32(out, stream->spans[k].first);
            bt_buffer_put_u32(out, stream->spans[k].last);
        }
    }
}

/* A text must be printable on one line, so that it cannot pretend to be something else. */
static void take_text(struct bt_reader *r, char text[BT_MAX_GRANT_TEXT + 1])
{
    uint32_t size = bt_reader_vlq(r);
    struct bauta_bytes bytes = bt_reader_take(r, size <= BT_MAX_GRANT_TEXT ? size : SIZE_MAX);
    for (size_t i = 0; i < bytes.size; i++)
        if (bytes.data[i] < 0x20 || bytes.data[i] == 0x7f)
            r->overrun = true;
    if (bytes.size && !r->overrun)
        memcpy(text, bytes.data, bytes.size);
}

static void take_targets(struct bt_statement *s, struct bt_reader *r)
{
    uint32_t n = bt_reader_vlq(r);
    if (n > BAUTA_MAX_GRANT_TARGETS) {
        r->overrun = true;
        return;
    }
    for (s->n_targets = 0; s->n_targets < (int)n; s->n_targets++) {
        int i = s->n_targets;
        s->targets[i] = bt_reader_vlq(r);
        if (i && s->targets[i] <= s->targets[i - 1])
            r->overrun = true;
    }
}

static enum bauta_status take_spans(struct bt_grant_stream *stream, struct bt_reader *r,
                                    size_t *n_left)
{
    uint32_t n = bt_reader_vlq(r);
    if (n == 0 || n > bt_reader_left(r) / 8)
        return BAUTA_ERR_FORMAT;
    if (n > *n_left)
        return BAUTA_ERR_LIMIT;
    *n_left -= n;
    stream->spans = calloc(n, sizeof(*stream->spans));
    if (!stream->spans)
        return BAUTA_ERR_MEMORY;
    stream->n_spans = n;
    for (uint32_t i = 0; i < n; i++) {
        struct bt_grant_span *span = &stream->spans[i];
        span->first = bt_reader_u32(r);
        span->last = bt_reader_u32(r);
        if (span->last < span->first ||
            (i && (uint64_t)span->first <= (uint64_t)stream->spans[i - 1].last + 1))
            return BAUTA_ERR_FORMAT;
    }
    return BAUTA_OK;
}

static enum bauta_status take_streams(struct bt_statement *s, struct bt_reader *r)
{
    uint32_t n = bt_reader_vlq(r);
    size_t n_left = BT_MAX_GRANT_SPANS;
    if (n == 0 || n > BT_MAX_GRANT_STREAMS)
        return n ? BAUTA_ERR_LIMIT : BAUTA_ERR_FORMAT;
    enum bauta_status status = BAUTA_OK;
    while (s->n_streams < (int)n && !status) {
        struct bt_grant_stream *stream = &s->streams[s->n_streams++];
        bt_reader_copy(r, stream->stream_id, sizeof(stream->stream_id));
        stream->object_codec = bt_reader_u8(r);
        status = take_spans(stream, r, &n_left);
    }
    return status;
}

enum bauta_status bt_statement_parse(struct bt_statement *s, struct bauta_bytes bytes)
{
    *s = (struct bt_statement){.n_streams = 0};
    struct bt_reader r;
    bt_reader_init(&r, bytes);
    bt_reader_copy(&r, s->id, sizeof(s->id));
    bt_reader_copy(&r, s->holder, sizeof(s->holder));
    s->issued_ms = bt_reader_u64(&r);
    s->expires_ms = bt_reader_u64(&r);
    s->since_ms = bt_reader_u64(&r);
    s->until_ms = bt_reader_u64(&r);
    s->classes = bt_reader_u8(&r);
    take_text(&r, s->reason);
    take_text(&r, s->case_);
    take_targets(s, &r);
    if (r.overrun || s->classes == 0 || (s->classes & ~(unsigned)BAUTA_MASK_BOTH))
        return BAUTA_ERR_FORMAT;
    enum bauta_status status = take_streams(s, &r);
    if (status)
        return status;
    return r.overrun || bt_reader_left(&r) ? BAUTA_ERR_FORMAT : BAUTA_OK;
}

void bt_statement_clear(struct bt_statement *s)
{
    for (int i = 0; i < s->n_streams; i++)
        free(s->streams[i].spans);
    *s = (struct bt_statement){.n_streams = 0};
}
