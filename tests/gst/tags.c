/* SPDX-License-Identifier: Apache-2.0 */
#include "studio.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What a source tells of itself and of people does not come out with the masked pictures. */

#define SECRET "Rue-Morgue"
#define PROTECT                                                                                    \
    "bautaprotect name=p realtime=yes detector-program=/bin/true lookahead=0 recipients=%s "

/* A clip that says more than its pictures do, as a phone writes it; false: nothing can make it. */
static bool make_clip(char path[160], const struct studio *s, const char *extension)
{
    char command[1024], chapters[160];
    snprintf(path, 160, "%s/in.%s", s->folder, extension);
    snprintf(chapters, sizeof(chapters), "%s/chapters.txt", s->folder);
    FILE *file = fopen(chapters, "w");
    assert_non_null(file);
    fprintf(file, ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=500\ntitle=" SECRET
                  " 1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=500\nEND=1000\ntitle=" SECRET " 2\n");
    fclose(file);
    snprintf(command, sizeof(command),
             "ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=160x120:rate=10:duration=1 "
             "-i %s -map 0 -map_metadata 1 -metadata title=" SECRET " -metadata comment=" SECRET
             " -metadata artist=" SECRET " -metadata description=" SECRET
             " -metadata location=+48.8577+002.295/ -metadata:s:v title=" SECRET
             " -metadata creation_time=2024-05-06T07:08:09Z -c:v libx264 -preset ultrafast %s",
             chapters, path);
    bool made = system(command) == 0; /* NOLINT: a test's own words */
    unlink(chapters);
    return made;
}

/* Whether what ffprobe tells of the file holds this word. */
static bool tells(const char *path, const char *word)
{
    char command[512], said[16384];
    snprintf(command, sizeof(command),
             "ffprobe -v error -show_entries format_tags:stream_tags:chapter_tags %s", path);
    FILE *pipe = popen(command, "r"); /* NOLINT */
    assert_non_null(pipe);
    size_t size = fread(said, 1, sizeof(said) - 1, pipe);
    assert_int_equal(0, pclose(pipe));
    said[size] = '\0';
    return strstr(said, word) != NULL;
}

/* Waits for the end; gives the names that bautaprotect has said that it left out. */
static void read_left_out(const struct take *take, char names[512])
{
    GstBus *bus = gst_element_get_bus(take->pipeline);
    bool ended = false;
    *names = '\0';
    while (!ended) {
        GstMessage *m = gst_bus_timed_pop_filtered(
            bus, 60 * GST_SECOND,
            (GstMessageType)(GST_MESSAGE_ELEMENT | GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
        assert_non_null(m);
        assert_int_not_equal(GST_MESSAGE_ERROR, GST_MESSAGE_TYPE(m));
        ended = GST_MESSAGE_TYPE(m) == GST_MESSAGE_EOS;
        if (gst_message_has_name(m, "bauta-tags-left-out")) {
            g_strlcat(names, gst_structure_get_string(gst_message_get_structure(m), "tags"), 512);
            g_strlcat(names, ", ", 512);
        }
        gst_message_unref(m);
    }
    gst_object_unref(bus);
}

/* Through the element as a file goes, into s->out; gives the names that were left out. */
static void pass(const struct studio *s, char names[512], const char *in, const char *demuxer,
                 const char *settings, const char *muxer)
{
    struct take take;
    take_begin(&take,
               "filesrc location=%s ! %s ! h264parse ! avdec_h264 ! " PROTECT "%s ! "
               "x264enc tune=zerolatency ! h264parse ! bautaattach ! h264parse ! %s ! "
               "filesink name=out location=%s",
               in, demuxer, s->pub, settings, muxer, s->out);
    read_left_out(&take, names);
    take_end(&take);
}

static const struct kind {
    const char *extension, *demuxer, *muxer;
} kinds[] = {{"mp4", "qtdemux", "mp4mux"}, {"mkv", "matroskademux", "matroskamux"}};

static void a_masked_file_tells_nothing_of_people_and_places(void **state)
{
    const struct studio *s = *state;
    char in[160], names[512];
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        for (size_t j = 0; j < G_N_ELEMENTS(kinds); j++) {
            if (!make_clip(in, s, kinds[i].extension))
                skip();
            pass(s, names, in, kinds[i].demuxer, "", kinds[j].muxer);
            assert_false(tells(s->out, SECRET));
            assert_false(tells(s->out, "48.8"));
            const char *title = strstr(names, GST_TAG_TITLE ", ");
            assert_non_null(title);
            assert_null(strstr(title + 1, GST_TAG_TITLE ", ")); /* it is said once */
            assert_non_null(strstr(names, GST_TAG_COMMENT ", "));
            unlink(in);
        }
}

static void who_asks_for_tags_gets_them(void **state)
{
    const struct studio *s = *state;
    char in[160], names[512];
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (!make_clip(in, s, kinds[i].extension))
            skip();
        pass(s, names, in, kinds[i].demuxer, "keep-tags=true", kinds[i].muxer);
        assert_true(tells(s->out, SECRET));
        assert_null(strstr(names, GST_TAG_TITLE));
        unlink(in);
    }
}

/* The sticky event of this type that has come to the end of the pipeline. */
static GstEvent *arrived(const struct take *take, GstEventType type)
{
    GstPad *pad = gst_element_get_static_pad(take_element(take, "out"), "sink");
    GstEvent *event = gst_pad_get_sticky_event(pad, type, 0);
    gst_object_unref(pad);
    return event;
}

static void send_all(const struct take *take, const struct studio *s, GstEvent *event)
{
    take_feed(take, s, 0, 0);
    while (take_count(take, "p", "pictures-in") < 1)
        g_thread_yield();
    gst_element_send_event(take_element(take, "in"), event);
    take_feed(take, s, 1, 100);
    take_end_feed(take);
    assert_int_equal(2, take_pull_all(take));
}

static void what_says_nothing_of_people_passes_in_either_scope(void **state)
{
    static const GstTagScope scopes[] = {GST_TAG_SCOPE_STREAM, GST_TAG_SCOPE_GLOBAL};
    for (size_t i = 0; i < G_N_ELEMENTS(scopes); i++) {
        struct take take;
        GstTagList *tags = gst_tag_list_new(
            GST_TAG_TITLE, SECRET, GST_TAG_CONTACT, SECRET, GST_TAG_GEO_LOCATION_NAME, SECRET,
            GST_TAG_GEO_LOCATION_LATITUDE, 48.8, GST_TAG_VIDEO_CODEC, "H.264", GST_TAG_BITRATE, 7u,
            GST_TAG_LANGUAGE_CODE, "fr", GST_TAG_IMAGE_ORIENTATION, "rotate-180", NULL);
        gst_tag_list_set_scope(tags, scopes[i]);
        take_begin(&take, "appsrc name=in format=time ! " PROTECT "! appsink name=out sync=false",
                   ((const struct studio *)*state)->pub);
        send_all(&take, *state, gst_event_new_tag(tags));
        GstEvent *event = arrived(&take, GST_EVENT_TAG);
        assert_non_null(event);
        gst_event_parse_tag(event, &tags);
        assert_int_equal(scopes[i], gst_tag_list_get_scope(tags));
        assert_int_equal(4, gst_tag_list_n_tags(tags));
        assert_int_equal(1, gst_tag_list_get_tag_size(tags, GST_TAG_IMAGE_ORIENTATION));
        gst_event_unref(event);
        take_end(&take);
    }
}

static void chapters_keep_their_times_and_lose_their_names(void **state)
{
    const struct studio *s = *state;
    struct take take;
    gint64 start, stop;
    char *title = NULL;
    GstToc *toc = gst_toc_new(GST_TOC_SCOPE_GLOBAL);
    GstTocEntry *chapter = gst_toc_entry_new(GST_TOC_ENTRY_TYPE_CHAPTER, SECRET);
    gst_toc_entry_set_start_stop_times(chapter, 5, 7);
    gst_toc_entry_set_tags(chapter, gst_tag_list_new(GST_TAG_TITLE, SECRET, NULL));
    gst_toc_append_entry(toc, chapter);
    gst_toc_set_tags(toc, gst_tag_list_new(GST_TAG_TITLE, SECRET, NULL));
    take_begin(&take, "appsrc name=in format=time ! " PROTECT "! appsink name=out sync=false",
               s->pub);
    send_all(&take, s, gst_event_new_toc(toc, FALSE));
    gst_toc_unref(toc);
    GstEvent *event = arrived(&take, GST_EVENT_TOC);
    assert_non_null(event);
    gst_event_parse_toc(event, &toc, NULL);
    assert_int_equal(0, gst_tag_list_n_tags(gst_toc_get_tags(toc)));
    chapter = gst_toc_get_entries(toc)->data;
    assert_true(gst_toc_entry_get_start_stop_times(chapter, &start, &stop));
    assert_true(start == 5 && stop == 7);
    assert_string_not_equal(SECRET, gst_toc_entry_get_uid(chapter));
    gst_tag_list_get_string(gst_toc_entry_get_tags(chapter), GST_TAG_TITLE, &title);
    assert_string_equal("Chapter 1", title);
    g_free(title);
    gst_toc_unref(toc);
    gst_event_unref(event);
    take_end(&take);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_masked_file_tells_nothing_of_people_and_places),
        cmocka_unit_test(who_asks_for_tags_gets_them),
        cmocka_unit_test(what_says_nothing_of_people_passes_in_either_scope),
        cmocka_unit_test(chapters_keep_their_times_and_lose_their_names),
    };
    return cmocka_run_group_tests(tests, studio_set_up, studio_tear_down);
}
