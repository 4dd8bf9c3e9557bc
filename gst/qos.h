/* SPDX-License-Identifier: Apache-2.0 */
#ifndef QOS_H
#define QOS_H

#include <stdbool.h>

#include <gst/gst.h>

/*
 * Whether `event`, which comes from downstream, is a sink's word that pictures are late (QoS); then
 * it is taken, and ends here: converters, decoders, encoders and demuxers upstream would leave
 * pictures out for it, for everybody else behind a tee, too.
 */
bool qos_answer(GstEvent *event);

#endif
