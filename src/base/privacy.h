/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_PRIVACY_H
#define BT_PRIVACY_H

#include <bauta/picture.h>

#include "base/buffer.h"

/*
 * What is safe to show and what is not, as types. They hold the same things and are not
 * interchangeable, so a clear picture cannot be given to the base encoder, nor a record to the SEI
 * writer: it does not compile. Only the functions named here turn one into another.
 *
 *   bt_clear   --bt_mosaic_hide()---> bt_masked    (mask/)      clear becomes safe
 *   bt_clear   --bt_crop_window()---> bt_crop      (mask/)      still clear: for the object encoder
 *   bt_record  --bt_capsule_seal()--> bt_capsule   (recovery/)  clear becomes safe
 *   bt_capsule --bt_capsule_open()--> bt_record    (recovery/)  safe becomes clear, with the key
 *   bt_masked  --bt_reveal_*()------> bt_revealed  (mask/)      safe becomes clear, with the key
 */

/* A picture as the camera saw it. */
struct bt_clear {
    struct bauta_picture picture;
};

/* A window of a clear picture in which only one target's hidden pixels are clear. */
struct bt_crop {
    struct bauta_picture picture;
};

/* A picture in which everybody is hidden; the only kind the base encoder takes. */
struct bt_masked {
    struct bauta_picture picture;
};

/* A picture in which whatever the key opens is clear again. */
struct bt_revealed {
    struct bauta_picture picture;
};

/* One target's object in one picture, clear. Wiped when done with. */
struct bt_record {
    struct bt_buffer bytes;
};

/* A sealed record, the only form that leaves the process. */
struct bt_capsule {
    struct bt_buffer bytes;
};

#endif
