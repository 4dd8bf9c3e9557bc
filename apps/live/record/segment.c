/* SPDX-License-Identifier: Apache-2.0 */
#include "segment.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <gst/app/gstappsrc.h>
#include <unistd.h>

#include "birth.h"
#include "torn.h"

enum {
    MAX_WAITING_BYTES = 64 << 20, /* before a disk that is too slow */
    CLOSE_TIMEOUT_S = 10
};

struct segment {
    char *path, *part;
    GstCaps *caps;
    GstElement *pipeline, *entry;
    GstBus *bus;
    GstClockTime base, first, last;
    gint64 wall_us; /* time of day of the first picture */
};

/* The encoder's stream as the container holds it. */
static char *describe(enum record_format format, const GstCaps *caps)
{
    const char *codec =
        gst_structure_has_name(gst_caps_get_structure(caps, 0), "video/x-h265") ? "h265" : "h264";
    return g_strdup_printf(
        "appsrc name=entry format=time max-bytes=0 ! %sparse ! %s ! filesink name=exit", codec,
        format == RECORD_MKV ? "matroskamux name=muxer"
                             : "mp4mux name=muxer fragment-duration=1000 "
                               "fragment-mode=first-moov-then-finalise");
}

static GstPadProbeReturn stamp(GstPad *pad, GstPadProbeInfo *info, gpointer user)
{
    (void)pad;
    const struct segment *segment = user;
    GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER(info);
    GstMapInfo map;
    if (gst_buffer_memcmp(buffer, 4, "moov", 4) != 0)
        return GST_PAD_PROBE_OK;
    GST_PAD_PROBE_INFO_DATA(info) = buffer = gst_buffer_make_writable(buffer);
    if (gst_buffer_map(buffer, &map, GST_MAP_READWRITE)) {
        birth_stamp(map.data, map.size, segment->wall_us);
        gst_buffer_unmap(buffer, &map);
    }
    return GST_PAD_PROBE_OK;
}

/* Makes the muxer tell when the first picture was taken, not when it was started itself. */
static void set_birth(struct segment *segment)
{
    GstElement *muxer = gst_bin_get_by_name(GST_BIN(segment->pipeline), "muxer");
    if (g_object_class_find_property(G_OBJECT_GET_CLASS(muxer), "creation-time")) {
        GDateTime *epoch = g_date_time_new_from_unix_utc(0);
        GDateTime *birth = g_date_time_add(epoch, segment->wall_us);
        g_object_set(muxer, "creation-time", birth, NULL);
        g_date_time_unref(birth);
        g_date_time_unref(epoch);
    } else {
        GstPad *pad = gst_element_get_static_pad(muxer, "src");
        gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, stamp, segment, NULL);
        gst_object_unref(pad);
    }
    gst_object_unref(muxer);
}

/* What the pipeline has said went wrong, NULL if nothing; waits for its end if that is asked. */
static char *hear(struct segment *segment, GstClockTime timeout, GstMessageType types)
{
    GstMessage *message = gst_bus_timed_pop_filtered(segment->bus, timeout, types);
    if (!message)
        return timeout ? g_strdup("the file could not be ended in time") : NULL;
    char *sentence = NULL;
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
        GError *error = NULL;
        gst_message_parse_error(message, &error, NULL);
        sentence = g_strdup(error->message);
        g_error_free(error);
    }
    gst_message_unref(message);
    return sentence;
}

static void free_segment(struct segment *segment)
{
    if (segment->pipeline)
        gst_element_set_state(segment->pipeline, GST_STATE_NULL);
    gst_clear_object(&segment->entry);
    gst_clear_object(&segment->bus);
    gst_clear_object(&segment->pipeline);
    gst_clear_caps(&segment->caps);
    g_free(segment->path);
    g_free(segment->part);
    g_free(segment);
}

/* Nobody else writes it, and it is no link to elsewhere; GStreamer would say only that it cannot be
 * opened. */
static bool try_file(const char *path, char **problem)
{
    int file = g_open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640);
    if (file < 0) {
        *problem = g_strdup_printf("%s: %s", path, g_strerror(errno));
        return false;
    }
    close(file);
    return true;
}

struct segment *segment_open(const char *path, enum record_format format, GstCaps *caps,
                             gint64 wall_us, char **problem)
{
    struct segment *segment = g_new0(struct segment, 1);
    *segment = (struct segment){.path = g_strdup(path),
                                .part = g_strconcat(path, ".part", NULL),
                                .caps = gst_caps_ref(caps),
                                .base = GST_CLOCK_TIME_NONE,
                                .wall_us = wall_us};
    char *description = describe(format, caps);
    segment->pipeline = gst_parse_launch_full(description, NULL, GST_PARSE_FLAG_FATAL_ERRORS, NULL);
    g_free(description);
    if (!segment->pipeline)
        *problem = g_strdup("GStreamer's elements for this format are not installed");
    if (!segment->pipeline || !try_file(segment->part, problem)) {
        free_segment(segment);
        return NULL;
    }
    set_birth(segment);
    segment->bus = gst_element_get_bus(segment->pipeline);
    segment->entry = gst_bin_get_by_name(GST_BIN(segment->pipeline), "entry");
    GstElement *exit_ = gst_bin_get_by_name(GST_BIN(segment->pipeline), "exit");
    g_object_set(exit_, "location", segment->part, "async", FALSE, "sync", FALSE, NULL);
    gst_object_unref(exit_);
    gst_app_src_set_caps(GST_APP_SRC(segment->entry), caps);
    gst_element_set_state(segment->pipeline, GST_STATE_PLAYING);
    return segment;
}

bool segment_write(struct segment *segment, GstBuffer *buffer, char **problem)
{
    *problem = hear(segment, 0, GST_MESSAGE_ERROR);
    if (*problem)
        return false;
    GstAppSrc *entry = GST_APP_SRC(segment->entry);
    if (gst_app_src_get_current_level_bytes(entry) > MAX_WAITING_BYTES) {
        *problem = g_strdup("the disk is too slow");
        return false;
    }
    GstClockTime pts = GST_BUFFER_PTS(buffer), dts = GST_BUFFER_DTS_OR_PTS(buffer);
    if (!GST_CLOCK_TIME_IS_VALID(segment->base)) {
        segment->base = MIN(pts, dts);
        segment->first = pts;
    }
    segment->last = pts;
    GstBuffer *copy = gst_buffer_copy(buffer);
    GST_BUFFER_PTS(copy) = pts > segment->base ? pts - segment->base : 0;
    GST_BUFFER_DTS(copy) = dts > segment->base ? dts - segment->base : 0;
    gst_app_src_push_buffer(entry, copy);
    return true;
}

GstClockTime segment_first(const struct segment *segment)
{
    return segment->first;
}

GstClockTime segment_last(const struct segment *segment)
{
    return segment->last;
}

GstCaps *segment_caps(const struct segment *segment)
{
    return segment->caps;
}

const char *segment_path(const struct segment *segment)
{
    return segment->path;
}

static bool put_on_disk(const struct segment *segment, guint64 *size, char **problem)
{
    int file = g_open(segment->part, O_RDONLY | O_CLOEXEC, 0);
    GStatBuf status;
    bool good = file >= 0 && fsync(file) == 0 && g_stat(segment->part, &status) == 0 &&
                g_rename(segment->part, segment->path) == 0;
    if (good)
        *size = (guint64)status.st_size;
    else
        *problem = g_strdup_printf("%s: %s", segment->part, g_strerror(errno));
    if (file >= 0)
        close(file);
    return good;
}

bool segment_close(struct segment *segment, guint64 *size, char **problem)
{
    gst_app_src_end_of_stream(GST_APP_SRC(segment->entry));
    *problem = hear(segment, CLOSE_TIMEOUT_S * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
    if (*problem) {
        segment_abandon(segment);
        return false;
    }
    gst_element_set_state(segment->pipeline, GST_STATE_NULL);
    bool good = put_on_disk(segment, size, problem);
    free_segment(segment);
    return good;
}

bool segment_abandon(struct segment *segment)
{
    gst_element_set_state(segment->pipeline, GST_STATE_NULL);
    const bool kept = torn_mend(segment->part) && g_rename(segment->part, segment->path) == 0;
    if (!kept)
        g_unlink(segment->part);
    free_segment(segment);
    return kept;
}
