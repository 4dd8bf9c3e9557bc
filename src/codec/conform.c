/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/conform.h"

void bt_conform_init(struct bt_conform *c, const char *path, const struct bauta_log *log,
                     const AVCodecContext *context, const AVCodecParameters *parameters)
{
    enum AVColorSpace matrix = parameters->color_space;
    bool full = bt_convert_full_range(context->pix_fmt, context->color_range,
                                      bt_ffmpeg_syntax(context->codec_id) != 0);
    *c = (struct bt_conform){.path = path,
                             .log = log,
                             .shape = parameters->sample_aspect_ratio,
                             .told_format = AV_PIX_FMT_NONE};
    c->convert.full_range = c->fit.full_range = full;
    c->convert.matrix = matrix == AVCOL_SPC_RGB ? AVCOL_SPC_UNSPECIFIED : matrix;
}

void bt_conform_clear(struct bt_conform *c)
{
    bt_convert_clear(&c->convert);
    bt_fit_clear(&c->fit);
}

static int even(int side)
{
    return (side + 1) & ~1;
}

/* What does not go into 8-bit 4:2:0 of even size. */
static void say_losses(const struct bt_conform *c, bool format, bool size)
{
    char words[32];
    int w = c->told_width, h = c->told_height;
    if (format && bt_convert_reduced(words, (enum AVPixelFormat)c->told_format))
        bt_log(c->log, BAUTA_LOG_INFO, "%s: %s pictures become 8-bit 4:2:0", c->path, words);
    if (size && ((w | h) & 1))
        bt_log(c->log, BAUTA_LOG_INFO, "%s: pictures of %dx%d become %dx%d: the last %s repeated",
               c->path, w, h, even(w), even(h),
               !(w & 1)   ? "row is"
               : !(h & 1) ? "column is"
                          : "column and row are");
}

/* Once for each kind of picture. */
static void note_losses(struct bt_conform *c, const AVFrame *f)
{
    char words[32];
    bool format = f->format != c->told_format;
    bool size = f->width != c->told_width || f->height != c->told_height;
    c->told_format = f->format;
    c->told_width = f->width;
    c->told_height = f->height;
    c->reduced |= format && bt_convert_reduced(words, (enum AVPixelFormat)f->format);
    if (c->tells)
        say_losses(c, format, size);
}

void bt_conform_tell(struct bt_conform *c)
{
    c->tells = true;
    say_losses(c, true, true);
}

/* Day and night of some cameras, and joined files. */
static void tell_conversion(struct bt_conform *c, const AVFrame *f, double seconds)
{
    bool range = bt_convert_other_range(&c->convert, f);
    bool matrix = bt_convert_other_matrix(&c->convert, f);
    c->reduced |= range || matrix;
    if (range && !c->said_range)
        bt_log(
            c->log, BAUTA_LOG_WARNING,
            "%s: from %.3f s on some pictures use the %s sample range; they are converted to the "
            "%s range of the others",
            c->path, seconds, c->convert.full_range ? "limited" : "full",
            c->convert.full_range ? "full" : "limited");
    if (matrix && !c->said_matrix)
        bt_log(c->log, BAUTA_LOG_WARNING,
               "%s: from %.3f s on some pictures use another colour matrix; they are converted to "
               "that of the others",
               c->path, seconds);
    c->said_range |= range;
    c->said_matrix |= matrix;
}

static enum bauta_status convert(struct bt_conform *c, struct bt_frame *picture, const AVFrame *f)
{
    enum bauta_status status = bt_frame_init(picture, even(f->width), even(f->height));
    if (!status)
        status = bt_convert(&c->convert, &picture->picture, f);
    return status != BAUTA_ERR_UNSUPPORTED
               ? status
               : bt_log_fail(c->log, status, "%s: pixel format '%s' is not supported", c->path,
                             bt_convert_format_name(f));
}

/* How much wider a sample of this picture is than those of the size that it shall have. */
static double relative_shape(const struct bt_conform *c, const AVFrame *f)
{
    double here = av_q2d(f->sample_aspect_ratio), there = av_q2d(c->shape);
    double shape = here > 0 && there > 0 ? here / there : 1;
    return shape > 1.0 / 16 && shape < 16 ? shape : 1;
}

static enum bauta_status convert_and_fit(struct bt_conform *c, struct bt_frame *picture,
                                         const AVFrame *f, int width, int height)
{
    struct bt_frame own = {.memory = NULL};
    struct bauta_rect place = {.w = 0};
    enum bauta_status status = convert(c, &own, f);
    if (!status)
        status = bt_frame_init(picture, width, height);
    if (!status)
        status = bt_fit(&c->fit, &place, &picture->picture, &own.picture, relative_shape(c, f));
    picture->fitted = true;
    picture->reshaped = place.w < width || place.h < height;
    picture->shown = place;
    bt_frame_clear(&own);
    return status;
}

enum bauta_status bt_conform(struct bt_conform *c, struct bt_frame *picture, const AVFrame *frame,
                             int width, int height, double seconds)
{
    bool same_size = even(frame->width) == width && even(frame->height) == height;
    note_losses(c, frame);
    tell_conversion(c, frame, seconds);
    enum bauta_status status =
        same_size ? convert(c, picture, frame) : convert_and_fit(c, picture, frame, width, height);
    if (status)
        bt_frame_clear(picture);
    return status;
}
