/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_SIGHTING_H
#define BT_SIGHTING_H

#include <stdbool.h>

#include <bauta/target.h>
#include <bauta/view.h>
#include <bauta/whole.h>

#include "base/limits.h"

/* Words that the folders of FIND and HIDE share:
 * what detectors see, and whom the tracker follows. */

#define BT_MAX_DETECTIONS 1024

/* Top left corner and size; may reach over the picture's edge. In shown pixels (base/view.h) where
 * people are found and followed, in stored ones where they are hidden. */
struct bt_box {
    float x, y, w, h;
};

/* What a detector saw in one picture, without memory of others. */
struct bt_detection {
    struct bt_box box;
    enum bauta_class class_; /* BODY or FACE */
    float score;             /* 0 to 1 */
    bool sure;               /* of a FACE: so clear that its head need not be covered besides */
    int body;                /* of a FACE: index of the BODY whose head area holds it, or -1 */
    bool unwanted;           /* lies where nobody who appears is to be hidden: begins no track */
};

struct bt_detections {
    struct bt_detection items[BT_MAX_DETECTIONS];
    int n_items;
    int n_dropped; /* that found no place */
};

/* Where a followed target is in one picture, before padding to codec blocks. */
struct bt_sighting {
    uint32_t target;
    enum bauta_class class_;
    struct bt_box box;
    enum bauta_source source;
};

struct bt_sightings {
    struct bt_sighting items[BT_MAX_REGIONS];
    int n_items;
    int n_dropped;          /* sightings that found no place: the whole picture must be hidden */
    bool blind;             /* nobody could look: what is in here is a prediction */
    struct bauta_view view; /* how the picture is shown; the boxes are in stored pixels */
    enum bauta_whole whole; /* not NONE: the whole picture must be hidden, for this reason */
};

#endif
