/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENCODER_H
#define ENCODER_H

#include <gst/gst.h>

#include "config/config.h"

/*
 * From masked pictures to access units: a bin with pads "sink" (raw video) and "src" (H.264 or
 * H.265, byte stream, whole access units). It makes no IDR picture but where bautaprotect asks for
 * one, and no B-pictures, so that what goes in comes out at once.
 */

/* What is wrong with what was said of it, or NULL; the caller frees it. */
char *encoder_check(const struct stream_config *config);
/* NULL with `*problem`, a sentence that the caller frees. The bin is floating. */
GstElement *encoder_new(const struct stream_config *config, const char *name, char **problem);

#endif
