/* SPDX-License-Identifier: Apache-2.0 */
#include "score.h"

/* What the two forms tell. */
struct figures {
    int n_people, n_always, longest_run;
    double heads, boxes, always, area;
};

static double share(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

static struct figures sum_up(const struct score *s)
{
    struct figures f = {0};
    for (int i = 0; i < s->n_people; i++) {
        const struct score_person *p = &s->people[i];
        f.n_people += p->n_boxes > 0;
        f.n_always += p->n_boxes > 0 && p->n_hidden == p->n_boxes;
        if (p->longest_run > f.longest_run)
            f.longest_run = p->longest_run;
    }
    f.heads = share((double)s->n_hidden_heads, (double)s->n_boxes);
    f.boxes = share((double)s->n_hidden_boxes, (double)s->n_boxes);
    f.always = share(f.n_always, f.n_people);
    f.area = share(s->masked_area, s->true_area);
    return f;
}

void score_print(FILE *to, const struct score *s)
{
    struct figures f = sum_up(s);
    fprintf(to,
            "pictures                      %8llu\n"
            "people's boxes                %8llu\n"
            "  head hidden                 %8.4f   (60 %% of it and more; clear: %llu)\n"
            "  whole box hidden            %8.4f\n"
            "people                        %8d\n"
            "  head hidden in every picture%8.4f   (%d)\n"
            "  longest uncovered run       %8d   pictures\n"
            "masked area / true area       %8.2f\n"
            "changes of number             %8llu\n"
            "heads hidden, by height of the person\n",
            (unsigned long long)s->n_pictures, (unsigned long long)s->n_boxes, f.heads,
            (unsigned long long)s->n_clear_heads, f.boxes, f.n_people, f.always, f.n_always,
            f.longest_run, f.area, (unsigned long long)s->n_switches);
    for (int i = 0; i < SCORE_HEIGHTS; i++)
        if (s->n_boxes_of[i] > 0)
            fprintf(to, "  from %4d pixels            %8.4f   of %llu\n", score_heights[i],
                    share((double)s->n_hidden_of[i], (double)s->n_boxes_of[i]),
                    (unsigned long long)s->n_boxes_of[i]);
}

void score_print_json(FILE *to, const struct score *s)
{
    struct figures f = sum_up(s);
    fprintf(to,
            "{\"pictures\":%llu,\"boxes\":%llu,\"heads_hidden\":%.6f,\"heads_clear\":%llu,"
            "\"boxes_hidden\":%.6f,\"people\":%d,\"people_always_hidden\":%.6f,"
            "\"longest_uncovered_run\":%d,\"area_ratio\":%.6f,\"id_switches\":%llu,"
            "\"boxes_left_out\":%llu,\"by_height\":[",
            (unsigned long long)s->n_pictures, (unsigned long long)s->n_boxes, f.heads,
            (unsigned long long)s->n_clear_heads, f.boxes, f.n_people, f.always, f.longest_run,
            f.area, (unsigned long long)s->n_switches, (unsigned long long)s->n_left_out);
    const char *comma = "";
    for (int i = 0; i < SCORE_HEIGHTS; i++)
        if (s->n_boxes_of[i] > 0) {
            fprintf(to, "%s{\"from\":%d,\"boxes\":%llu,\"heads_hidden\":%.6f}", comma,
                    score_heights[i], (unsigned long long)s->n_boxes_of[i],
                    share((double)s->n_hidden_of[i], (double)s->n_boxes_of[i]));
            comma = ",";
        }
    fprintf(to, "]}\n");
}
