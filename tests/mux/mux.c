/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "demux/demux_state.h"
#include "mux/mux.h"
#include "mux/waiting.h"

/* What becomes of sound that is late, refused or too much; the inputs are made here, as no file is
 * so wrong on purpose. */

/* IDR slices of nothing after parameter sets (of 16x16 pictures): what a muxer looks at. */
static const uint8_t unit[] = {0,    0, 0, 1, 0x67, 0x42, 0xc0, 0x0a, 0xda,
                               0x79, 0, 0, 0, 1,    0x68, 0xce, 0x38, 0x80,
                               0,    0, 0, 1, 0x65, 0xb8, 0x40, 0x80};

struct run {
    char path[64], name[8], said[8192];
    int n_said;
    struct bauta_log log;
    struct bt_demux demux;
    struct bt_mux *mux;
};

static void note(void *user, enum bauta_log_level level, const char *sentence)
{
    struct run *r = user;
    (void)level;
    r->n_said++;
    strncat(r->said, sentence, sizeof(r->said) - strlen(r->said) - 2);
    strcat(r->said, "\n");
}

static void begin(struct run *r, const char *format)
{
    memset(r, 0, sizeof(*r));
    snprintf(r->path, sizeof(r->path), "test_mux_%d.%s", (int)getpid(), format);
    r->log = (struct bauta_log){note, r};
    r->demux.path = strcpy(r->name, "in");
    r->demux.format = avformat_alloc_context();
    assert_non_null(r->demux.format);
    r->demux.video = avformat_new_stream(r->demux.format, NULL);
    AVStream *sound = avformat_new_stream(r->demux.format, NULL);
    assert_non_null(sound);
    r->demux.video->codecpar->codec_type = AVMEDIA_TYPE_VIDEO;
    r->demux.video->codecpar->codec_id = AV_CODEC_ID_H264;
    r->demux.video->time_base = sound->time_base = (AVRational){1, 1000};
    sound->codecpar->codec_type = AVMEDIA_TYPE_AUDIO;
    sound->codecpar->codec_id = AV_CODEC_ID_PCM_ALAW;
    sound->codecpar->sample_rate = 8000;
    av_channel_layout_default(&sound->codecpar->ch_layout, 1);
    const struct bt_mux_settings settings = {.path = r->path,
                                             .codec = BAUTA_CODEC_H264,
                                             .width = 16,
                                             .height = 16,
                                             .audio = true,
                                             .like = &r->demux,
                                             .log = &r->log};
    check_ok(bt_mux_open(&r->mux, &settings));
}

static void end(struct run *r)
{
    bt_mux_free(&r->mux);
    avformat_free_context(r->demux.format);
    unlink(r->path);
}

static void write_picture(struct run *r, int64_t time)
{
    const struct bt_coded coded = {{unit, sizeof(unit)}, time, time, true};
    check_ok(bt_mux_write_video(r->mux, &coded));
}

static void write_sound(struct run *r, int stream, int64_t time, int size)
{
    struct bt_packet packet = {.av = av_packet_alloc(), .tick = {1, 1000}, .stream = stream};
    assert_non_null(packet.av);
    assert_int_equal(0, av_new_packet(packet.av, size));
    memset(packet.av->data, 0xd5, (size_t)size);
    packet.av->pts = packet.av->dts = time;
    packet.av->duration = 100;
    check_ok(bt_mux_write_packet(r->mux, &packet));
    av_packet_free(&packet.av);
}

/* How many packets of each stream a file has. */
static void count(int n[2], const char *path)
{
    AVFormatContext *format = NULL;
    AVPacket *packet = av_packet_alloc();
    n[0] = n[1] = 0;
    assert_int_equal(0, avformat_open_input(&format, path, NULL, NULL));
    while (av_read_frame(format, packet) >= 0) {
        n[packet->stream_index]++;
        av_packet_unref(packet);
    }
    av_packet_free(&packet);
    avformat_close_input(&format);
}

static void refused_sound_ends_and_pictures_go_on(void **state)
{
    struct run r;
    int n[2];
    (void)state;
    begin(&r, "mkv");
    for (int i = 0; i < 10; i++) {
        write_picture(&r, i * 100);
        write_sound(&r, 1, i == 5 ? 90 : i * 100, 800); /* one of them goes back */
    }
    check_ok(bt_mux_finish(r.mux));
    count(n, r.path);
    assert_int_equal(10, n[0]);
    assert_true(n[1] > 0 && n[1] < 10);
    assert_int_equal(1, r.n_said);
    assert_non_null(strstr(r.said, "ends early"));
    end(&r);
}

static void late_sound_is_left_out_and_told_once(void **state)
{
    struct run r;
    int n[2];
    (void)state;
    begin(&r, "mkv");
    for (int i = 0; i < 10; i++) {
        write_picture(&r, i * 100);
        write_sound(&r, 1, i * 100, 800);
        write_sound(&r, 7, i * 100, 800);
    }
    check_ok(bt_mux_finish(r.mux));
    count(n, r.path);
    assert_int_equal(10, n[0]);
    assert_int_equal(10, n[1]);
    assert_int_equal(1, r.n_said);
    end(&r);
}

static void sound_before_the_first_picture_is_bounded(void **state)
{
    enum { SIZE = 1 << 20, N = 40 };
    struct run r;
    int n[2];
    (void)state;
    begin(&r, "mkv");
    for (int i = 0; i < N; i++)
        write_sound(&r, 1, i * 100, SIZE);
    assert_int_equal(1, r.n_said);
    write_picture(&r, N * 100);
    check_ok(bt_mux_finish(r.mux));
    count(n, r.path);
    assert_int_equal(1, n[0]);
    assert_int_equal(BT_WAITING_SIZE / SIZE - 1, n[1]); /* their headers count, too */
    end(&r);
}

static void what_a_container_cannot_hold_is_told_with_those_that_can(void **state)
{
    struct run r;
    (void)state;
    begin(&r, "mp4");
    assert_non_null(strstr(r.said, "pcm_alaw sound is left out: mp4 cannot hold it; mov, mkv can"));
    write_picture(&r, 0);
    write_sound(&r, 1, 0, 800);
    check_ok(bt_mux_finish(r.mux));
    end(&r);
}

static AVPacket *packet_at(int stream, int64_t time)
{
    AVPacket *packet = av_packet_alloc();
    assert_non_null(packet);
    packet->stream_index = stream;
    packet->pts = packet->dts = time;
    packet->time_base = (AVRational){1, 10};
    return packet;
}

/* Pushes a packet; gives the letters of those that come out: stream 0 is 'a' and so on. */
static void push(char *order, struct bt_waiting *w, int stream, int64_t time, bool all)
{
    AVPacket *packet;
    check_ok(bt_waiting_push(w, packet_at(stream, time)));
    while ((packet = bt_waiting_take(w, all))) {
        size_t end = strlen(order);
        order[end] = (char)('a' + packet->stream_index);
        order[end + 1] = '\0';
        av_packet_free(&packet);
    }
}

static void packets_come_out_in_the_order_of_time(void **state)
{
    struct bt_waiting w = {0};
    char order[64] = "";
    (void)state;
    check_ok(bt_waiting_init(&w, 2));
    push(order, &w, 0, 3, false);
    push(order, &w, 0, 4, false);
    assert_string_equal("", order); /* something earlier may come */
    push(order, &w, 1, 1, false);
    push(order, &w, 1, 2, false);
    push(order, &w, 1, 5, false);
    assert_string_equal("bbaa", order);
    push(order, &w, 0, 6, true);
    assert_string_equal("bbaaba", order);
    bt_waiting_clear(&w);
}

static void nobody_waits_for_ever(void **state)
{
    struct bt_waiting w = {0};
    char order[64] = "";
    (void)state;
    check_ok(bt_waiting_init(&w, 3));
    bt_waiting_sparse(&w, 2);
    push(order, &w, 0, 0, false);
    push(order, &w, 0, 90, false);
    assert_string_equal("", order);
    push(order, &w, 0, 120, false); /* twelve seconds without the other */
    assert_string_equal("a", order);
    push(order, &w, 1, 90, false); /* the same time: the first stream's comes first */
    assert_string_equal("aab", order);
    bt_waiting_close(&w, 1);
    push(order, &w, 0, 130, false);
    assert_string_equal("aabaa", order);
    push(order, &w, 1, 140, false); /* closed: thrown away */
    assert_string_equal("aabaa", order);
    bt_waiting_clear(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refused_sound_ends_and_pictures_go_on),
        cmocka_unit_test(late_sound_is_left_out_and_told_once),
        cmocka_unit_test(sound_before_the_first_picture_is_bounded),
        cmocka_unit_test(what_a_container_cannot_hold_is_told_with_those_that_can),
        cmocka_unit_test(packets_come_out_in_the_order_of_time),
        cmocka_unit_test(nobody_waits_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
