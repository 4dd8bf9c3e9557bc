/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A camera's loop in less than a hundred lines: raw I420 pictures come in on standard input, a
 * protected H.264 stream goes out on standard output.
 *
 *   cc camera.c -o camera $(pkg-config --cflags --libs bauta)
 *   ffmpeg -i IN -f rawvideo -pix_fmt yuv420p - | ./camera 768 576 25 recipient.pub > masked.h264
 */
#include <stdio.h>
#include <stdlib.h>

#include <bauta/protector.h>

static void say(void *user, enum bauta_log_level level, const char *sentence)
{
    (void)user;
    (void)level;
    fprintf(stderr, "camera: %s\n", sentence);
}

static const struct bauta_log log_to_stderr = {say, NULL};

/* One picture: mask it, code it with any encoder, attach what the mask hides, send it. */
static enum bauta_status send_picture(struct bauta_protector *protector,
                                      const struct bauta_object_codec *codec, void *encoder,
                                      struct bauta_picture *picture, int64_t pts)
{
    struct bauta_mask_report report;
    struct bauta_bytes coded, protected_unit;
    enum bauta_status status = bauta_protector_mask(protector, &report, picture, pts);
    if (!status)
        status = codec->encode(encoder, &coded, picture, report.random_access);
    if (!status)
        status = bauta_protector_attach(protector, &protected_unit, coded, pts);
    if (!status &&
        fwrite(protected_unit.data, 1, protected_unit.size, stdout) < protected_unit.size)
        status = BAUTA_ERR_IO;
    return status;
}

static enum bauta_status run(const struct bauta_public_key *recipient, int width, int height,
                             int rate)
{
    /* Here it codes the whole picture, too; take your own encoder. */
    struct bauta_object_codec codec;
    struct bauta_protector_settings settings;
    struct bauta_protector *protector = NULL;
    void *encoder = NULL;
    size_t luma = (size_t)width * (size_t)height;
    uint8_t *samples = malloc(luma * 3 / 2);
    bauta_object_codec_init(&codec, BAUTA_CODEC_H264);
    bauta_protector_settings_init(&settings);
    settings.width = width;
    settings.height = height;
    settings.recipients = &recipient;
    settings.n_recipients = 1;
    settings.object_codec = &codec;
    settings.log = &log_to_stderr;
    enum bauta_status status =
        samples ? bauta_protector_new(&protector, &settings) : BAUTA_ERR_MEMORY;
    if (!status)
        status = codec.encoder_new(&encoder, &codec, width, height);
    for (int64_t n = 0; !status && fread(samples, luma * 3 / 2, 1, stdin) == 1; n++) {
        struct bauta_picture picture = {width,
                                        height,
                                        {samples, samples + luma, samples + luma + luma / 4},
                                        {width, width / 2, width / 2}};
        status = send_picture(protector, &codec, encoder, &picture, n * 1000000 / rate);
    }
    if (encoder)
        codec.encoder_free(&encoder);
    bauta_protector_free(&protector);
    free(samples);
    return status;
}

int main(int argc, char **argv)
{
    struct bauta_public_key *recipient;
    if (argc != 5 || atoi(argv[1]) < 16 || atoi(argv[2]) < 16 || atoi(argv[3]) < 1) {
        fprintf(stderr, "usage: camera WIDTH HEIGHT RATE RECIPIENT.pub <pictures >stream.h264\n");
        return 2;
    }
    enum bauta_status status = bauta_public_key_read(&recipient, argv[4], &log_to_stderr);
    if (!status)
        status = run(recipient, atoi(argv[1]), atoi(argv[2]), atoi(argv[3]));
    if (status)
        fprintf(stderr, "camera: %s\n", bauta_status_text(status));
    bauta_public_key_free(&recipient);
    return status ? 1 : 0;
}
