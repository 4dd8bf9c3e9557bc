/* SPDX-License-Identifier: Apache-2.0 */
#include "demux/orientation.h"

#include <math.h>
#include <string.h>

/*
 * A display matrix holds a, b, 0, c, d, 0, x, y, 1 and takes a point (p, q) of the stored picture,
 * y downwards, to (a p + c q + x, b p + d q + y). A turn clockwise by t after a mirror, which is
 * a, b, c, d = -cos t, -sin t, -sin t, cos t, has a negative determinant; without the mirror it is
 * cos t, sin t, -sin t, cos t.
 */
enum { A = 0, B = 1, C = 3, D = 4, X = 6, Y = 7, W = 8, N_NUMBERS = 9, ONE = 1 << 16 };
static const double half_circle = 180, pi = 3.14159265358979323846;
static const double loose_degrees = 1, loose_share = 0.01;

static bool is_exact(const int32_t *m, double degrees)
{
    double off = fabs(degrees - 90 * (double)lround(degrees / 90));
    double across = hypot(m[A], m[B]), down = hypot(m[C], m[D]);
    double skew = fabs((double)m[A] * m[C] + (double)m[B] * m[D]);
    return off < loose_degrees && skew <= loose_share * across * down;
}

static void read_matrix(struct bauta_view *view, bool *exact, const int32_t *m)
{
    double a = m[A], b = m[B], c = m[C], d = m[D], determinant = a * d - b * c;
    if (determinant == 0)
        return; /* shows nothing at all: as good as not there */
    view->mirrored = determinant < 0;
    double degrees =
        (view->mirrored ? atan2(-b - c, d - a) : atan2(b - c, a + d)) * half_circle / pi;
    view->turn = (int)(90 * lround(degrees / 90) + 360) % 360;
    *exact = is_exact(m, degrees);
}

static bool take_matrix(int32_t matrix[N_NUMBERS], const uint8_t *data, size_t size)
{
    bool some = data && size >= N_NUMBERS * sizeof(matrix[0]);
    if (some)
        memcpy(matrix, data, N_NUMBERS * sizeof(matrix[0]));
    return some;
}

struct bauta_view bt_orientation_of(const struct bt_orientation_message *message, bool *exact,
                                    AVFormatContext *format, AVStream *stream, AVFrame *frame)
{
    struct bauta_view view = {.turn = 0};
    int32_t matrix[N_NUMBERS];
    size_t size = 0;
    const uint8_t *data = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
    const bool told = message && message->some;
    const AVFrameSideData *exif = NULL;
    if (frame && !bt_ffmpeg_syntax(stream->codecpar->codec_id))
        exif = av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX);
    *exact = !told || message->exact;
    if (told)
        view = message->view;
    else if (exif && take_matrix(matrix, exif->data, exif->size))
        read_matrix(&view, exact, matrix);
    else if (take_matrix(matrix, data, size))
        read_matrix(&view, exact, matrix);
    AVRational shape = av_guess_sample_aspect_ratio(format, stream, frame);
    if (shape.num > 0 && shape.den > 0) {
        view.pixel_width = shape.num;
        view.pixel_height = shape.den;
    }
    return view;
}

AVRational bt_orientation_shape(const struct bauta_view *view)
{
    return view->pixel_width > 0 ? (AVRational){view->pixel_width, view->pixel_height}
                                 : (AVRational){0, 1};
}

/* The matrix moves the turned picture back to where its corner was. */
enum bauta_status bt_orientation_tell(AVStream *stream, const struct bauta_view *view, int width,
                                      int height)
{
    stream->sample_aspect_ratio = stream->codecpar->sample_aspect_ratio =
        bt_orientation_shape(view);
    if (view->turn == 0 && !view->mirrored)
        return BAUTA_OK;
    static const int sines[] = {0, 1, 0, -1};
    int sine = sines[view->turn / 90], cosine = sines[(view->turn / 90 + 1) % 4];
    int mirror = view->mirrored ? -1 : 1;
    int a = mirror * cosine, b = mirror * sine, c = -sine, d = cosine;
    int x = (a < 0 ? width : 0) + (c < 0 ? height : 0);
    int y = (b < 0 ? width : 0) + (d < 0 ? height : 0);
    const int32_t matrix[N_NUMBERS] = {[A] = a * ONE, [B] = b * ONE, [C] = c * ONE, [D] = d * ONE,
                                       [X] = x * ONE, [Y] = y * ONE, [W] = 1 << 30};
    uint8_t *data = av_stream_new_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, sizeof(matrix));
    if (!data)
        return BAUTA_ERR_MEMORY;
    memcpy(data, matrix, sizeof(matrix));
    return BAUTA_OK;
}
