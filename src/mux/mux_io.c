/* SPDX-License-Identifier: Apache-2.0 */
#include "mux/mux_io.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

enum { BUFFER_SIZE = 64 << 10 };

/* A place in the file, of its own for each that reads or writes. */
struct cursor {
    int file;
    bool stream;
    int64_t at;
};

/* A pipe that its maker set not to block says EAGAIN. */
static bool try_again(const struct cursor *c)
{
    if (errno != EAGAIN)
        return errno == EINTR;
    struct pollfd room = {.fd = c->file, .events = POLLOUT};
    return poll(&room, 1, -1) >= 0 || errno == EINTR;
}

static int write_bytes(void *opaque, uint8_t *bytes, int size)
{
    struct cursor *c = opaque;
    for (int done = 0; done < size;) {
        size_t left = (size_t)(size - done);
        ssize_t n = c->stream ? write(c->file, bytes + done, left)
                              : pwrite(c->file, bytes + done, left, (off_t)c->at);
        if (n < 0 && !try_again(c))
            return AVERROR(errno);
        if (n < 0)
            continue;
        done += (int)n;
        c->at += n;
    }
    return size;
}

static int read_bytes(void *opaque, uint8_t *bytes, int size)
{
    struct cursor *c = opaque;
    ssize_t n;
    do
        n = pread(c->file, bytes, (size_t)size, (off_t)c->at);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return AVERROR(errno);
    c->at += n;
    return n ? (int)n : AVERROR_EOF;
}

static int64_t seek(void *opaque, int64_t offset, int whence)
{
    struct cursor *c = opaque;
    if (whence == AVSEEK_SIZE)
        return lseek(c->file, 0, SEEK_END);
    if (whence != SEEK_SET)
        return AVERROR(EINVAL);
    c->at = offset;
    return offset;
}

static AVIOContext *open_cursor(int file, bool stream, bool writes)
{
    struct cursor *c = malloc(sizeof(*c));
    uint8_t *buffer = av_malloc(BUFFER_SIZE);
    AVIOContext *io =
        c && buffer ? avio_alloc_context(buffer, BUFFER_SIZE, writes, c, writes ? NULL : read_bytes,
                                         writes ? write_bytes : NULL, stream ? NULL : seek)
                    : NULL;
    if (!io) {
        av_free(buffer);
        free(c);
        return NULL;
    }
    *c = (struct cursor){file, stream, 0};
    return io;
}

static void close_cursor(AVIOContext **io)
{
    if (!*io)
        return;
    free((*io)->opaque);
    av_freep(&(*io)->buffer);
    avio_context_free(io);
}

/* A muxer opens its own output only. */
static int open_again(AVFormatContext *format, AVIOContext **io, const char *url, int flags,
                      AVDictionary **options)
{
    (void)url;
    (void)options;
    const struct cursor *written = format->opaque;
    if (!written || written->stream || flags != AVIO_FLAG_READ)
        return AVERROR(ENOSYS);
    *io = open_cursor(written->file, false, false);
    return *io ? 0 : AVERROR(ENOMEM);
}

static int close_again(AVFormatContext *format, AVIOContext *io)
{
    (void)format;
    close_cursor(&io);
    return 0;
}

enum bauta_status bt_mux_io_open(AVFormatContext *format, const struct bauta_work_file *file,
                                 const char *name)
{
    format->url = av_strdup(name);
    format->pb = open_cursor(bauta_work_file_descriptor(file), bauta_is_stream(name), true);
    if (!format->url || !format->pb)
        return BAUTA_ERR_MEMORY;
    format->opaque = format->pb->opaque;
    format->io_open = open_again;
    format->io_close2 = close_again;
    return BAUTA_OK;
}

void bt_mux_io_close(AVFormatContext *format)
{
    close_cursor(&format->pb);
}
