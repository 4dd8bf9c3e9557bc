/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_FIELDS_H
#define BT_FIELDS_H

#include <stdbool.h>
#include <libavcodec/avcodec.h>

#include <bauta/status.h>

/* Tells which packets of H.264 hold the second field of a frame whose first one came in a packet of
 * its own (H.264 7.4.1.2.4). Start from `{0}`. */
struct bt_fields {
    AVCodecParserContext *parser;  /* NULL for other codecs */
    AVCodecContext *context;       /* the parser's */
    enum AVPictureStructure first; /* the field that waits for its other half; or UNKNOWN */
};

BAUTA_MUST_CHECK enum bauta_status bt_fields_open(struct bt_fields *fields,
                                                  const AVCodecContext *decoder);
bool bt_fields_second(struct bt_fields *fields, const AVPacket *packet);
void bt_fields_clear(struct bt_fields *fields);

#endif
