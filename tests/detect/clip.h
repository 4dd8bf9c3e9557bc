/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_TESTS_CLIP_H
#define BT_TESTS_CLIP_H

#include <stdbool.h>
#include <stdio.h>

#include "base/frame.h"
#include "base/privacy.h"
#include "demo_clip.h"

/*
 * Pictures of a real clip, decoded by the program `ffmpeg`, so that tests of the detector do not
 * depend on our own demultiplexer. The demo clip is Debian's opencv-doc vtest.avi (PETS09-S2L1 View
 * 1): 795 pictures of 768x576, 10 a second.
 */
enum { DEMO_WIDTH = 768, DEMO_HEIGHT = 576, DEMO_PICTURES = 795, DEMO_STEP_US = 100000 };

struct clip {
    FILE *pipe;
    struct bt_frame frame;
};

/* Folder of lib/ and models/: $BAUTA_DATA, or the one that the build was given. */
const char *clip_data_dir(void);
/* Opens a clip, or a photo; of its pictures the top left `width` x `height`, both even. False: it
 * cannot be read. */
bool clip_open(struct clip *clip, const char *path, int width, int height);
/* The next picture, in the clip's memory until the next call; false: there is none. */
bool clip_next(struct clip *clip, struct bt_clear *picture);
void clip_close(struct clip *clip);

#endif
