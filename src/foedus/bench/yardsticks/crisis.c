/* Workload A by the textbook: the direct method (Gillespie 1976), all nine rates at every event.

   usage: crisis RUNS SEED
   Prints events, processor seconds, and the mean numbers at the end, as JSON. */
#include "noise.h"
#include "stopwatch.h"
#include <stdio.h>
#include <stdlib.h>

#define KINDS 9
#define DAYS 60.0
#define CITIZENS 1000.0
#define SOLDIERS 200.0

typedef struct {
    int protesters;
    int defectors;
    int in_office;
    int asked;
    int pending;
    int helped;
    int arrested;
} State;

static const State START = {.protesters = 50, .in_office = 1};

static inline double all_rates(const State *state, double *rate) {
    double protesters = state->protesters;
    double defectors = state->defectors;
    double calm = CITIZENS - protesters;
    double loyal = SOLDIERS - defectors;
    double helped = state->helped;
    double turned = defectors / SOLDIERS;
    double crowd = protesters / CITIZENS;
    rate[0] = 0.3 * calm * protesters / CITIZENS + 0.002 * calm;
    rate[1] = 0.1 * protesters * (1.0 + helped);
    rate[2] = 0.05 * loyal * protesters / CITIZENS;
    rate[3] = 0.03 * defectors * (1.0 + 2.0 * helped);
    rate[4] = state->in_office && !state->asked ? 0.05 * crowd : 0.0;
    rate[5] = state->pending ? 0.1 : 0.0;
    rate[6] = state->in_office && !state->arrested ? 0.01 * (1.0 + helped) : 0.0;
    rate[7] = state->in_office ? 0.3 * turned * turned * crowd * (1.0 - 0.8 * helped) : 0.0;
    rate[8] = state->helped ? 0.05 / (1.0 + protesters / 50.0) : 0.0;
    double total = 0.0;
    for (int kind = 0; kind < KINDS; kind++) {
        total += rate[kind];
    }
    return total;
}

static inline void fire(State *state, int kind) {
    switch (kind) {
    case 0:
        state->protesters++;
        break;
    case 1:
        state->protesters--;
        break;
    case 2:
        state->defectors++;
        break;
    case 3:
        state->defectors--;
        break;
    case 4:
        state->asked = 1;
        state->pending = 1;
        break;
    case 5:
        state->pending = 0;
        state->helped = 1;
        break;
    case 6:
        state->arrested = 1;
        break;
    case 7:
        state->in_office = 0;
        break;
    case 8:
        state->helped = 0;
        break;
    }
}

static inline long simulate(Noise *noise, State *result) {
    State state = START;
    double time = 0.0;
    long events = 0;
    for (;;) {
        double rate[KINDS];
        double total = all_rates(&state, rate);
        if (total <= 0.0) {
            break;
        }
        time -= log(next_uniform(noise)) / total;
        if (time > DAYS) {
            break;
        }
        double left = next_uniform(noise) * total;
        int kind = 0;
        while (kind < KINDS - 1 && (left -= rate[kind]) >= 0.0) {
            kind++;
        }
        fire(&state, kind);
        events++;
    }
    *result = state;
    return events;
}

int main(int count, char **words) {
    long runs = count > 1 ? atol(words[1]) : 1000;
    uint64_t seed = count > 2 ? strtoull(words[2], NULL, 10) : 1;
    double protesters = 0.0;
    double defectors = 0.0;
    long ousted = 0;
    long events = 0;
    double start = cpu_seconds();
    for (long run = 0; run < runs; run++) {
        Noise noise = noise_of(seed, run);
        State end;
        events += simulate(&noise, &end);
        protesters += end.protesters;
        defectors += end.defectors;
        ousted += !end.in_office;
    }
    double seconds = cpu_seconds() - start;
    printf("{\"events\": %ld, \"seconds\": %.6f, \"protesters\": %.3f, ", events, seconds, protesters / runs);
    printf("\"defectors\": %.3f, \"ousted\": %.4f}\n", defectors / runs, (double)ousted / runs);
}
