/* The model of workload A: its state, its nine rates, and what each kind does. */
#pragma once

#define KINDS 9
#define CITIZENS 1000.0
#define SOLDIERS 200.0

typedef struct {
    int protesters;
    int defectors;
    int in_office;
    int asked;
    int pending;
    int helped;
    int came;
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
        state->came = 1;
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
