/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "batch_list.h"
#include "verify_pieces.h"
#include "verify_report.h"

struct job {
    struct bauta_signer *signers[MAX_VALUES];
    const struct bauta_signer *borrowed[MAX_VALUES];
    int n_signers;
    struct verify_pieces pieces; /* what was judged together already */
    size_t n_done, n_tampered;   /* of many: files that stand alone, */
    bool others;                 /* and whether one could not be judged */
};

/* Of many, notes what became of a file that is no piece of a recording. */
static int note(struct job *job, int result)
{
    job->n_done += result == EXIT_DONE || result == EXIT_INCOMPLETE;
    job->n_tampered += result == EXIT_TAMPERED;
    job->others |= result != EXIT_DONE && result != EXIT_INCOMPLETE && result != EXIT_TAMPERED;
    return result;
}

static int print(const struct verify_report *report, const struct bauta_verification *v,
                 bool truncated, const char *path, char *said, bool json)
{
    if (said)
        verify_report_say(said, report, v, truncated);
    if (json)
        verify_report_print_json(report, v, truncated, path, said != NULL);
    else if (!said)
        verify_report_print(report, v, truncated, path);
    if (truncated)
        cli_warn("%s: the file is damaged or cut short", path);
    if (!said && fflush(stdout) != 0) {
        cli_say("standard output cannot be written");
        return EXIT_FAILED;
    }
    int result = verify_report_status(report, v->authentic && !truncated);
    if (result && !said)
        verify_report_say_why(report, v, truncated, path);
    return result;
}

static int verify(void *user, const struct options *options, char *said)
{
    struct job *job = user;
    const char *path = options->arguments[0];
    bool json = options_has(options, OPTION_JSON);
    const struct verify_piece *piece = said ? verify_pieces_find(&job->pieces, path) : NULL;
    if (piece) {
        int result = verify_piece_tell(piece, path, said, json);
        return piece->n_files > 1 ? result : note(job, result);
    }
    struct verify_report report;
    struct bauta_verifier_settings s = {.signers = job->borrowed,
                                        .n_signers = job->n_signers,
                                        .user = &report,
                                        .found = verify_report_take,
                                        .not_covered = verify_report_take_not_covered};
    struct bauta_verification v;
    struct bauta_file_info info;
    bool room = verify_report_init(&report, json);
    enum bauta_status status =
        room ? bauta_verify_file(&v, &info, path, &s, cli_log(options)) : BAUTA_ERR_MEMORY;
    if (!status && report.failed)
        status = BAUTA_ERR_MEMORY;
    int result =
        status ? cli_exit_status(status) : print(&report, &v, info.truncated, path, said, json);
    verify_report_clear(&report);
    return note(job, result);
}

/* A recording in several files is one thing: where nothing is good, what all have in common is that
 * they were tampered with, however many files are as they were. */
static int sum_up(const struct job *job, int status)
{
    size_t n_done = job->n_done;
    for (size_t i = 0; i < job->pieces.n_recordings; i++)
        n_done += job->pieces.recordings[i].v.authentic;
    bool bad = job->n_tampered || job->pieces.n_recordings;
    bool common = n_done == 0 && bad && !job->others && !cli_interrupted();
    return status == EXIT_INCOMPLETE && common ? EXIT_TAMPERED : status;
}

/* Of several files some may be pieces of one recording: these are judged together, before each gets
 * its line. */
static int judge_pieces(struct job *job, const struct options *options)
{
    if (options->n_arguments == 1 && !batch_is_folder(options->arguments[0]))
        return EXIT_DONE;
    const struct batch_naming naming = {NULL, NULL, BAUTA_CODEC_H264};
    struct batch_list list;
    batch_list_make(&list, options, &naming);
    enum bauta_status status = list.failed ? BAUTA_ERR_MEMORY
                                           : verify_pieces_judge(&job->pieces, &list, options,
                                                                 job->borrowed, job->n_signers);
    batch_list_clear(&list);
    return status ? cli_exit_status(status) : EXIT_DONE;
}

static int run(const struct options *options)
{
    struct job job = {.n_signers = options->n_values[OPTION_SIGNER]};
    const struct batch batch = {
        .command = &command_verify, .options = options, .user = &job, .one = verify};
    if (job.n_signers == 0)
        return cli_usage(&command_verify, "verify needs at least one --signer");
    int status = batch_check(&batch);
    if (status)
        return status;
    status = cli_read_signers(job.signers, options);
    for (int i = 0; i < job.n_signers; i++)
        job.borrowed[i] = job.signers[i];
    if (!status)
        status = judge_pieces(&job, options);
    if (!status)
        status = sum_up(&job, batch_run(&batch));
    verify_pieces_print(&job.pieces, options_has(options, OPTION_JSON));
    verify_pieces_clear(&job.pieces);
    for (int i = 0; i < job.n_signers; i++)
        bauta_signer_free(&job.signers[i]);
    return status;
}

static const enum option_id known[] = {OPTION_SIGNER, OPTION_JSON, OPTION_QUIET, N_OPTIONS};

const struct command command_verify = {
    "verify",
    "--signer FILE.pub [--json] IN...",
    "Tells which parts of a recording are as its signer wrote them, and what became of the others. "
    "Files of one recording, named or in a folder, are judged together.",
    SOME_ARGUMENTS,
    known,
    run,
};
