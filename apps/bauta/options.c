/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "say.h"

enum { HELP_COLUMN = 26 }; /* characters for an option and its value */

static const struct option {
    const char *name, *value; /* value: NULL if it takes none */
    const char *help;
    bool many;
} table[N_OPTIONS] = {
    [OPTION_RECIPIENT] = {"recipient", "FILE.pub",
                          "seal the originals to this public key or group; give it again "
                          "for more; FILE,from=T,until=T: for that time of the recording only",
                          true},
    [OPTION_HOLDER] = {"recipient", "FILE.pub", "who may open it: the holder's public key", false},
    [OPTION_KEY] = {"key", "FILE.key", "the private key that opens the originals", false},
    [OPTION_PASSPHRASE_FILE] = {"passphrase-file", "FILE",
                                "read the passphrase from the first line of FILE, which only its "
                                "owner can read",
                                false},
    [OPTION_NO_PASSPHRASE] = {"no-passphrase", NULL, "do not encrypt the private key", false},
    [OPTION_SIGNING] = {"sign", NULL, "a pair to sign with, not to open originals", false},
    [OPTION_SIGN] = {"sign", "FILE.key", "sign what is made with this signing key", false},
    [OPTION_SIGN_PASSPHRASE_FILE] = {"sign-passphrase-file", "FILE",
                                     "the passphrase of --sign's key", false},
    [OPTION_SIGNER] = {"signer", "FILE.pub", "who may have signed; give it again for more", true},
    [OPTION_ROTATE] = {"rotate", "SECONDS", "a new stream key after so long; 0: never", false},
    [OPTION_BEGAN] = {"began", "UTC",
                      "when the recording began, as 2026-11-24T10:00:00Z (default: as IN tells)",
                      false},
    [OPTION_GRANT] = {"grant", "FILE", "show what this grant allows; --key is its holder's", false},
    [OPTION_GROUP] = {"group", "FILE.group", "ask this group to approve, instead of --key", false},
    [OPTION_MEMBERS] = {"members", "A.pub,B.pub,...", "who is in the group", false},
    [OPTION_THRESHOLD] = {"threshold", "N", "how many of them must agree", false},
    [OPTION_REASON] = {"reason", "TEXT", "why; it is kept", false},
    [OPTION_CASE] = {"case", "ID", "number of the case; it is kept", false},
    [OPTION_EXPIRES] = {"expires", "UTC",
                        "until when it may be used, as 2026-12-24T10:00:00Z (default: for good)",
                        false},
    [OPTION_OUTPUT] = {"output", "FILE", "where to write; -o for short", false},
    [OPTION_OUTPUT_FOLDER] = {"output", "DIR",
                              "the folder for what any number of files and folders become; it is "
                              "made if need be, and what is in it already is not done again; -o "
                              "for short",
                              false},
    [OPTION_FORCE] = {"force", NULL,
                      "replace what is there already under the name of OUT (never a key, grant, "
                      "passphrase, audit log or signature)",
                      false},
    [OPTION_MODE] =
        {"mode", "MODE",
         "rights of what is written, as chmod takes them in digits (default: 0600 where "
         "it shows originals, else as the umask leaves them)",
         false},
    [OPTION_CLEAR] = {"clear", "N",
                      "this person shall be seen, by the number that inspect lists; give it "
                      "again for more; 0 needs --whole-picture",
                      true},
    [OPTION_WHOLE_PICTURE] = {"whole-picture", NULL,
                              "target 0 is meant: pictures that were hidden whole, with everybody "
                              "who is in them",
                              false},
    [OPTION_ADD] = {"add", "FILE.pub", "a recipient, or group, more; give it again for more", true},
    [OPTION_REMOVE] = {"remove", "FILE.pub", "a recipient, or group, less; give it again for more",
                       true},
    [OPTION_EVERYTHING] = {"everything", NULL,
                           "all originals of everybody, and all envelopes: nothing is left that "
                           "any key or grant could open",
                           false},
    [OPTION_HEAD] = {"head", "FILE", "a head of this log that was kept elsewhere", false},
    [OPTION_AUDIT] = {"audit", "FILE",
                      "the audit log (default: bauta/audit.db in $XDG_STATE_HOME or "
                      "~/.local/state)",
                      false},
    [OPTION_MASK] = {"mask", "face|body|both",
                     "what to hide: faces and estimated heads, bodies, or both (default)", false},
    [OPTION_LOOKAHEAD] =
        {"lookahead", "N",
         "pictures to look at before one is decided (default: a second of them, or four "
         "looks if that is more); "
         "0 delays nothing, and hides more than need be",
         false},
    [OPTION_DETECT_EVERY] = {"detect-every", "N|auto",
                             "look at one picture in N and predict between; auto, or 0: as "
                             "many as keep up with real time",
                             false},
    [OPTION_ALWAYS] =
        {"always", "X,Y,W,H",
         "hide this area in every picture, in pixels of IN as stored, before any turn; give it "
         "again for more",
         true},
    [OPTION_NEVER] =
        {"never", "X,Y,W,H",
         "hide nobody who appears inside this area (in the same pixels), as on a poster; give it "
         "again for more",
         true},
    [OPTION_TURN] = {"turn", "90|180|270|auto",
                     "the camera hangs turned and does not say so: turn what IN shows clockwise; "
                     "auto: look which way people stand (needs a file)",
                     false},
    [OPTION_ASPECT] =
        {"aspect", "W:H",
         "shape of one pixel, where IN tells none or a wrong one: 2:1 of pictures with "
         "half the columns",
         false},
    [OPTION_FACE_SCORE] = {"face-score", "S", "a face counts from this score on", false},
    [OPTION_BODY_SCORE] = {"body-score", "S", "a body counts from this score on", false},
    [OPTION_FACE_PADDING] = {"face-padding", "P",
                             "share of a face's size that its mask is larger on each side", false},
    [OPTION_BODY_PADDING] = {"body-padding", "P", "the same of a body", false},
    [OPTION_HOLD] = {"hold", "SECONDS", "how long a mask stays after the last sight", false},
    [OPTION_STYLE] = {"style", "mosaic|noise|solid",
                      "what masks look like: blocks in the target's colours (default), grey blocks "
                      "with noise, or plain grey",
                      false},
    [OPTION_BLOCKS] = {"blocks", "N", "at most so many blocks across a mask's shorter side", false},
    [OPTION_EPSILON] = {"epsilon", "E", "how much --style noise may tell; less is safer", false},
    [OPTION_CODEC] = {"codec", "h264|h265", "codec of the output (default h264)", false},
    [OPTION_CRF] = {"crf", "N", "quality, lower is better", false},
    [OPTION_PRESET] = {"preset", "NAME",
                       "speed of the encoder, as x264 names it (default veryfast)", false},
    [OPTION_ENCODER] = {"encoder", "NAME",
                        "another encoder of FFmpeg than libx264 or libx265; --crf and --preset are "
                        "not for it",
                        false},
    [OPTION_ENCODER_OPTIONS] = {"encoder-options", "N=V,N=V",
                                "more for the encoder, as FFmpeg names it", false},
    [OPTION_OBJECT_CODEC] = {"object-codec", "h264|h265",
                             "codec of the kept originals (default h264)", false},
    [OPTION_RECOVERY] = {"recovery", "lossy|lossless",
                         "lossless: originals come back bit for bit (default lossy: as good as "
                         "the rest of the picture)",
                         false},
    [OPTION_RECOVERY_CRF] = {"recovery-crf", "N",
                             "quality of the kept originals (default: that of the rest)", false},
    [OPTION_GOP] = {"gop", "SECONDS", "from one random access point to the next", false},
    [OPTION_REGIONS] = {"regions", "FILE",
                        "hide what FILE names, one JSON object a picture, in pixels of IN as "
                        "stored, instead of what is "
                        "detected; a picture without a line is hidden whole; what --report "
                        "writes fits (docs/regions.md)",
                        false},
    [OPTION_REPORT] =
        {"report", "FILE",
         "write what was hidden, one JSON object a picture, in pixels of IN as stored", false},
    [OPTION_REPORT_READ] = {"report", "FILE", "what was hidden, as --report of protect writes it",
                            false},
    [OPTION_TRUTH] =
        {"truth", "FILE",
         "where people really are, in rows of the MOT challenge and pixels of the video as stored",
         false},
    [OPTION_AUDIO] = {"audio", "copy|none",
                      "copy the sound (default), or leave it out: a voice identifies", false},
    [OPTION_NO_AUDIO] = {"no-audio", NULL, "the same as --audio none", false},
    [OPTION_KEEP_TAGS] = {"keep-tags", NULL,
                          "copy titles, places, comments and other tags, which may name people",
                          false},
    [OPTION_KEEP_SUBTITLES] = {"keep-subtitles", NULL, "copy the subtitles, which may name people",
                               false},
    [OPTION_FORMAT] = {"format", "NAME",
                       "container, where OUT does not tell: mp4, mov, mkv, ts, h264, h265", false},
    [OPTION_TRACK] = {"track", "N",
                      "which video track of IN, from 1, in the order that ffprobe lists them "
                      "(default: the one that players show)",
                      false},
    [OPTION_TRACK_OR_ALL] =
        {"track", "N|all",
         "which video track of IN, from 1, in the order that ffprobe lists them "
         "(default: the one that players show); or all of them, OUT and OUT-track2 and so on",
         false},
    [OPTION_TARGET] = {"target", "N",
                       "only this person, by the number that inspect lists; give it again for "
                       "more; 0 needs --whole-picture",
                       true},
    [OPTION_CLASS] = {"class", "face|head|body", "only this class; give it again for more", true},
    [OPTION_SINCE] = {"since", "T", "only from T on: seconds, or [HH:]MM:SS", false},
    [OPTION_UNTIL] = {"until", "T", "only before T, the same (a picture at T is not in it)", false},
    [OPTION_SINCE_UTC] = {"since", "T",
                          "only from T on: seconds, [HH:]MM:SS, or UTC, as 2026-11-24T10:00:00Z",
                          false},
    [OPTION_UNTIL_UTC] = {"until", "T", "only before T, the same (a picture at T is not in it)",
                          false},
    [OPTION_LOSSLESS] = {"lossless", NULL, "encode the output without loss", false},
    [OPTION_THREADS] = {"threads", "N",
                        "0: all on one thread; 1: stages side by side (default); "
                        "2: and two for the detector",
                        false},
    [OPTION_THREADS_SHOWING] = {"threads", "N",
                                "0: all on one thread; 1: stages side by side (default)", false},
    [OPTION_THREADS_DETECTING] = {"threads", "N", "1: one for the detector (default); 2: two",
                                  false},
    [OPTION_ON_SEAL_FAILURE] = {"on-seal-failure", "continue|stop",
                                "an original that cannot be kept is counted (default), or "
                                "ends the run",
                                false},
    [OPTION_ON_SIZE_CHANGE] = {"on-size-change", "split|scale|stop",
                               "where pictures change their size: go on in OUT-part2 (default), "
                               "bring all to the first size, or stop",
                               false},
    [OPTION_BODY_MODEL] = {"body-model", "FILE", "ONNX model instead of the default", false},
    [OPTION_FACE_MODEL] = {"face-model", "FILE", "ONNX model instead of the default", false},
    [OPTION_BODY_FAMILY] = {"body-family", "NAME",
                            "how that model's outputs are read, where they do not tell", false},
    [OPTION_FACE_FAMILY] = {"face-family", "NAME", "the same of the face model", false},
    [OPTION_ON_DETECTOR_FAILURE] = {"on-detector-failure", "stop|mask-all",
                                    "a model that cannot be loaded is an error (default), or "
                                    "every picture is hidden whole",
                                    false},
    [OPTION_DATA] = {"data", "DIR",
                     "where models/ and lib/ are (default: $BAUTA_DATA, or as built)", false},
    [OPTION_CONFIG] = {"config", "FILE", "the configuration of the service (docs/live.md)", false},
    [OPTION_CHECK_CONFIG] = {"check-config", NULL, "say what is wrong with it, and no more", false},
    [OPTION_LISTEN] = {"listen", "ADDR[:PORT]",
                       "where the page is served (default: 127.0.0.1, a free port)", false},
    [OPTION_CERTIFICATE] = {"certificate", "FILE",
                            "a PEM certificate: by TLS, which anything but 127.0.0.1 and [::1] "
                            "needs",
                            false},
    [OPTION_PRIVATE_KEY] = {"private-key", "FILE", "the certificate's own key, PEM", false},
    [OPTION_USER] = {"user", "NAME", "who asks the camera for its stream", false},
    [OPTION_PASSWORD_FILE] = {"password-file", "FILE",
                              "read the camera's password from the first line of FILE, which only "
                              "its owner can read",
                              false},
    [OPTION_OPEN] = {"open", NULL, "open the page in the browser", false},
    [OPTION_JSON] = {"json", NULL, "for machines", false},
    [OPTION_MOT] = {"mot", NULL, "rows of the MOT challenge (default)", false},
    [OPTION_QUIET] = {"quiet", NULL, "say only what went wrong", false},
    [OPTION_HELP] = {"help", NULL, "this text", false},
};

/* Those that are numbers of the library's table, which has their ranges and defaults. */
static const struct {
    enum option_id option;
    enum bauta_setting_id setting;
    bool other; /* the default is another, and its help says which */
} numbers[] = {
    {OPTION_ROTATE, BAUTA_SETTING_ROTATE, false},
    {OPTION_LOOKAHEAD, BAUTA_SETTING_LOOKAHEAD_PICTURES, true},
    {OPTION_DETECT_EVERY, BAUTA_SETTING_DETECT_EVERY, false},
    {OPTION_FACE_SCORE, BAUTA_SETTING_FACE_SCORE, false},
    {OPTION_BODY_SCORE, BAUTA_SETTING_BODY_SCORE, false},
    {OPTION_FACE_PADDING, BAUTA_SETTING_FACE_PADDING, false},
    {OPTION_BODY_PADDING, BAUTA_SETTING_BODY_PADDING, false},
    {OPTION_HOLD, BAUTA_SETTING_HOLD, false},
    {OPTION_BLOCKS, BAUTA_SETTING_BLOCKS, false},
    {OPTION_EPSILON, BAUTA_SETTING_EPSILON, false},
    {OPTION_CRF, BAUTA_SETTING_CRF, true},
    {OPTION_RECOVERY_CRF, BAUTA_SETTING_RECOVERY_CRF, true},
    {OPTION_GOP, BAUTA_SETTING_EPOCH, false},
};

static bool knows(const struct command *command, enum option_id id)
{
    if (id == OPTION_HELP)
        return true;
    for (const enum option_id *o = command->options; *o != N_OPTIONS; o++)
        if (*o == id)
            return true;
    return false;
}

/* The option that `text` (without the dashes, up to `length`) names; N_OPTIONS if none. */
static enum option_id find(const struct command *command, const char *text, size_t length)
{
    for (int i = 0; i < N_OPTIONS; i++)
        if (strlen(table[i].name) == length && strncmp(table[i].name, text, length) == 0 &&
            knows(command, (enum option_id)i))
            return (enum option_id)i;
    return N_OPTIONS;
}

static bool add_value(struct options *options, enum option_id id, const char *value)
{
    if (options->n_values[id] == MAX_VALUES || (options->n_values[id] > 0 && !table[id].many)) {
        snprintf(options->problem, sizeof(options->problem), "--%s was given too often",
                 table[id].name);
        return false;
    }
    options->values[id][options->n_values[id]++] = value;
    return true;
}

/* Reads the option at argv[*at], and its value, which may be the next word. */
static bool parse_option(struct options *options, const struct command *command, int argc,
                         char **argv, int *at)
{
    bool short_ = strcmp(argv[*at], "-o") == 0;
    const char *text = short_ ? "output" : argv[*at] + 2, *equals = strchr(text, '=');
    size_t length = equals ? (size_t)(equals - text) : strlen(text);
    enum option_id id = find(command, text, length);
    if (id == N_OPTIONS) {
        snprintf(options->problem, sizeof(options->problem), "%s does not know --%.*s",
                 command->name, (int)length, text);
        return false;
    }
    if (!table[id].value) {
        if (equals)
            snprintf(options->problem, sizeof(options->problem), "--%s takes no value",
                     table[id].name);
        return !equals && add_value(options, id, table[id].name);
    }
    if (equals)
        return add_value(options, id, equals + 1);
    if (*at + 1 >= argc) {
        snprintf(options->problem, sizeof(options->problem), "--%s needs a value", table[id].name);
        return false;
    }
    return add_value(options, id, argv[++*at]);
}

bool options_parse(struct options *options, const struct command *command, int argc, char **argv)
{
    memset(options, 0, sizeof(*options));
    options->arguments = argv;
    bool only_arguments = false;
    for (int i = 0; i < argc; i++) {
        if (!only_arguments && strcmp(argv[i], "--") == 0) {
            only_arguments = true;
        } else if (!only_arguments &&
                   (strncmp(argv[i], "--", 2) == 0 || strcmp(argv[i], "-o") == 0)) {
            if (!parse_option(options, command, argc, argv, &i))
                return false;
        } else {
            argv[options->n_arguments++] = argv[i]; /* never beyond i */
        }
    }
    bool some = command->n_arguments == SOME_ARGUMENTS;
    if (options_has(options, OPTION_HELP) ||
        (some ? options->n_arguments > 0 : options->n_arguments == command->n_arguments))
        return true;
    if (some) {
        snprintf(options->problem, sizeof(options->problem), "%s needs a file or a folder",
                 command->name);
        return false;
    }
    snprintf(options->problem, sizeof(options->problem), "%s takes %d argument%s, not %d",
             command->name, command->n_arguments, say_s((unsigned long long)command->n_arguments),
             options->n_arguments);
    return false;
}

const char *options_name(enum option_id id)
{
    return table[id].name;
}

bool options_has(const struct options *options, enum option_id id)
{
    return options->n_values[id] > 0;
}

const char *options_get(const struct options *options, enum option_id id)
{
    return options_has(options, id) ? options->values[id][options->n_values[id] - 1] : NULL;
}

bool options_setting(const struct options *options, enum option_id id, double *value,
                     enum bauta_setting_id setting)
{
    char sentence[BAUTA_SETTING_SENTENCE] = "cannot be read: there is no memory";
    const char *text = options_get(options, id);
    if (!text || !bauta_setting_read(value, sentence, setting, text, BAUTA_UNIT_SECONDS))
        return true;
    cli_say("--%s %s", table[id].name, sentence);
    return false;
}

bool options_number(const struct options *options, enum option_id id, double *value, double least,
                    double most)
{
    const char *text = options_get(options, id);
    char *end;
    if (!text)
        return true;
    double number = strtod(text, &end);
    if (end == text || *end || !isfinite(number) || number < least || number > most) {
        cli_say("--%s wants a number from %g to %g, not '%s'", table[id].name, least, most, text);
        return false;
    }
    *value = number;
    return true;
}

static double standard_of(enum bauta_setting_id id)
{
    return bauta_setting_get(id)->standard;
}

/* What the number of an option may be, and is where it is not given; nothing of what is none. */
static void print_range(FILE *to, enum option_id id)
{
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        const struct bauta_setting *s = bauta_setting_get(numbers[i].setting);
        if (numbers[i].option != id)
            continue;
        fprintf(to, " (%.10g to %.10g", s->least, s->most);
        if (!numbers[i].other)
            fprintf(to, "; default %.10g", s->standard);
        if (id == OPTION_CRF)
            fprintf(to, "; default: protect %.10g, h265 %.10g; recover, export %.10g",
                    standard_of(BAUTA_SETTING_CRF), standard_of(BAUTA_SETTING_CRF_H265),
                    standard_of(BAUTA_SETTING_CRF_SHOWN));
        fprintf(to, ")");
    }
}

void options_print_usage(FILE *to, const struct command *command)
{
    fprintf(to, "usage: bauta %s %s\n\n%s\n\n", command->name, command->usage, command->purpose);
    for (int i = 0; i < N_OPTIONS; i++) {
        if (!knows(command, (enum option_id)i))
            continue;
        char left[64];
        snprintf(left, sizeof(left), "--%s%s%s", table[i].name, table[i].value ? " " : "",
                 table[i].value ? table[i].value : "");
        if (strlen(left) > HELP_COLUMN) /* a line of its own */
            fprintf(to, "  %s\n  %-*s %s", left, HELP_COLUMN, "", table[i].help);
        else
            fprintf(to, "  %-*s %s", HELP_COLUMN, left, table[i].help);
        print_range(to, (enum option_id)i);
        fprintf(to, "\n");
    }
}
