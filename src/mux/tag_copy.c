/* SPDX-License-Identifier: Apache-2.0 */
#include "mux/tag_copy.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <libavutil/mathematics.h>
#include <libavutil/timecode.h>

#include "demux/demux_state.h"
#include "demux/tags.h"
#include "mux/mux.h"

/* Their own name for what a phone of Apple's says, which others, and MP4, hold under a plain one.
 */
static const char *plain_name(const char *key)
{
    static const char *const names[][2] = {{"com.apple.quicktime.location.ISO6709", "location"},
                                           {"com.apple.quicktime.make", "make"},
                                           {"com.apple.quicktime.model", "model"},
                                           {"com.apple.quicktime.title", "title"},
                                           {"com.apple.quicktime.author", "author"},
                                           {"com.apple.quicktime.comment", "comment"},
                                           {"com.apple.quicktime.description", "description"},
                                           {"com.apple.quicktime.copyright", "copyright"}};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcasecmp(key, names[i][0]) == 0)
            return names[i][1];
    return key;
}

static void copy_tags(AVDictionary **to, const AVDictionary *from, bool all)
{
    const AVDictionaryEntry *tag = NULL;
    while ((tag = av_dict_get(from, "", tag, AV_DICT_IGNORE_SUFFIX)))
        if (!bt_tags_is_technical(tag) && strcasecmp(tag->key, "timecode") != 0 &&
            (all || bt_tags_is_kept(tag->key)))
            av_dict_set(to, plain_name(tag->key), tag->value, AV_DICT_DONT_OVERWRITE);
}

void bt_tag_copy_stream(AVStream *to, const AVStream *from, bool all)
{
    copy_tags(&to->metadata, from->metadata, all);
    to->disposition = from->disposition & ~AV_DISPOSITION_ATTACHED_PIC;
}

const char *bt_tag_copy_timecode(const AVFormatContext *out, const struct bt_mux_settings *s)
{
    AVTimecode timecode;
    AVFormatContext *from = s->like->format;
    AVRational rate = av_guess_frame_rate(from, s->like->video, NULL);
    const char *name = out->oformat->name, *found = bt_tags_timecode(from, s->like->video);
    if (!found || strcmp(name, "matroska") == 0)
        return found;
    if (strcmp(name, "mp4") != 0 && strcmp(name, "mov") != 0)
        return NULL;
    /* their muxer counts pictures, and would end the run if it could not */
    return av_timecode_init_from_string(&timecode, rate, found, NULL) >= 0 ? found : NULL;
}

static void set_time(AVDictionary **tags, uint64_t ms)
{
    char text[64], whole[32];
    struct tm parts;
    time_t seconds = (time_t)(ms / 1000);
    if (!gmtime_r(&seconds, &parts) || !strftime(whole, sizeof(whole), "%Y-%m-%dT%H:%M:%S", &parts))
        return;
    snprintf(text, sizeof(text), "%s.%03uZ", whole, (unsigned)(ms % 1000));
    av_dict_set(tags, "creation_time", text, 0);
}

static AVChapter *new_chapter(AVFormatContext *out)
{
    AVChapter *chapter = av_mallocz(sizeof(*chapter));
    if (chapter && av_dynarray_add_nofree(&out->chapters, (int *)&out->nb_chapters, chapter) < 0)
        av_freep(&chapter);
    return chapter;
}

/* A title can name somebody; MP4 wants one, so it gets a number. */
static enum bauta_status copy_chapters(AVFormatContext *out, const AVFormatContext *from, bool all)
{
    int64_t start = from->start_time != AV_NOPTS_VALUE ? from->start_time : 0;
    for (unsigned i = 0; i < from->nb_chapters; i++) {
        const AVChapter *in = from->chapters[i];
        int64_t shift = av_rescale_q(start, AV_TIME_BASE_Q, in->time_base);
        char title[32];
        AVChapter *copy = in->end > shift ? new_chapter(out) : NULL;
        if (in->end > shift && !copy)
            return BAUTA_ERR_MEMORY;
        if (!copy)
            continue;
        snprintf(title, sizeof(title), "Chapter %u", i + 1);
        copy->id = in->id;
        copy->time_base = in->time_base;
        copy->start = in->start > shift ? in->start - shift : 0;
        copy->end = in->end - shift;
        if (all)
            av_dict_copy(&copy->metadata, in->metadata, 0);
        else
            av_dict_set(&copy->metadata, "title", title, 0);
    }
    return BAUTA_OK;
}

enum bauta_status bt_tag_copy(AVFormatContext *out, AVStream *video,
                              const struct bt_mux_settings *s)
{
    const AVFormatContext *from = s->like->format;
    copy_tags(&out->metadata, from->metadata, s->keep_tags);
    bt_tag_copy_stream(video, s->like->video, s->keep_tags);
    if (s->began_ms) {
        set_time(&out->metadata, s->began_ms);
        set_time(&video->metadata, s->began_ms);
    }
    const char *timecode = bt_tag_copy_timecode(out, s);
    if (timecode)
        av_dict_set(&video->metadata, "timecode", timecode, 0);
    return copy_chapters(out, from, s->keep_tags);
}
