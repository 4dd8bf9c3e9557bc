/* SPDX-License-Identifier: Apache-2.0 */
#include "clip.h"

#include <stdlib.h>
#include <string.h>

const char *clip_data_dir(void)
{
    const char *path = getenv("BAUTA_DATA");
    return path && *path ? path : BT_DATA_DIR;
}

bool clip_open(struct clip *clip, const char *path, int width, int height)
{
    char command[4352];
    *clip = (struct clip){0};
    if (strchr(path, '\'') || bt_frame_init(&clip->frame, width, height))
        return false;
    int size = snprintf(command, sizeof(command),
                        "ffmpeg -v fatal -i '%s' -vf crop=%d:%d:0:0 -f rawvideo -pix_fmt yuv420p - "
                        "</dev/null",
                        path, width, height);
    clip->pipe = size < (int)sizeof(command) ? popen(command, "r") : NULL;
    return clip->pipe != NULL;
}

bool clip_next(struct clip *clip, struct bt_clear *picture)
{
    const struct bauta_picture *p = &clip->frame.picture;
    for (int i = 0; i < 3; i++) {
        size_t width = (size_t)(i ? p->width / 2 : p->width);
        for (int y = 0; y < (i ? p->height / 2 : p->height); y++)
            if (fread(p->planes[i] + y * p->strides[i], 1, width, clip->pipe) != width)
                return false;
    }
    *picture = (struct bt_clear){*p};
    return true;
}

void clip_close(struct clip *clip)
{
    if (clip->pipe)
        pclose(clip->pipe);
    bt_frame_clear(&clip->frame);
    *clip = (struct clip){0};
}
