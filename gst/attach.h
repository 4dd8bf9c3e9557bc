/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ATTACH_H
#define ATTACH_H

#include <gst/gst.h>

G_BEGIN_DECLS
#define BAUTA_TYPE_ATTACH (bauta_attach_get_type())
G_DECLARE_FINAL_TYPE(BautaAttach, bauta_attach, BAUTA, ATTACH, GstElement)
G_END_DECLS

/*
 * The element bautaattach: puts into each access unit what bautaprotect, upstream behind encoder
 * and parser, keeps of its picture. Without it nothing passes.
 */

#endif
