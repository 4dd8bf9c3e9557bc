/* SPDX-License-Identifier: Apache-2.0 */
#ifndef THIN_H
#define THIN_H

#include <gst/gst.h>
#include <stdbool.h>

/* Lets at most `rate` buffers a second through `pad`, by their timestamps. Unlike videorate it says
 * nothing of that in caps, which would slow down everything before a tee. */
void thin_pad(GstPad *pad, int rate);

#endif
