/* Workload D: a bootstrap particle filter (Gordon, Salmond and Smith 1993) on the model of workload A.

   usage: filter PARTICLES SEED
   Thirty days; at the end of each the crowd is counted with an error, and four truths are told, one
   in twenty of them wrongly. Particles are chosen anew every day (systematic resampling). Prints
   events, processor seconds, the log likelihood, and what was seen, as JSON. */
#include "crisis.h"
#include "noise.h"
#include "stopwatch.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAYS 30
#define TRUTHS 4
#define COUNT_ERROR 25.0
#define WRONG 0.05
#define WORLD 6

typedef struct {
    double count;
    int told[TRUTHS];
} Seen;

static inline long go_on(Noise *noise, State *state, double days) {
    double time = 0.0;
    long events = 0;
    for (;;) {
        double rate[KINDS];
        double total = all_rates(state, rate);
        time += next_exponential(noise) / total;
        if (time > days) {
            return events;
        }
        double left = next_uniform(noise) * total;
        int kind = 0;
        while (kind < KINDS - 1 && (left -= rate[kind]) >= 0.0) {
            kind++;
        }
        fire(state, kind);
        events++;
    }
}

static void truths(const State *state, int *told) {
    told[0] = state->asked;
    told[1] = state->came;
    told[2] = state->arrested;
    told[3] = !state->in_office;
}

static void observe(Seen *seen) {
    Noise noise = noise_of(WORLD, 0);
    State state = START;
    for (int day = 0; day < DAYS; day++) {
        go_on(&noise, &state, 1.0);
        double radius = sqrt(2.0 * next_exponential(&noise));
        seen[day].count = state.protesters + COUNT_ERROR * radius * cos(2.0 * M_PI * next_uniform(&noise));
        truths(&state, seen[day].told);
    }
}

static double log_weight(const Seen *seen, const State *state) {
    double error = (seen->count - state->protesters) / COUNT_ERROR;
    double weight = -0.5 * error * error - log(COUNT_ERROR * sqrt(2.0 * M_PI));
    int told[TRUTHS];
    truths(state, told);
    for (int i = 0; i < TRUTHS; i++) {
        weight += log(told[i] == seen->told[i] ? 1.0 - WRONG : WRONG);
    }
    return weight;
}

/* Systematic resampling: copies in proportion to the weights, one uniform number for all. */
static void choose(const double *weight, double sum, double uniform, const State *old, State *new, long count) {
    long from = 0;
    double passed = weight[0];
    for (long to = 0; to < count; to++) {
        double place = (to + uniform) / count * sum;
        while (passed < place && from < count - 1) {
            passed += weight[++from];
        }
        new[to] = old[from];
    }
}

int main(int argc, char **words) {
    long count = argc > 1 ? atol(words[1]) : 10000;
    uint64_t seed = argc > 2 ? strtoull(words[2], NULL, 10) : 1;
    prepare_ziggurat();
    Seen seen[DAYS];
    observe(seen);
    State *now = malloc(count * sizeof(State));
    State *next = malloc(count * sizeof(State));
    double *weight = malloc(count * sizeof(double));
    Noise noise = noise_of(seed, 1);
    double total = 0.0;
    long events = 0;
    double start = cpu_seconds();
    for (long i = 0; i < count; i++) {
        now[i] = START;
    }
    for (int day = 0; day < DAYS; day++) {
        double best = -INFINITY;
        for (long i = 0; i < count; i++) {
            events += go_on(&noise, &now[i], 1.0);
            weight[i] = log_weight(&seen[day], &now[i]);
            best = fmax(best, weight[i]);
        }
        double sum = 0.0;
        for (long i = 0; i < count; i++) {
            sum += weight[i] = exp(weight[i] - best);
        }
        total += best + log(sum / count);
        choose(weight, sum, next_uniform(&noise), now, next, count);
        State *swapped = now;
        now = next;
        next = swapped;
    }
    double seconds = cpu_seconds() - start;
    printf("{\"events\": %ld, \"seconds\": %.6f, \"log_likelihood\": %.6f, \"seen\": [", events, seconds, total);
    for (int day = 0; day < DAYS; day++) {
        printf("%s[%.6f", day ? ", " : "", seen[day].count);
        for (int i = 0; i < TRUTHS; i++) {
            printf(", %d", seen[day].told[i]);
        }
        printf("]");
    }
    printf("]}\n");
}
