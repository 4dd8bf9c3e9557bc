/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_DETECTOR_WIRE_H
#define BT_DETECTOR_WIRE_H

#include <bauta/detector.h>

/*
 * What a program and its detector's process say to each other over a socket that keeps messages
 * apart (SOCK_SEQPACKET). Both are of the same build, so structs go as they are in memory; what
 * comes from the detector is checked all the same (find/sights.h).
 *
 *   program                              detector
 *   bt_detector_hello, with the memory   loads its models
 *                                        answer BT_DETECTOR_READY
 *   bt_detector_question                 looks at the picture in the memory
 *                                        answer BT_DETECTOR_FOUND
 *                                        answer BT_DETECTOR_SAID, any time: a sentence for the log
 *
 * The memory, whose descriptor comes with the hello, holds one picture as in bauta/picture.h,
 * planes one after the other, without gaps.
 */

enum { BT_DETECTOR_PATH = 1024, BT_DETECTOR_SENTENCE = 1024 };

struct bt_detector_hello {
    char version[16]; /* BT_DETECTOR_VERSION */
    int width, height;
    struct bauta_view view; /* of the first pictures */
    unsigned classes;
    int threads;
    float face_score, body_score, weak_body_score;
    char data_dir[BT_DETECTOR_PATH]; /* these five: "" for NULL */
    char body_model[BT_DETECTOR_PATH], face_model[BT_DETECTOR_PATH];
    char body_family[BT_DETECTOR_PATH], face_family[BT_DETECTOR_PATH];
};

#define BT_DETECTOR_VERSION "bauta-detector2"

struct bt_detector_question {
    uint64_t number;
    struct bauta_view view;
};

enum bt_detector_answer_kind { BT_DETECTOR_READY = 1, BT_DETECTOR_FOUND, BT_DETECTOR_SAID };

struct bt_detector_answer {
    int kind;
    union {
        struct {
            uint64_t number; /* of the question */
            int status;      /* BAUTA_OK, or nobody could look */
            struct bauta_sights sights;
        } found;
        struct {
            int level;
            char sentence[BT_DETECTOR_SENTENCE];
        } said;
    };
};

/* A view of the picture in the memory; its size is 3/2 of the luma's. */
struct bauta_picture bt_detector_picture(uint8_t *memory, int width, int height);

#endif
