/* SPDX-License-Identifier: Apache-2.0 */
#include "law.h"

#include <bauta/file.h>

#include "codec/decode.h"
#include "memory_file.h"

/* Laws: a file is read or refused; its packets are numbered without a gap; pictures have the size
 * that was promised, and their times rise; inspecting it says as many access units as were read. */
enum { MAX_PACKETS = 64, MAX_PIXELS = 1 << 21 };

static void pull_pictures(struct bt_decode *decode, int64_t *last_pts)
{
    int width, height;
    struct bt_decoded decoded;
    bool some = true;
    bt_decode_size(decode, &width, &height);
    while (some && !bt_decode_pull(decode, &decoded, &some)) {
        LAW(!some ||
            (decoded.frame.picture.width == width && decoded.frame.picture.height == height));
        LAW(!some || decoded.pts > *last_pts);
        if (some)
            *last_pts = decoded.pts;
        bt_decoded_clear(&decoded);
    }
}

static void read_packets(struct bt_demux *demux, struct bt_decode *decode)
{
    int64_t last_pts = INT64_MIN, n_units = 0;
    struct bt_packet *packet = NULL;
    for (int n = 0; n < MAX_PACKETS && !bt_demux_read(demux, &packet) && packet; n++) {
        bool video = bt_packet_is_video(packet);
        LAW(!video || bt_packet_unit(packet) == n_units++);
        if (video && decode && !bt_decode_push(decode, packet))
            pull_pictures(decode, &last_pts);
        bt_packet_free(&packet);
    }
    if (decode && !bt_decode_push(decode, NULL))
        pull_pictures(decode, &last_pts);
}

static void try_file(const char *path)
{
    struct bt_demux *demux;
    struct bt_decode *decode = NULL;
    struct bt_video_info info;
    enum bauta_status status = bt_demux_open(&demux, path, NULL);
    LAW((status == BAUTA_OK) == (demux != NULL));
    if (status)
        return;
    bt_demux_video_info(demux, &info);
    LAW(info.width > 0 && info.height > 0);
    if ((int64_t)info.width * info.height <= MAX_PIXELS)
        status = bt_decode_new(&decode, demux, 1);
    read_packets(demux, decode);
    bt_decode_free(&decode);
    bt_demux_free(&demux);
}

static void inspect(const char *path)
{
    struct bauta_inspector *inspector;
    struct bauta_file_info info;
    struct bauta_inspection found;
    if (bauta_inspect_file(&inspector, &info, path, NULL)) {
        LAW(inspector == NULL);
        return;
    }
    bauta_inspector_result(inspector, &found);
    LAW(found.n_pictures <= found.n_access_units && found.recovery_bytes <= found.stream_bytes);
    bauta_inspector_free(&inspector);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct memory_file file;
    memory_file_open(&file, (struct bauta_bytes){data, size});
    try_file(file.path);
    inspect(file.path);
    memory_file_close(&file);
    return 0;
}
