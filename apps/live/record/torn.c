/* SPDX-License-Identifier: Apache-2.0 */
#include "torn.h"

#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { HEAD = 16, MKV_BEGIN = 64 << 10 };

static guint64 read_be(const guchar *bytes, int n)
{
    guint64 value = 0;
    for (int i = 0; i < n; i++)
        value = value << 8 | bytes[i];
    return value;
}

/*
 * Boxes: u32 size, 4 bytes type, u64 size if the first was 1; then the content. GStreamer's muxer
 * writes content before what says where it is: mdat moov, mdat moof, mdat moof, ..., and when it
 * ends the file, mdat moov. Where the last whole pair ends; 0: there is none.
 */
static off_t find_end(int file, off_t size)
{
    off_t at = 0, end = 0;
    bool has_content = false;
    guchar head[HEAD] = {0};
    while (size - at >= 8 && pread(file, head, HEAD, at) >= 8) {
        guint64 length = read_be(head, 4);
        if (length == 1)
            length = read_be(head + 8, 8);
        if (length < 8 || length > (guint64)(size - at))
            break;
        at += (off_t)length;
        if (memcmp(head + 4, "mdat", 4) == 0)
            has_content = true;
        if (has_content && (memcmp(head + 4, "moof", 4) == 0 || memcmp(head + 4, "moov", 4) == 0)) {
            end = at;
            has_content = false;
        }
    }
    return end;
}

/* A number of EBML's (RFC 8794, section 4): as many bytes as zeros before the first one, and one; 0
 * if it is none. */
static int read_number(const guchar *bytes, gsize size, guint64 *number)
{
    int n = 1;
    while (n <= 8 && size && !(bytes[0] & (0x80 >> (n - 1))))
        n++;
    if (n > 8 || (gsize)n > size)
        return 0;
    *number = read_be(bytes, n) & ~(G_GUINT64_CONSTANT(1) << (7 * n));
    return n;
}

/* Whether a block (RFC 9559, section 5.1.3) that ends before `most` is among the first elements in
 * a cluster, of which `bytes` are the first. */
static bool has_block(const guchar *bytes, gsize size, guint64 most)
{
    gsize at = 0;
    for (guint64 length = 0; at < size && length < size - at;) {
        at += length;
        const bool block = bytes[at] == 0xa3 || bytes[at] == 0xa0;
        const int n = read_number(bytes + at + 1, size - at - 1, &length);
        if (!n)
            return false;
        at += 1 + (gsize)n;
        if (block)
            return length && length <= most - at;
    }
    return false;
}

/* An EBML header, and not far from it a cluster with a whole block. */
static bool has_picture(int file, off_t size)
{
    static const guchar ebml[] = {0x1a, 0x45, 0xdf, 0xa3}, cluster[] = {0x1f, 0x43, 0xb6, 0x75};
    guchar *bytes = g_malloc(MKV_BEGIN);
    const gssize n = pread(file, bytes, MKV_BEGIN, 0);
    bool has = false;
    for (gssize i = 4; i + 4 <= n && memcmp(bytes, ebml, 4) == 0 && !has; i++) {
        guint64 length;
        const gsize left = (gsize)(n - i - 4);
        const int head =
            memcmp(bytes + i, cluster, 4) ? 0 : read_number(bytes + i + 4, left, &length);
        has = head &&
              has_block(bytes + i + 4 + head, left - (gsize)head, (guint64)(size - i - 4 - head));
    }
    g_free(bytes);
    return has;
}

bool torn_mend(const char *path)
{
    const int file = g_open(path, O_RDWR | O_CLOEXEC, 0);
    if (file < 0)
        return false;
    const off_t size = lseek(file, 0, SEEK_END);
    const off_t end = find_end(file, size);
    bool good = has_picture(file, size);
    if (end > 0)
        good = end == size || ftruncate(file, end) == 0;
    close(file);
    return good;
}
