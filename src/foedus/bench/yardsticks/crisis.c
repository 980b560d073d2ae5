/* Workload A by the textbook: the direct method (Gillespie 1976), all nine rates at every event.

   usage: crisis RUNS SEED
   Prints events, processor seconds, and the mean numbers at the end, as JSON. */
#include "crisis.h"
#include "noise.h"
#include "stopwatch.h"
#include <stdio.h>
#include <stdlib.h>

#define DAYS 60.0

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
