/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PACE_H
#define PACE_H

#include <gst/gst.h>

/*
 * Gives raw pictures of which no rate is told, as those of cameras without timing in their SPS, and
 * of all that send JPEG, the rate at which they come. Encoders need one: without it x264 tells a
 * clock of a nanosecond, by which raw output plays in no time, and x265 does not start. The
 * first second of pictures is measured and does not pass `pad`, a source pad.
 */
void pace_pad(GstPad *pad);

#endif
