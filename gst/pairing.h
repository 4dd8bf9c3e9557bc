/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PAIRING_H
#define PAIRING_H

#include <stdbool.h>

#include <gst/gst.h>

/*
 * How two elements of this plugin find each other through what stands between them: the one
 * downstream sends a query of its own up the stream, which other elements pass on, and the other
 * one puts what they share, a counted object of a boxed type, into it.
 */

/* What who answers to `name` upstream of `sink_pad` shares, counted; NULL: nobody answers. */
gpointer pairing_ask(GstPad *sink_pad, const char *name, GType type);
/* Whether `query` asks for `name`; then it is answered. */
bool pairing_answer(GstQuery *query, const char *name, GType type, gconstpointer shared);

#endif
