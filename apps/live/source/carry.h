/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CARRY_H
#define CARRY_H

#include <gst/gst.h>

/*
 * Carries times on that jump: pictures whose running time goes back, or ahead by more than two
 * seconds, follow on the last one, on the sink pad `pad` of what waits for their time. A flush
 * begins anew. The first jump is posted on the bus of `element`.
 */
void carry_pad(GstPad *pad, GstElement *element);
/* The sentence in such a message, which the caller frees; NULL: it is another. */
char *carry_read(GstMessage *message);

#endif
