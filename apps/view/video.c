/* SPDX-License-Identifier: Apache-2.0 */
#include "video.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "answer.h"
#include "range.h"
#include "stamp.h"

/* All of the range, NULL if it cannot be read, or the file has become shorter. */
static GBytes *read_range(int file, const struct range *range)
{
    const gsize size = (gsize)(range->last - range->first + 1);
    char *bytes = g_malloc(size);
    gsize done = 0;
    while (done < size) {
        ssize_t n = pread(file, bytes + done, size - done, (off_t)(range->first + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        done += (gsize)n;
    }
    if (done == size)
        return g_bytes_new_take(bytes, size);
    g_free(bytes);
    return NULL;
}

static const char *type_of(const char *id)
{
    static const char *const types[][2] = {
        {".mkv", "video/x-matroska"}, {".ts", "video/mp2t"}, {".mov", "video/quicktime"}};
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
        if (strlen(id) >= strlen(types[i][0]) &&
            g_ascii_strcasecmp(id + strlen(id) - strlen(types[i][0]), types[i][0]) == 0)
            return types[i][1];
    return "video/mp4";
}

static void answer_range(SoupServerMessage *message, const char *id, int file, uint64_t size)
{
    SoupMessageHeaders *headers = soup_server_message_get_response_headers(message);
    const char *text =
        soup_message_headers_get_one(soup_server_message_get_request_headers(message), "Range");
    struct range range;
    const enum range_result result = range_parse(&range, text, size);
    if (result == RANGE_BEYOND) {
        char *whole = g_strdup_printf("bytes */%" G_GUINT64_FORMAT, size);
        soup_message_headers_replace(headers, "Content-Range", whole);
        g_free(whole);
        answer_problem(message, SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE,
                       "the recording has %" G_GUINT64_FORMAT " bytes", size);
        return;
    }
    if (result == RANGE_BAD) {
        answer_problem(message, SOUP_STATUS_BAD_REQUEST, "which bytes? A Range is needed");
        return;
    }
    GBytes *bytes = read_range(file, &range);
    if (!bytes) {
        answer_problem(message, SOUP_STATUS_INTERNAL_SERVER_ERROR, "%s cannot be read", id);
        return;
    }
    soup_message_headers_set_content_range(headers, (goffset)range.first, (goffset)range.last,
                                           (goffset)size);
    answer_bytes(message, SOUP_STATUS_PARTIAL_CONTENT, type_of(id), bytes);
}

/* Whether the client wants this state of the file, or any. */
static bool is_wanted(SoupServerMessage *message, const char *stamp)
{
    const char *match =
        soup_message_headers_get_one(soup_server_message_get_request_headers(message), "If-Match");
    return !match || strcmp(match, "*") == 0 || strcmp(match, stamp) == 0;
}

void video_answer(SoupServerMessage *message, const struct recordings *recordings, const char *id)
{
    struct stat status;
    int file = recordings_open(recordings, id, &status);
    if (file < 0) {
        answer_problem(message, SOUP_STATUS_NOT_FOUND, "there is no such recording");
        return;
    }
    SoupMessageHeaders *headers = soup_server_message_get_response_headers(message);
    char *stamp = stamp_new(&status);
    soup_message_headers_replace(headers, "Accept-Ranges", "bytes");
    soup_message_headers_replace(headers, "ETag", stamp);
    if (!is_wanted(message, stamp)) {
        answer_problem(message, SOUP_STATUS_PRECONDITION_FAILED,
                       "%s has changed since it was opened: open it again", id);
    } else if (strcmp(soup_server_message_get_method(message), "HEAD") == 0) {
        soup_server_message_set_status(message, SOUP_STATUS_OK, NULL);
        soup_message_headers_set_content_type(headers, type_of(id), NULL);
        soup_message_headers_set_content_length(headers, status.st_size);
    } else {
        answer_range(message, id, file, (uint64_t)status.st_size);
    }
    g_free(stamp);
    close(file);
}
