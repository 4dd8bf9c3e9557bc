/* SPDX-License-Identifier: Apache-2.0 */
#include "law.h"

#include <string.h>

#include <bauta/protector.h>

#include "base/frame.h"
#include "base/rect.h"

/*
 * A detector's process that was taken over: the input is what it answers for a few pictures, each
 * one byte (how many pictures late) and a struct bauta_sights as it is in memory, the last one cut
 * where the input ends. Laws: no picture is refused; what makes no sense counts for nothing; and
 * every body that counts is hidden.
 */
enum { WIDTH = 192, HEIGHT = 128, STEP_US = 100000, MOST = 4 };

static bool is_hidden(const struct bauta_mask_report *report, struct bauta_rect rect)
{
    for (int i = 0; i < report->n_regions; i++)
        if (bt_rect_contains(report->regions[i].rect, rect))
            return true;
    return false;
}

/* The pixels that a sight lies on wholly. */
static struct bauta_rect pixels_of(const struct bauta_sight *s)
{
    double left = s->x > 0 ? (double)s->x : 0, top = s->y > 0 ? (double)s->y : 0;
    double right = (double)s->x + (double)s->w, bottom = (double)s->y + (double)s->h;
    right = right < WIDTH ? right : WIDTH;
    bottom = bottom < HEIGHT ? bottom : HEIGHT;
    struct bauta_rect none = {0, 0, 0, 0};
    if (right - left < 2 || bottom - top < 2)
        return none;
    return (struct bauta_rect){(int)left + 1, (int)top + 1, (int)right - (int)left - 1,
                               (int)bottom - (int)top - 1};
}

static void show(struct bauta_protector *p, struct bt_frame *frame,
                 const struct bauta_sights *sights, int n, int late)
{
    static struct bauta_mask_report report;
    int64_t pts = n * (int64_t)STEP_US;
    bt_picture_blacken(&frame->picture);
    enum bauta_status status =
        bauta_protector_look_with(p, &frame->picture, pts, sights, pts - late * (int64_t)STEP_US);
    LAW(status == BAUTA_OK || status == BAUTA_ERR_ARGUMENT);
    LAW(!bauta_protector_mask(p, &report, &frame->picture, pts));
    for (int i = 0; !status && i < sights->n_items; i++) {
        const struct bauta_sight *s = &sights->items[i];
        struct bauta_rect rect = pixels_of(s);
        if (s->class_ == BAUTA_CLASS_BODY && s->score >= 0.25f && !bt_rect_empty(rect))
            LAW(is_hidden(&report, rect));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct bauta_sights sights;
    struct bauta_protector_settings s;
    struct bauta_protector *p;
    struct bt_frame frame;
    bauta_protector_settings_init(&s);
    s.width = WIDTH;
    s.height = HEIGHT;
    s.keep = false;
    s.find.external = true;
    LAW(!bauta_protector_new(&p, &s));
    LAW(!bt_frame_init(&frame, WIDTH, HEIGHT));
    for (int n = 0; n < MOST && size > sizeof(sights.n_items); n++) {
        int late = *data % 8;
        data++;
        size--;
        size_t taken = size < sizeof(sights) ? size : sizeof(sights);
        memset(&sights, 0, sizeof(sights));
        memcpy(&sights, data, taken);
        for (int i = 0; i < BAUTA_MAX_SIGHTS; i++) /* any byte but 0 and 1 is no bool in C */
            memset(&sights.items[i].sure, data[0] & 1, sizeof(bool));
        data += taken;
        size -= taken;
        show(p, &frame, &sights, n, late);
    }
    bt_frame_clear(&frame);
    bauta_protector_free(&p);
    return 0;
}
