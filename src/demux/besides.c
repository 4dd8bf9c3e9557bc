/* SPDX-License-Identifier: Apache-2.0 */
#include "demux/besides.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "demux/demux_state.h"
#include "demux/edit_list.h"
#include "demux/tags.h"

struct teller {
    void *user;
    void (*found)(void *user, const char *what, bool pictures);
};

BAUTA_PRINTF(3, 4) static void tell(const struct teller *t, bool pictures, const char *format, ...)
{
    char what[160];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof(what), format, arguments);
    va_end(arguments);
    for (char *c = what; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f) /* a stranger's text */
            *c = '?';
    t->found(t->user, what, pictures);
}

static void tell_video(const struct teller *t, const AVStream *track)
{
    const AVCodecParameters *p = track->codecpar;
    if (track->disposition & AV_DISPOSITION_ATTACHED_PIC)
        tell(t, false, "cover picture (%s)", avcodec_get_name(p->codec_id));
    else
        tell(t, true, "video track %d (%s %dx%d)", track->index + 1, avcodec_get_name(p->codec_id),
             p->width, p->height);
}

static void tell_track(const struct teller *t, const AVStream *track)
{
    const AVDictionaryEntry *language = av_dict_get(track->metadata, "language", NULL, 0);
    bool told = language && strcmp(language->value, "und") != 0;
    const char *kind = "data track", *codec = avcodec_get_name(track->codecpar->codec_id);
    char tag[AV_FOURCC_MAX_STRING_SIZE];
    if (track->codecpar->codec_type == AVMEDIA_TYPE_AUDIO)
        kind = "sound";
    else if (track->codecpar->codec_type == AVMEDIA_TYPE_SUBTITLE)
        kind = "subtitles";
    else if (track->codecpar->codec_type == AVMEDIA_TYPE_ATTACHMENT)
        kind = "attachment";
    else if (track->codecpar->codec_tag)
        codec = av_fourcc_make_string(tag, track->codecpar->codec_tag);
    tell(t, false, "%s (%s%s%.16s)", kind, codec, told ? " " : "", told ? language->value : "");
}

static void tell_tracks(const struct teller *t, const struct bt_demux *d)
{
    for (unsigned i = 0; i < d->format->nb_streams; i++) {
        const AVStream *track = d->format->streams[i];
        if (track == d->video)
            continue;
        if (track->codecpar->codec_type == AVMEDIA_TYPE_VIDEO)
            tell_video(t, track);
        else
            tell_track(t, track);
    }
}

/* Tags that tell more than which program wrote the file. */
static void tell_tags(const struct teller *t, const AVDictionary *tags)
{
    const AVDictionaryEntry *tag = NULL;
    char names[120];
    size_t size = 0;
    while ((tag = av_dict_get(tags, "", tag, AV_DICT_IGNORE_SUFFIX)))
        if (!bt_tags_is_technical(tag) && size < sizeof(names))
            size += (size_t)snprintf(names + size, sizeof(names) - size, "%s%.30s",
                                     size ? ", " : "", tag->key);
    if (size)
        tell(t, false, "tags (%s)", names);
}

/* Samples that the container names and that did not come; those of no bytes never do. */
static int64_t count_dropped(const struct bt_demux *d)
{
    int64_t n = d->video->nb_frames - d->n_delivered;
    for (int i = 0; i < avformat_index_get_entries_count(d->video); i++) {
        const AVIndexEntry *entry = avformat_index_get_entry(d->video, i);
        n -= entry && entry->size == 0;
    }
    return n;
}

static void tell_edits(const struct teller *t, const struct bt_demux *d)
{
    bool known = d->kind.mov && d->video->nb_frames > 0 && !d->truncated;
    int64_t n_dropped = known ? count_dropped(d) : 0;
    bool edits = d->kind.mov && bt_edit_list_edits(d->format->pb, (uint32_t)d->video->id);
    char hides[64] = "";
    if (d->n_hidden)
        snprintf(hides, sizeof(hides), "hides %llu pictures", (unsigned long long)d->n_hidden);
    else if (n_dropped > 0)
        snprintf(hides, sizeof(hides), "leaves out %lld pictures", (long long)n_dropped);
    if (*hides || edits)
        tell(t, true, "edit list (%s%s%s)", hides, *hides && edits ? "; " : "",
             edits ? "shows pieces, pauses, or another speed" : "");
}

static AVRational shape_of(AVRational told)
{
    return told.num > 0 && told.den > 0 ? told : (AVRational){1, 1};
}

/* Where the container says another one than the stream: players go by the container. */
static void tell_shape(const struct teller *t, const AVStream *video)
{
    const AVRational container = video->sample_aspect_ratio;
    const AVRational stream = shape_of(video->codecpar->sample_aspect_ratio);
    if (container.num > 0 && container.den > 0 && av_cmp_q(container, stream) != 0)
        tell(t, false, "how wide pixels are shown (%d:%d, and not %d:%d)", container.num,
             container.den, stream.num, stream.den);
}

void bt_besides_tell(const struct bt_demux *d, void *user,
                     void (*found)(void *user, const char *what, bool pictures))
{
    const struct teller t = {user, found};
    struct bt_video_info info;
    tell_tracks(&t, d);
    if (d->format->nb_chapters)
        tell(&t, false, "chapters (%u)", d->format->nb_chapters);
    tell_edits(&t, d);
    bt_demux_video_info(d, &info);
    if (info.view.turn || info.view.mirrored)
        tell(&t, false, "how pictures are turned (%d degrees%s)", info.view.turn,
             info.view.mirrored ? ", mirrored" : "");
    tell_shape(&t, d->video);
    tell_tags(&t, d->format->metadata);
}
