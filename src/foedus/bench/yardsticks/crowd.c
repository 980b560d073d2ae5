/* Workload C by composition and rejection (Slepoy, Thompson and Plimpton 2008), uncoupled.

   Citizens stand in groups by the power of two above their rate. A group is drawn by its total rate,
   a citizen of it by lot, and taken with the probability rate / power: at least one time in two.
   The cost of an event does not depend on the number of citizens, but for memory.

   usage: crowd CITIZENS EVENTS SEED
   The first quarter of the events is not timed. Prints events, processor seconds, and the mean
   share of active citizens, as JSON. */
#include "noise.h"
#include "stopwatch.h"
#include <stdio.h>
#include <stdlib.h>

#define DEGREE 8
#define NEEDS 3
#define CLASSES (2 * NEEDS * (DEGREE + 1))
#define MOST_GROUPS 32

static long citizens;
static int *neighbour;
static uint8_t *active;
static uint8_t *need;
static uint8_t *around;
static uint8_t *class_of;

static double rate_of[CLASSES];
static int group_of[CLASSES];

typedef struct {
    int *member;
    long size;
    double ceiling;
    double total;
} Group;

static Group group[MOST_GROUPS];
static int groups;
static int *place_in_group;

static inline int class_now(long citizen) {
    return (active[citizen] * NEEDS + need[citizen]) * (DEGREE + 1) + around[citizen];
}

static double rate_in(int is_active, int needed, int seen) {
    double excess = seen - needed;
    if (is_active) {
        return 1.0 / (1.0 + exp(excess / 1.5));
    }
    return 0.02 + 2.0 / (1.0 + exp(-excess / 0.7));
}

static void fill_rates(void) {
    int lowest = 1000;
    int highest = -1000;
    for (int c = 0; c < CLASSES; c++) {
        int is_active = c / (NEEDS * (DEGREE + 1));
        int needed = 3 + c / (DEGREE + 1) % NEEDS;
        rate_of[c] = rate_in(is_active, needed, c % (DEGREE + 1));
        int power;
        frexp(rate_of[c], &power);
        group_of[c] = power;
        lowest = power < lowest ? power : lowest;
        highest = power > highest ? power : highest;
    }
    groups = highest - lowest + 1;
    for (int c = 0; c < CLASSES; c++) {
        group[highest - group_of[c]].ceiling = ldexp(1.0, group_of[c]);
        group_of[c] = highest - group_of[c];
    }
    for (int g = 0; g < groups; g++) {
        group[g].member = malloc(citizens * sizeof(int));
    }
}

static inline void enter(int g, int citizen) {
    place_in_group[citizen] = group[g].size;
    group[g].member[group[g].size++] = citizen;
}

static inline void depart(int g, int citizen) {
    int place = place_in_group[citizen];
    int last = group[g].member[--group[g].size];
    group[g].member[place] = last;
    place_in_group[last] = place;
}

/* Every citizen has eight ends of ties; ends are shuffled and joined in pairs. */
static void join_neighbours(Noise *noise) {
    long ends = citizens * DEGREE;
    int *end = malloc(ends * sizeof(int));
    int *taken = calloc(citizens, sizeof(int));
    for (long i = 0; i < ends; i++) {
        end[i] = i / DEGREE;
    }
    for (long i = ends - 1; i > 0; i--) {
        long other = next_bits(noise) % (i + 1);
        int kept = end[i];
        end[i] = end[other];
        end[other] = kept;
    }
    for (long i = 0; i < ends; i += 2) {
        long one = end[i];
        long other = end[i + 1];
        neighbour[one * DEGREE + taken[one]++] = other;
        neighbour[other * DEGREE + taken[other]++] = one;
    }
    free(end);
    free(taken);
}

static long begin(Noise *noise) {
    neighbour = malloc(citizens * DEGREE * sizeof(int));
    place_in_group = malloc(citizens * sizeof(int));
    active = calloc(citizens, 1);
    need = malloc(citizens);
    around = calloc(citizens, 1);
    class_of = malloc(citizens);
    join_neighbours(noise);
    fill_rates();
    long on = 0;
    for (long i = 0; i < citizens; i++) {
        need[i] = next_bits(noise) % NEEDS;
        active[i] = next_uniform(noise) < 0.05;
        on += active[i];
        for (int d = 0; active[i] && d < DEGREE; d++) {
            around[neighbour[i * DEGREE + d]]++;
        }
    }
    for (long i = 0; i < citizens; i++) {
        class_of[i] = class_now(i);
        enter(group_of[class_of[i]], i);
        group[group_of[class_of[i]]].total += rate_of[class_of[i]];
    }
    return on;
}

static inline int next_citizen(Noise *noise, double total) {
    double left = next_uniform(noise) * total;
    int g = 0;
    while (g < groups - 1 && (left -= group[g].total) >= 0.0) {
        g++;
    }
    while (group[g].size == 0) {
        g--;
    }
    for (;;) {
        uint64_t word = next_bits(noise);
        int citizen = group[g].member[(word >> 32) * (uint64_t)group[g].size >> 32];
        double height = (double)(word & 0xffffffff) * 0x1.0p-32 * group[g].ceiling;
        if (height < rate_of[class_of[citizen]]) {
            return citizen;
        }
    }
}

static inline void update(int citizen) {
    int before = class_of[citizen];
    int after = class_now(citizen);
    int from = group_of[before];
    int to = group_of[after];
    class_of[citizen] = after;
    group[from].total -= rate_of[before];
    group[to].total += rate_of[after];
    if (from != to) {
        depart(from, citizen);
        enter(to, citizen);
    }
}

int main(int count, char **words) {
    if (count < 4) {
        fprintf(stderr, "usage: crowd CITIZENS EVENTS SEED\n");
        return 2;
    }
    citizens = atol(words[1]);
    long events = atol(words[2]);
    long untimed = events / 4;
    Noise noise = noise_of(strtoull(words[3], NULL, 10), 0);
    prepare_ziggurat();
    long on = begin(&noise);
    double time = 0.0;
    double first = 0.0;
    double weighted = 0.0;
    double start = cpu_seconds();
    for (long event = 0; event < events + untimed; event++) {
        if (event == untimed) {
            start = cpu_seconds();
            first = time;
            weighted = 0.0;
        }
        double total = 0.0;
        for (int g = 0; g < groups; g++) {
            total += group[g].total;
        }
        double wait = next_exponential(&noise) / total;
        time += wait;
        weighted += on * wait;
        int citizen = next_citizen(&noise, total);
        int change = active[citizen] ? -1 : 1;
        active[citizen] ^= 1;
        on += change;
        update(citizen);
        for (int d = 0; d < DEGREE; d++) {
            int other = neighbour[(long)citizen * DEGREE + d];
            around[other] += change;
            update(other);
        }
    }
    double seconds = cpu_seconds() - start;
    printf("{\"events\": %ld, \"seconds\": %.6f, ", events, seconds);
    printf("\"active\": %.5f}\n", weighted / (time - first) / citizens);
}
