/* Workload B as fast as C gets: fields kept up to date, one vector exponential for each state.

   The field of a state is the sum of its ties times the influence of the others, side (1 + firmness).
   An event changes one influence; every field moves by the change times a row of ties. With
   E = exp(-side field / 2) the three rates of a state are a E^2, b / E and c E. Eight states stand
   in one vector; an event is found among seven sums of eight states, then among 24 rates.

   usage: alliance TIES RUNS SEED, with the ties as 50 x 50 doubles in a file
   Prints events, processor seconds, and mean firmness at the end, as JSON. */
#include "noise.h"
#include "stopwatch.h"
#include <immintrin.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STATES 50
#define LANES 8
#define BLOCKS 7
#define PADDED (LANES * BLOCKS)
#define DAYS 2931.0
#define ALIGNED __attribute__((aligned(64)))

/* The vector exponential of glibc. */
extern __m512d _ZGVeN8v_exp(__m512d);

static double ties[STATES][PADDED] ALIGNED;

typedef struct {
    double side[PADDED];
    double field[PADDED];
    double turning[PADDED];
    double hardening[PADDED];
    double loosening[PADDED];
    double influence[STATES];
    int firmness[STATES];
} World;

static void begin(World *world) {
    memset(world, 0, sizeof *world);
    for (int i = 0; i < STATES; i++) {
        world->side[i] = i % 2 ? 1.0 : -1.0;
        world->influence[i] = world->side[i];
        world->turning[i] = 0.02;
        world->hardening[i] = 0.1;
    }
    for (int i = 0; i < STATES; i++) {
        for (int j = 0; j < STATES; j++) {
            world->field[i] += ties[i][j] * world->influence[j];
        }
    }
}

/* Rates by block: eight of turning, eight of hardening, eight of loosening. */
static inline double all_rates(const World *world, double *rate, double *sum) {
    double total = 0.0;
    for (int block = 0; block < BLOCKS; block++) {
        int first = LANES * block;
        __m512d side = _mm512_load_pd(world->side + first);
        __m512d pull = _mm512_mul_pd(side, _mm512_load_pd(world->field + first));
        __m512d power = _ZGVeN8v_exp(_mm512_mul_pd(pull, _mm512_set1_pd(-0.5)));
        __m512d square = _mm512_mul_pd(power, power);
        __m512d turns = _mm512_mul_pd(_mm512_load_pd(world->turning + first), square);
        __m512d hardens = _mm512_div_pd(_mm512_load_pd(world->hardening + first), power);
        __m512d loosens = _mm512_mul_pd(_mm512_load_pd(world->loosening + first), power);
        _mm512_store_pd(rate + 3 * first, turns);
        _mm512_store_pd(rate + 3 * first + LANES, hardens);
        _mm512_store_pd(rate + 3 * first + 2 * LANES, loosens);
        sum[block] = _mm512_reduce_add_pd(_mm512_add_pd(turns, _mm512_add_pd(hardens, loosens)));
        total += sum[block];
    }
    return total;
}

static inline int chosen(const double *rate, const double *sum, double left) {
    int block = 0;
    while (block < BLOCKS - 1 && left >= sum[block]) {
        left -= sum[block];
        block++;
    }
    int place = 3 * LANES * block;
    int last = place + 3 * LANES - 1;
    while (place < last && (left -= rate[place]) >= 0.0) {
        place++;
    }
    while (rate[place] <= 0.0) {
        place--;
    }
    return place;
}

static inline void fire(World *world, int place) {
    int block = place / (3 * LANES);
    int kind = place % (3 * LANES) / LANES;
    int state = LANES * block + place % LANES;
    if (kind == 0) {
        world->side[state] = -world->side[state];
    } else if (kind == 1) {
        world->firmness[state]++;
    } else {
        world->firmness[state]--;
    }
    double influence = world->side[state] * (1 + world->firmness[state]);
    double change = influence - world->influence[state];
    world->influence[state] = influence;
    world->hardening[state] = world->firmness[state] < 2 ? 0.1 : 0.0;
    world->loosening[state] = world->firmness[state] > 0 ? 0.1 : 0.0;
    for (int other = 0; other < PADDED; other++) {
        world->field[other] += change * ties[state][other];
    }
}

static long simulate(Noise *noise, World *world) {
    double rate[3 * PADDED] ALIGNED;
    double sum[BLOCKS];
    double time = 0.0;
    long events = 0;
    begin(world);
    for (;;) {
        double total = all_rates(world, rate, sum);
        time += next_exponential(noise) / total;
        if (time > DAYS) {
            return events;
        }
        fire(world, chosen(rate, sum, next_uniform(noise) * total));
        events++;
    }
}

static int read_ties(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return 0;
    }
    size_t rows = 0;
    while (rows < STATES && fread(ties[rows], sizeof(double), STATES, file) == STATES) {
        rows++;
    }
    fclose(file);
    return rows == STATES;
}

int main(int count, char **words) {
    if (count < 4 || !read_ties(words[1])) {
        fprintf(stderr, "usage: alliance TIES RUNS SEED\n");
        return 2;
    }
    long runs = atol(words[2]);
    uint64_t seed = strtoull(words[3], NULL, 10);
    static World world ALIGNED;
    double firmness = 0.0;
    long events = 0;
    prepare_ziggurat();
    double start = cpu_seconds();
    for (long run = 0; run < runs; run++) {
        Noise noise = noise_of(seed, run);
        events += simulate(&noise, &world);
        for (int i = 0; i < STATES; i++) {
            firmness += world.firmness[i];
        }
    }
    double seconds = cpu_seconds() - start;
    printf("{\"events\": %ld, \"seconds\": %.6f, ", events, seconds);
    printf("\"commitment\": %.4f}\n", firmness / STATES / runs);
}
