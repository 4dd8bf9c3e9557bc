/* SPDX-License-Identifier: Apache-2.0 */
#include "law.h"

#include <dirent.h>
#include <string.h>
#include <unistd.h>

#include <bauta/file.h>

#include "crypto/key.h"
#include "crypto/sign.h"
#include "memory_file.h"
#include "pieces.h"
#include "program.h"
#include "recovered.h"
#include "watched.h"

/*
 * Recordings cut, remuxed, joined and put out of time as the input says (program.h), through
 * everything that a file can go through. Laws: what a run writes is there whole, or not at all; in
 * a protected file the square that was named is hidden in every picture, there are as many pictures
 * as were told of, the first is shown at 0 and each later than the one before; it verifies, and all
 * its regions come back; what was erased does not. Of a recording that nothing was done to, all
 * pictures are there, and they come back clear.
 */
enum { MAX_FILES = 64, START_TOLERANCE_US = 130000 };

static struct bauta_signing_key signing_key = {.bytes = {7}};
static struct bauta_signer signer;
static char folder[64];

static void remove_folder(void)
{
    rmdir(folder);
}

static void prepare(void)
{
    if (folder[0])
        return;
    snprintf(folder, sizeof(folder), "%s/bauta-remuxed-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    LAW(mkdtemp(folder));
    atexit(remove_folder);
    av_log_set_level(AV_LOG_QUIET);
    LAW(!bt_signing_key_complete(&signing_key));
    memcpy(signer.bytes, signing_key.public_bytes, sizeof(signer.bytes));
    memcpy(signer.id, signing_key.id, sizeof(signer.id));
}

struct written { /* what a run left in the folder */
    char paths[MAX_FILES][160];
    int n;
};

/* Law: there are as many files as the run says, none if it failed, and none is half a file. */
static void list(struct written *written, const char *beginning, enum bauta_status status,
                 int n_expected)
{
    DIR *open = opendir(folder);
    written->n = 0;
    LAW(open);
    for (const struct dirent *entry; (entry = readdir(open));) {
        LAW(!strstr(entry->d_name, ".part"));
        if (strncmp(entry->d_name, beginning, strlen(beginning)) == 0) {
            LAW(written->n < MAX_FILES);
            snprintf(written->paths[written->n++], sizeof(written->paths[0]), "%s/%.80s", folder,
                     entry->d_name);
        }
    }
    closedir(open);
    LAW(status != BAUTA_ERR_ARGUMENT && status != BAUTA_ERR_MEMORY);
    LAW(written->n == (status ? 0 : n_expected));
}

static void clear(const struct written *written)
{
    for (int i = 0; i < written->n; i++)
        unlink(written->paths[i]);
}

static void name_output(char path[160], const char *name, const char *ending)
{
    snprintf(path, 160, "%s/%s.%s", folder, name, ending);
}

static enum bauta_status square(void *user, struct bauta_region *regions, int *n_regions,
                                uint64_t picture, int width, int height)
{
    (void)user;
    (void)width;
    (void)height;
    (void)picture;
    regions[0] =
        (struct bauta_region){.target = 1,
                              .class_ = BAUTA_CLASS_BODY,
                              .rect = {PIECE_SQUARE_X, PIECE_SQUARE_Y, PIECE_SQUARE, PIECE_SQUARE},
                              .source = BAUTA_SOURCE_GIVEN};
    *n_regions = 1;
    return BAUTA_OK;
}

static void init_protect(struct bauta_protect_settings *s, const char *input, const char *output)
{
    static const struct bauta_public_key *recipients[1];
    recipients[0] = recovered_vectors_public_key();
    bauta_protect_settings_init(s);
    s->input = input;
    s->output = output;
    s->recipients = recipients;
    s->n_recipients = 1;
    s->signing_key = &signing_key;
    s->preset = "ultrafast";
    s->regions = square;
    s->gop_s = 0.5;
    s->threads = 0;
}

void piece_protect(struct piece *piece)
{
    struct bauta_protect_settings s;
    struct bauta_protect_result result;
    struct program_file clear_file;
    struct memory_file input;
    char output[160];
    program_run(&clear_file, (struct bauta_bytes){(const uint8_t[]){2, 0, 1, 0}, PROGRAM_HEAD});
    memory_file_open(&input, bt_buffer_view(&clear_file.content));
    name_output(output, "piece", "ts");
    init_protect(&s, input.path, output);
    LAW(!bauta_protect_file(&result, &s) && result.n_pictures == PIECE_PICTURES);
    piece_read(piece, output);
    unlink(output);
    memory_file_close(&input);
    bt_buffer_clear(&clear_file.content);
}

static void init_recover(struct bauta_recover_settings *s, const char *input, const char *output)
{
    bauta_recover_settings_init(s);
    s->input = input;
    s->output = output;
    s->key = recovered_vectors_key();
    s->preset = "ultrafast";
    s->threads = 0;
}

static enum bauta_status erase(const char *input, const char *output)
{
    struct bauta_amend_settings s;
    struct bauta_amend_result result;
    bauta_amend_settings_init(&s);
    s.input = input;
    s.output = output;
    s.erase = true;
    s.reason = "fuzzed";
    s.signing_key = &signing_key;
    s.utc_ms = 1;
    return bauta_amend_file(&result, &s);
}

static bool verify(struct bauta_verification *verification, const char *path)
{
    const struct bauta_signer *signers[] = {&signer};
    struct bauta_verifier_settings settings = {.signers = signers, .n_signers = 1};
    struct bauta_file_info info;
    memset(verification, 0, sizeof(*verification));
    return !bauta_verify_file(verification, &info, path, &settings, NULL);
}

/* The number of pictures with recovery data. */
static uint64_t inspect(const char *path)
{
    struct bauta_inspector *inspector;
    struct bauta_inspection found;
    struct bauta_file_info info;
    if (bauta_inspect_file(&inspector, &info, path, NULL))
        return 0;
    bauta_inspector_result(inspector, &found);
    LAW(found.n_pictures <= found.n_access_units && found.recovery_bytes <= found.stream_bytes);
    bauta_inspector_free(&inspector);
    return found.n_pictures;
}

/* Recordings are read that nobody protected, or that were damaged since. */
static void read_anything(const char *path)
{
    struct bauta_recover_settings s;
    struct bauta_recover_result result;
    struct bauta_verification verification;
    struct written written;
    char output[160];
    inspect(path);
    if (verify(&verification, path))
        LAW(verification.n_authentic <= verification.n_pictures);
    name_output(output, "read", "mkv");
    init_recover(&s, path, output);
    enum bauta_status status = bauta_recover_file(&result, &s);
    list(&written, "read", status, result.n_parts);
    clear(&written);
    name_output(output, "erased", "mkv");
    status = erase(path, output);
    list(&written, "erased", status, 1);
    clear(&written);
}

/* Law: everything that was hidden comes back, in as many pictures. */
static void recover(const char *path, const struct watched *masked, bool all_sealed, bool clear_)
{
    struct bauta_recover_settings s;
    struct bauta_recover_result result;
    struct watched watched;
    struct written written;
    char output[160];
    name_output(output, "shown", "mkv");
    init_recover(&s, path, output);
    enum bauta_status status = bauta_recover_file(&result, &s);
    LAW(!status);
    list(&written, "shown", status, 1);
    LAW(result.n_pictures == masked->n_pictures && result.n_undecodable == 0);
    LAW(result.n_unprotected + result.n_changed + result.n_denied + result.n_broken == 0);
    LAW(result.n_missing == 0 || !all_sealed);
    LAW(watch(&watched, written.paths[0]) && watched.n_pictures == masked->n_pictures);
    LAW(watched.rising);
    LAW(!clear_ || watched.n_clear == watched.n_pictures);
    clear(&written);
}

/* Law: nothing can be recovered of an erased file, and it verifies still. */
static void recover_erased(const char *path, const struct watched *masked)
{
    struct bauta_recover_settings s;
    struct bauta_recover_result result;
    struct bauta_verification verification;
    struct written written;
    struct watched watched;
    char erased[160], output[160];
    name_output(erased, "erased", "mkv");
    name_output(output, "shown", "mkv");
    LAW(!erase(path, erased));
    list(&written, "erased", BAUTA_OK, 1);
    LAW(watch(&watched, erased) && watched.n_pictures == masked->n_pictures);
    LAW(verify(&verification, erased) && verification.authentic);
    init_recover(&s, erased, output);
    enum bauta_status status = bauta_recover_file(&result, &s);
    LAW(result.n_shown == 0);
    clear(&written);
    list(&written, "shown", status, 1);
    clear(&written);
}

struct run { /* one protection, and what it was made of */
    const struct program_file *file;
    struct bauta_protect_settings settings;
    struct bauta_protect_result result;
    bool timed; /* the output's container has time stamps, the first of them 0 */
    bool turned;
    bool erase; /* this time also erase */
};

static void check_times(const struct run *run, const struct watched *w)
{
    if (!run->timed)
        return;
    LAW(w->rising);
    LAW(w->start_us >= -START_TOLERANCE_US && w->start_us <= START_TOLERANCE_US);
    LAW(w->first_us >= w->start_us);
}

/* Gives the number of its pictures. */
static uint64_t check_part(const struct run *run, const char *path)
{
    const struct bauta_protect_result *r = &run->result;
    struct bauta_verification verification;
    struct watched watched;
    LAW(watch(&watched, path));
    check_times(run, &watched);
    if (!run->turned &&
        (run->file->whole || run->settings.on_size_change != BAUTA_SIZE_CHANGE_SCALE))
        LAW(watched.n_hidden == watched.n_pictures);
    LAW(inspect(path) == watched.n_pictures);
    LAW(verify(&verification, path) && verification.authentic);
    LAW(verification.n_authentic == watched.n_pictures);
    recover(path, &watched, r->n_unsealed == 0,
            run->file->whole && run->file->clear && !run->turned);
    if (run->erase)
        recover_erased(path, &watched);
    return watched.n_pictures;
}

static void protect(struct run *run)
{
    struct written written;
    uint64_t n_pictures = 0;
    enum bauta_status status = bauta_protect_file(&run->result, &run->settings);
    list(&written, "masked", status, run->result.n_parts);
    for (int i = 0; i < written.n; i++)
        n_pictures += check_part(run, written.paths[i]);
    LAW(status || n_pictures == run->result.n_pictures);
    if (run->file->whole)
        LAW(run->file->clear ? !status : status == BAUTA_ERR_UNSUPPORTED);
    LAW(status || !run->file->whole || n_pictures == (uint64_t)run->file->n_pictures);
    clear(&written);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const endings[] = {"mp4", "mkv", "ts", "h264"};
    struct program_file file;
    struct memory_file input;
    char output[160];
    if (size < PROGRAM_HEAD)
        return 0;
    prepare();
    program_run(&file, (struct bauta_bytes){data, size});
    unsigned choice = data[3];
    bool h265 = choice & 4;
    memory_file_open(&input, bt_buffer_view(&file.content));
    name_output(output, "masked", h265 && choice % 4 == 3 ? "h265" : endings[choice % 4]);
    struct run run = {.file = &file, .timed = choice % 4 < 2, .turned = data[1] & 16};
    init_protect(&run.settings, input.path, output);
    run.settings.codec = h265 ? BAUTA_CODEC_H265 : BAUTA_CODEC_H264;
    run.settings.on_size_change = (enum bauta_size_change)((choice >> 3) % 3);
    run.settings.audio = !(choice & 32);
    run.settings.recovery_lossless = choice & 64;
    run.erase = choice & 128;
    if (!file.clear || choice & 128)
        read_anything(input.path);
    protect(&run);
    memory_file_close(&input);
    bt_buffer_clear(&file.content);
    return 0;
}
