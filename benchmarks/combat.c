/* The front in C: combat, ground and forces of Ripeness, week by week, as fast as C gets.

   The equations are those of war/attrition.py, ground.py, battle.py and forces.py, the noise is
   bit for bit that of war/noise.py; numbers are in single precision. A tile of worlds goes through
   all its weeks while everything about it lies in the nearest caches; every inner loop runs over
   the worlds of the tile and becomes vector instructions (gcc -O3 -march=native -ffast-math).
   Logarithms and exponentials are polynomials that the compiler can put into those loops, which
   took 25 % off the time that calls of libmvec took. What does not change from week to week is
   computed once.

   SECTORS, SUPPORTERS and TILE are given to the compiler. */

#include <math.h>
#include <stdint.h>
#include <string.h>

#define EACH for (int w = 0; w < TILE; w++)

typedef float Each[TILE]; /* one number of every world of a tile */

/* The same in all worlds. Python fills this by the order of its fields, as it does the next two. */
typedef struct {
    float area[SECTORS], share[SECTORS], own_soil[2][SECTORS], fought[SECTORS];
    float backs[2][SUPPORTERS], reinforcement_week[SUPPORTERS];
    float commit[2][SECTORS], dig_in[2][SECTORS], invades[2];
} Facts;

/* Parameters of each world, named as in war/parameters.py. */
typedef struct {
    Each troops[2][SECTORS], reserve[2], recruits[2], return_share[2], return_weeks, shift_limit[2];
    Each home_priority[2], home_priority_area, commitment[2][SECTORS];
    Each loss_rate[2], attrition_law, tempo, materiel_power, gain_scale[SECTORS], terrain[SECTORS];
    Each defence_advantage, ground_softness, ground_noise, ground_noise_floor;
    Each season_depth, season_low_week, surprise_halflife, fort_strength[2], fort_weeks;
    Each reinforcement[SUPPORTERS], materiel_speed[2], wear[2];
} Given;

/* How each world stands, in war/parameters.py a part of State. */
typedef struct {
    Each share[SECTORS], troops[2][SECTORS], reserve[2], hospital[2], dead[2], materiel[2];
    Each surprise[SECTORS], fort[2][SECTORS], invaded[2];
} State;

/* What does not change from week to week. */
typedef struct {
    Each p, q, log_reference[SECTORS], log_rate[2], first_losses[2], line[2];
    Each committed[2][SECTORS], defence[SECTORS], tempo[SECTORS];
    Each surprise_kept, fort_grown;
} Fixed;

/* What a week's fighting brought. */
typedef struct {
    Each losses[2][SECTORS], casualties[2];
} Fought;

const int given_rows = sizeof(Given) / sizeof(Each);
const int state_rows = sizeof(State) / sizeof(Each);
const int facts_size = sizeof(Facts) / sizeof(float);

static const float THIN = 0.25f, SMALLEST_REFERENCE = 10.0f, NO_GROUND = 1e-3f;
static const float WEEKS_A_YEAR = 365.25f / 7.0f, LN_2 = 0.693147181f, TWO_PI = 6.28318531f;
static const uint32_t GOLDEN = 0x9E3779B9u, GROUND = 1u << 16;

static inline uint32_t mix(uint32_t x)
{
    x ^= x >> 16;
    x *= 0x7FEB352Du;
    x ^= x >> 15;
    x *= 0x846CA68Bu;
    return x ^ (x >> 16);
}

static inline float as_float(int32_t i)
{
    float x;
    memcpy(&x, &i, sizeof x);
    return x;
}

static inline int32_t as_int(float x)
{
    int32_t i;
    memcpy(&i, &x, sizeof i);
    return i;
}

/* ln(x) for a normal x > 0: exponent and 1 + r apart, sqrt(1/2) <= 1 + r < sqrt(2); minimax
   polynomial in r, absolute error 4e-8. */
static inline float ln(float x)
{
    const int32_t root_half = 0x3f3504f3;
    int32_t i = as_int(x) - root_half;
    float r = as_float((i & 0x007fffff) + root_half) - 1.0f, c = 0.0891778246f;
    c = -0.1435018778f + c * r;
    c = 0.1487698257f + c * r;
    c = -0.1656563580f + c * r;
    c = 0.1996539682f + c * r;
    c = -0.2500174642f + c * r;
    c = 0.3333385885f + c * r;
    return (float)(i >> 23) * LN_2 + (r - r * r * (0.5f - r * c));
}

/* exp(x) = scale + scale * rest, scale a power of two, rest = exp(r) - 1 for |r| <= ln(2) / 2 by a
   minimax polynomial, relative error 4e-9; exp(x) - 1 = (scale - 1) + scale * rest, exact near 0. */
static inline float exponential(float x, float *scale)
{
    x = fminf(fmaxf(x, -87.0f), 88.0f);
    float n = rintf(x * 1.44269504f), c = 0.0013814610f;
    float r = (x - n * 0.693145752f) - n * 1.42860677e-6f;
    c = 0.0083687101f + c * r;
    c = 0.0416683890f + c * r;
    c = 0.1666652113f + c * r;
    c = 0.4999999404f + c * r;
    *scale = as_float(((int32_t)n + 127) << 23);
    return r + r * r * c;
}

static inline float power_of_e(float x)
{
    float scale, rest = exponential(x, &scale);
    return scale + scale * rest;
}

static inline float power_of_e_less_1(float x)
{
    float scale, rest = exponential(x, &scale);
    return (scale - 1.0f) + scale * rest;
}

/* Standard normal number for one in (0, 1): sqrt(2) erfinv(2u - 1), by the single-precision
   polynomials of Giles, "Approximating the erfinv function" (2010): relative error 4e-7. */
static inline float inverse_normal(float u)
{
    float x = 2.0f * u - 1.0f, w = -ln((1.0f - x) * (1.0f + x));
    float c = w - 2.5f, t = sqrtf(fmaxf(w, 5.0f)) - 3.0f;
    float centre = 2.81022636e-08f, tail = -0.000200214257f;
    centre = 3.43273939e-07f + centre * c;
    centre = -3.5233877e-06f + centre * c;
    centre = -4.39150654e-06f + centre * c;
    centre = 0.00021858087f + centre * c;
    centre = -0.00125372503f + centre * c;
    centre = -0.00417768164f + centre * c;
    centre = 0.246640727f + centre * c;
    centre = 1.50140941f + centre * c;
    tail = 0.000100950558f + tail * t;
    tail = 0.00134934322f + tail * t;
    tail = -0.00367342844f + tail * t;
    tail = 0.00573950773f + tail * t;
    tail = -0.0076224613f + tail * t;
    tail = 0.00943887047f + tail * t;
    tail = 1.00167406f + tail * t;
    tail = 2.83297682f + tail * t;
    return 1.41421356f * x * (w < 5.0f ? centre : tail);
}

/* Casualties of a week: the law as a sum of logarithms, strengths as their logarithms. */
static inline float loss(float log_scale, float p, float log_enemy, float q, float log_own,
                         float tempo, float troops)
{
    return fminf(tempo * power_of_e(log_scale + p * log_enemy + q * log_own), 0.5f * troops);
}

static void prepare(const Facts *restrict f, const Given *restrict g, Fixed *restrict x)
{
    EACH
    {
        x->p[w] = fminf(g->attrition_law[w], 1.0f);
        x->q[w] = fminf(2.0f - g->attrition_law[w], 1.0f);
        x->surprise_kept[w] = power_of_e(-LN_2 / g->surprise_halflife[w]);
        x->fort_grown[w] = 1.0f - power_of_e(-LN_2 / g->fort_weeks[w]);
    }
    for (int i = 0; i < 2; i++)
        EACH
        {
            x->log_rate[i][w] = ln(g->loss_rate[i][w]);
            x->first_losses[i][w] = x->line[i][w] = 0.0f;
        }
    for (int k = 0; k < SECTORS; k++) {
        const float *t0 = g->troops[0][k], *t1 = g->troops[1][k];
        EACH
        {
            float reference = ln(fmaxf(0.5f * (t0[w] + t1[w]), SMALLEST_REFERENCE));
            float engaged = f->fought[k] * t0[w] * t1[w] / ((t0[w] + 1.0f) * (t1[w] + 1.0f));
            float s0 = ln(t0[w] + THIN) - reference, s1 = ln(t1[w] + THIN) - reference;
            x->log_reference[k][w] = reference;
            x->defence[k][w] = g->defence_advantage[w] + g->terrain[k][w];
            x->tempo[k][w] = g->tempo[w] / fmaxf(g->gain_scale[k][w], 1.0f);
            x->first_losses[0][w] += loss(x->log_rate[0][w] + reference, x->p[w], s1, x->q[w], s0,
                                          engaged, t0[w]);
            x->first_losses[1][w] += loss(x->log_rate[1][w] + reference, x->p[w], s0, x->q[w], s1,
                                          engaged, t1[w]);
        }
        for (int i = 0; i < 2; i++)
            EACH
            {
                x->line[i][w] += g->troops[i][k][w];
                x->committed[i][k][w] = f->commit[i][k] * g->commitment[i][k][w];
            }
    }
    for (int i = 0; i < 2; i++)
        EACH x->first_losses[i][w] = fmaxf(x->first_losses[i][w], 1e-3f);
}

/* Combat and ground: changes share, surprise and fort; gives losses. */
static void fight(const Facts *restrict f, const Given *restrict g, const Fixed *restrict x, const uint32_t *restrict key, int week,
                  State *restrict s, Fought *restrict o)
{
    Each power[2], pace;
    uint32_t luck[TILE];
    EACH
    {
        luck[w] = mix(key[w] + (uint32_t)week * GOLDEN);
        float phase = TWO_PI / WEEKS_A_YEAR * ((float)week - g->season_low_week[w]);
        pace[w] = 1.0f - g->season_depth[w] * 0.5f * (1.0f + cosf(phase));
        power[0][w] = g->materiel_power[w] * ln(s->materiel[0][w]);
        power[1][w] = g->materiel_power[w] * ln(s->materiel[1][w]);
        o->casualties[0][w] = o->casualties[1][w] = 0.0f;
    }
    for (int k = 0; k < SECTORS; k++) {
        const float area = f->area[k], fought = f->fought[k];
        float *t0 = s->troops[0][k], *t1 = s->troops[1][k];
        float *fort0 = s->fort[0][k], *fort1 = s->fort[1][k];
        EACH
        {
            float own0 = ln(t0[w] + THIN), own1 = ln(t1[w] + THIN);
            float power0 = own0 + power[0][w], power1 = own1 + power[1][w];
            float rho = power0 - power1 + s->surprise[k][w];
            float engaged = fought * t0[w] * t1[w] / ((t0[w] + 1.0f) * (t1[w] + 1.0f));

            /* softplus(a) - softplus(b) = max(a, 0) - max(b, 0) + ln((1 + e^-|a|) / (1 + e^-|b|)) */
            float softness = g->ground_softness[w], harder = 1.0f / softness;
            float a = (rho - fort1[w] - x->defence[k][w]) * harder;
            float b = (-rho - fort0[w] - x->defence[k][w]) * harder;
            float rest = ln((1.0f + power_of_e(-fabsf(a))) / (1.0f + power_of_e(-fabsf(b))));
            float drive = softness * (fmaxf(a, 0.0f) - fmaxf(b, 0.0f) + rest);

            float push = g->gain_scale[k][w] * fought * pace[w] * drive;
            float spread = g->ground_noise[w] * engaged *
                           sqrtf(fabsf(push) + g->ground_noise_floor[w]);
            uint32_t bits = mix(mix((GROUND + (uint32_t)k) ^ luck[w]) + luck[w]) >> 9;
            float u = ((float)(int32_t)bits + 0.5f) * 0x1p-23f;
            float wanted = push + spread * inverse_normal(u);

            float held = s->share[k][w] * area, left = area - held;
            float room = fmaxf(wanted > 0.0f ? left : held, NO_GROUND);
            float bounded = -room * power_of_e_less_1(-fabsf(wanted) / room);
            float gain = room > NO_GROUND ? copysignf(bounded, wanted) : 0.0f;

            float tempo = engaged * (1.0f + x->tempo[k][w] * fabsf(gain));
            float reference = x->log_reference[k][w];
            o->losses[0][k][w] = loss(x->log_rate[0][w] + reference, x->p[w], power1 - reference,
                                      x->q[w], own0 - reference, tempo, t0[w]);
            o->losses[1][k][w] = loss(x->log_rate[1][w] + reference, x->p[w], power0 - reference,
                                      x->q[w], own1 - reference, tempo, t1[w]);
            o->casualties[0][w] += o->losses[0][k][w];
            o->casualties[1][w] += o->losses[1][k][w];

            float gone0 = fminf(fmaxf(-gain / fmaxf(held, 1.0f), 0.0f), 1.0f);
            float gone1 = fminf(fmaxf(gain / fmaxf(left, 1.0f), 0.0f), 1.0f);
            float dug0 = f->dig_in[0][k] * x->fort_grown[w] * (g->fort_strength[0][w] - fort0[w]);
            float dug1 = f->dig_in[1][k] * x->fort_grown[w] * (g->fort_strength[1][w] - fort1[w]);
            fort0[w] = (fort0[w] + dug0) * (1.0f - gone0);
            fort1[w] = (fort1[w] + dug1) * (1.0f - gone1);
            s->surprise[k][w] *= x->surprise_kept[w];
            s->share[k][w] = fminf(fmaxf(s->share[k][w] + gain / area, 0.0f), 1.0f);
        }
    }
}

/* Replacement and redeployment of one side. */
static void replace(const Facts *restrict f, const Given *restrict g, const Fixed *restrict x, int i, int week, State *restrict s,
                    const Fought *restrict o)
{
    Each soil[SECTORS], wanted[SECTORS], all_soil, now, fresh, reserve, there, spare, asked, need, moving;
    EACH all_soil[w] = there[w] = asked[w] = need[w] = moving[w] = 0.0f;
    for (int k = 0; k < SECTORS; k++)
        EACH
        {
            float moved = (f->share[k] - s->share[k][w]) * f->area[k] * (i ? -1.0f : 1.0f);
            soil[k][w] = fmaxf(moved, 0.0f) * f->own_soil[i][k];
            all_soil[w] += soil[k][w];
            s->troops[i][k][w] -= o->losses[i][k][w];
            there[w] += s->troops[i][k][w];
        }
    EACH
    {
        float hospital = s->hospital[i][w], returning = hospital / g->return_weeks[w];
        float kept = g->return_share[i][w] * o->casualties[i][w];
        now[w] = fmaxf(s->invaded[i][w], all_soil[w] > 0.0f ? f->invades[1 - i] : 0.0f);
        s->hospital[i][w] = hospital - returning + kept;
        s->dead[i][w] += o->casualties[i][w] - kept;
        fresh[w] = g->recruits[i][w] + returning;
        reserve[w] = s->reserve[i][w] + fresh[w];
    }
    for (int m = 0; m < SUPPORTERS; m++) {
        const float due = f->reinforcement_week[m], backs = f->backs[i][m];
        if (backs == 0.0f || (float)week < due)
            continue;
        const float before = (float)week > due ? 1.0f : 0.0f;
        EACH reserve[w] += backs * g->reinforcement[m][w] * (now[w] - before * s->invaded[i][w]);
    }
    EACH
    {
        s->invaded[i][w] = now[w];
        spare[w] = fmaxf(there[w] + reserve[w] - x->line[i][w] - g->reserve[i][w], 0.0f);
        spare[w] = 1.0f + spare[w] / fmaxf(x->line[i][w], 1e-6f);
    }
    for (int k = 0; k < SECTORS; k++)
        EACH
        {
            float called = soil[k][w] / (soil[k][w] + g->home_priority_area[w]);
            float extra = x->committed[i][k][w] + g->home_priority[i][w] * called;
            wanted[k][w] = g->troops[i][k][w] * spare[w] + extra;
            asked[w] += wanted[k][w];
            need[w] += fmaxf(wanted[k][w] - s->troops[i][k][w], 0.0f);
        }
    Each sent, met, pace;
    EACH
    {
        sent[w] = fminf(fminf(reserve[w], need[w]), fresh[w] + g->shift_limit[i][w]);
        s->reserve[i][w] = reserve[w] - sent[w];
        met[w] = (there[w] + sent[w]) / fmaxf(asked[w], 1e-6f);
        need[w] = sent[w] / fmaxf(need[w], 1e-6f);
    }
    for (int k = 0; k < SECTORS; k++)
        EACH
        {
            float *troops = s->troops[i][k];
            troops[w] += fmaxf(wanted[k][w] - troops[w], 0.0f) * need[w];
            wanted[k][w] = asked[w] > 1e-6f ? wanted[k][w] * met[w] - troops[w] : 0.0f;
            moving[w] += fmaxf(wanted[k][w], 0.0f);
        }
    EACH
    {
        float left = g->shift_limit[i][w] - fmaxf(sent[w] - fresh[w], 0.0f);
        pace[w] = fminf(left / fmaxf(moving[w], 1e-6f), 1.0f);
    }
    for (int k = 0; k < SECTORS; k++)
        EACH s->troops[i][k][w] += wanted[k][w] * pace[w];
    EACH
    {
        float carried = 1.0f - g->wear[i][w] * (o->casualties[i][w] / x->first_losses[i][w] - 1.0f);
        float gap = carried - s->materiel[i][w];
        s->materiel[i][w] = fmaxf(s->materiel[i][w] + g->materiel_speed[i][w] * gap, 0.05f);
    }
}

/* Step `worlds` worlds, a multiple of TILE, by `weeks` weeks.
   given: given_rows by worlds; state: state_rows by worlds, first as at the start, then at the end. */
void front(int worlds, int weeks, const Facts *facts, const float *given, const uint32_t *key,
           float *state)
{
    for (int first = 0; first < worlds; first += TILE) {
        Given g;
        State s;
        Fixed x;
        Fought o;
        for (int row = 0; row < given_rows; row++)
            memcpy((Each *)&g + row, given + (size_t)row * worlds + first, sizeof(Each));
        for (int row = 0; row < state_rows; row++)
            memcpy((Each *)&s + row, state + (size_t)row * worlds + first, sizeof(Each));
        prepare(facts, &g, &x);
        for (int week = 0; week < weeks; week++) {
            fight(facts, &g, &x, key + first, week, &s, &o);
            replace(facts, &g, &x, 0, week, &s, &o);
            replace(facts, &g, &x, 1, week, &s, &o);
        }
        for (int row = 0; row < state_rows; row++)
            memcpy(state + (size_t)row * worlds + first, (Each *)&s + row, sizeof(Each));
    }
}
