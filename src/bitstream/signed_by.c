/* SPDX-License-Identifier: Apache-2.0 */
#include "bitstream/signed_by.h"

#include "bitstream/sei.h"

static const struct scheme {
    const char *name;
    uint8_t uuid[BT_SEI_UUID_SIZE];
} schemes[] = {
    /* ONVIF Media Signing Specification, 5.3.1 */
    {"ONVIF Media Signing",
     {0x00, 0x5b, 0xc9, 0x3f, 0x2d, 0x71, 0x5e, 0x95, 0xad, 0xa4, 0x79, 0x6f, 0x90, 0x87, 0x7a,
      0x6f}},
    /* "Signed Video...0": AxisCommunications/signed-video-framework */
    {"Axis Signed Video",
     {0x53, 0x69, 0x67, 0x6e, 0x65, 0x64, 0x20, 0x56, 0x69, 0x64, 0x65, 0x6f, 0x2e, 0x2e, 0x2e,
      0x30}},
};

static const char *find(enum bauta_codec codec, struct bauta_bytes unescaped)
{
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        struct bt_sei_reader r;
        struct bauta_bytes body;
        bt_sei_reader_init(&r, codec, unescaped);
        if (bt_sei_next(&r, &body, schemes[i].uuid))
            return schemes[i].name;
    }
    return NULL;
}

const char *bt_signed_by(enum bauta_codec codec, struct bauta_bytes au)
{
    struct bt_nal_reader r;
    struct bauta_bytes nal;
    struct bt_buffer plain = {0};
    const char *found = NULL;
    bt_nal_reader_init(&r, au);
    while (!found && bt_nal_next(&r, &nal)) {
        if (bt_nal_kind(codec, nal) != BT_NAL_SEI)
            continue;
        bt_buffer_reset(&plain);
        bt_nal_unescape(&plain, nal);
        if (!bt_buffer_status(&plain))
            found = find(codec, bt_buffer_view(&plain));
    }
    bt_buffer_clear(&plain);
    return found;
}
