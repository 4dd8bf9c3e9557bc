/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_TESTS_DEMO_CLIP_H
#define BT_TESTS_DEMO_CLIP_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* $BAUTA_DEMO_CLIP, or where Debian puts the clip. Without the clip the test program ends here and
 * says what is missing: what follows would blame other things, some of it after minutes. */
static inline const char *demo_clip_path(void)
{
    const char *path = getenv("BAUTA_DEMO_CLIP");
    if (!path || !*path)
        path = "/usr/share/doc/opencv-doc/examples/data/vtest.avi";
    if (access(path, R_OK)) {
        puts("Bail out! BAUTA_DEMO_CLIP names no file: ./dev test gets the demo clip and sets it; "
             "or run ./dev setup and set it to vendor/clips/vtest.avi");
        fflush(NULL);
        _exit(1); /* not by way of the checkers that run at exit: this is no leak */
    }
    return path;
}

#endif
