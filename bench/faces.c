/* SPDX-License-Identifier: Apache-2.0 */

/*
 * faces DATA_DIR CLIP WIDTH HEIGHT MODEL.onnx SCORE
 *
 * What a face model sees in each picture of a clip at full size, without any memory: rows
 * `picture,x,y,w,h,score`, picture from 0.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/frame.h"
#include "detect/model.h"

static bool read_picture(const struct bauta_picture *p, FILE *pipe)
{
    for (int i = 0; i < 3; i++)
        for (int y = 0; y < p->height / (i ? 2 : 1); y++) {
            size_t width = (size_t)(i ? p->width / 2 : p->width);
            if (fread(p->planes[i] + y * p->strides[i], 1, width, pipe) != width)
                return false;
        }
    return true;
}

static void say(void *user, enum bauta_log_level level, const char *sentence)
{
    (void)user;
    (void)level;
    fprintf(stderr, "faces: %s\n", sentence);
}

int main(int argc, char **argv)
{
    static struct bt_candidates found;
    static const struct bauta_log log_to_stderr = {say, NULL};
    char command[4352];
    struct bt_frame frame;
    struct bt_runtime *runtime;
    struct bt_model *model;
    struct bt_sampler sampler = {0};
    if (argc != 7 || strchr(argv[2], '\'')) {
        fprintf(stderr, "usage: faces DATA_DIR CLIP WIDTH HEIGHT MODEL.onnx SCORE\n");
        return 2;
    }
    const struct bt_model_settings settings = {.path = argv[5],
                                               .class_ = BAUTA_CLASS_FACE,
                                               .width = atoi(argv[3]),
                                               .height = atoi(argv[4]),
                                               .n_threads = 2,
                                               .log = &log_to_stderr};
    snprintf(command, sizeof(command),
             "ffmpeg -v error -i '%s' -vsync passthrough -vf crop=%d:%d:0:0 -f rawvideo -pix_fmt "
             "yuv420p - </dev/null",
             argv[2], settings.width, settings.height);
    FILE *pipe = popen(command, "r");
    if (!pipe || bt_frame_init(&frame, settings.width, settings.height) ||
        bt_runtime_open(&runtime, argv[1], &log_to_stderr) ||
        bt_model_load(&model, runtime, &settings))
        return 1;
    const struct bt_box all = {0, 0, (float)settings.width, (float)settings.height};
    for (int n = 0; read_picture(&frame.picture, pipe); n++) {
        const struct bt_clear clear = {frame.picture};
        if (bt_model_find(model, &found, &sampler, &clear, all, (float)atof(argv[6])))
            return 1;
        for (int i = 0; i < found.n_items; i++) {
            const struct bt_box *b = &found.items[i].box;
            printf("%d,%.1f,%.1f,%.1f,%.1f,%.3f\n", n, (double)b->x, (double)b->y, (double)b->w,
                   (double)b->h, (double)found.items[i].score);
        }
    }
    pclose(pipe);
    bt_model_free(&model);
    bt_sampler_clear(&sampler);
    bt_runtime_close(&runtime);
    bt_frame_clear(&frame);
    return 0;
}
