/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_OUTPUT_H
#define BT_OUTPUT_H

#include "codec/encode.h"
#include "mux/mux.h"
#include "pipeline/source.h"

/* Where pictures go: an encoder and the file that holds what it makes. */
struct bt_output {
    struct bt_encode *encode;
    struct bt_mux *mux;
};

/* What a run asks for; the rest follows from its source. */
struct bt_output_settings {
    const char *path, *format;
    bool replace; /* as in bauta_work_file_settings, and the next */
    unsigned mode;
    enum bauta_codec codec;
    double crf; /* as in bt_encode_settings, and so the next five */
    bool lossless;
    const char *preset, *encoder, *options;
    double gop_s;
    bool audio, keep_subtitles, keep_tags, others_apart; /* as in bt_mux_settings, and the next */
    uint64_t began_ms;
    const struct bauta_log *log;
};

/* Before anything is read: whether `path` can be written at all, and is not `input`. */
BAUTA_MUST_CHECK enum bauta_status bt_output_check(const char *input,
                                                   const struct bt_output_settings *settings);
/* For the part that the source is at. Whatever it gives, clear `output` afterwards. */
BAUTA_MUST_CHECK enum bauta_status bt_output_open(struct bt_output *output,
                                                  const struct bt_source *source,
                                                  const struct bt_output_settings *settings);
/* Frees both; a file that was not finished is removed. */
void bt_output_clear(struct bt_output *output);

#endif
