/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_MUX_IO_H
#define BT_MUX_IO_H

#include <bauta/work_file.h>

#include "demux/ffmpeg.h"

/* Lets a muxer write into a work file, which must outlive it, and read again what it wrote, as that
 * of MP4 does to move the index to the front. */
BAUTA_MUST_CHECK enum bauta_status
bt_mux_io_open(AVFormatContext *format, const struct bauta_work_file *file, const char *name);
/* Before the muxer is freed, whether or not it was opened; what is buffered is lost. */
void bt_mux_io_close(AVFormatContext *format);

#endif
