/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SMOOTH_H
#define SMOOTH_H

#include <gst/gst.h>

/* Moves timestamps on that go back by less than a fifth of a second, as those of RTSP do when
 * packets were late and its clocks are set right: the picture is a new one, and not to be lost. So
 * it does with those that are less than a millisecond apart, as of pictures that waited: a
 * container would give them one time.
 * Larger steps stay as they are. Forget nothing at a flush: time goes on. */
void smooth_pad(GstPad *pad);

#endif
