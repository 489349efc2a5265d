/* The model of bench/ten_stocks by hand: a block of worlds is the innermost loop, so that it becomes vector code. */

#include <math.h>
#include <omp.h>
#include <stdint.h>

/* The C library has these for whole vectors, but says so to the compiler only under -ffast-math. */
#pragma omp declare simd notinbranch
extern float expf(float);

#define LANES 128
#define REPLICATES 16
#define PARAMETERS 18
#define SITES 5

enum { FLIGHT, RETURN_RATE, CROSSING, RATION, WEAR, REPAIR, ANGER_RATE, CALM_RATE, ILLNESS, CARE, RAID, STORM,
       NORTH, NORTH_FOR, NORTH_AGAINST, SOUTH, SOUTH_FOR, SOUTH_AGAINST };

#define ROTATE(v, n) (((v) << (n)) | ((v) >> (32 - (n))))
#define ROUND(n) x += y; y = ROTATE(y, n) ^ x;

/* Threefry-2x32 with 13 rounds, and the float of its first word. */
static inline float uniform(uint32_t k0, uint32_t k1, uint32_t draw, uint32_t counter)
{
    const uint32_t k2 = k0 ^ k1 ^ 0x1BD11BDAu;
    uint32_t x = draw + k0, y = counter + k1;
    ROUND(13) ROUND(15) ROUND(26) ROUND(6)
    x += k1; y += k2 + 1u;
    ROUND(17) ROUND(29) ROUND(16) ROUND(24)
    x += k2; y += k0 + 2u;
    ROUND(13) ROUND(15) ROUND(26) ROUND(6)
    x += k0; y += k1 + 3u;
    ROUND(17)
    return (float)(int32_t)((x >> 8) | 1u) * 0x1p-24f;
}

/* One instruction each; fminf and fmaxf promise more about NaN than the model asks for, and are not vectorised. */
static inline float least(float a, float b) { return a < b ? a : b; }
static inline float most(float a, float b) { return a > b ? a : b; }
static inline float share(float x, float full) { return least(most(x / full, 0.0f), 1.0f); }

static inline float leaning(float usual, float pull)
{
    const float weight = usual * expf(pull);
    return weight / (weight + (1.0f - usual));
}

/* parameters: [PARAMETERS][draws]; keys: [SITES][2]; answers: [4][draws * REPLICATES] */
void run(const float *parameters, const uint32_t *keys, float *answers, int draws, int days, int threads)
{
    const int worlds = draws * REPLICATES;
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (int first = 0; first < worlds; first += LANES) {
        float p[PARAMETERS][LANES];
        float home[LANES], camps[LANES], ill[LANES], food[LANES], delivered[LANES], roads[LANES];
        float anger_n[LANES], anger_s[LANES], trust[LANES], worn[LANES], talk_days[LANES], silence[LANES];
        int32_t talks[LANES];
        uint32_t draw[LANES], replicate[LANES];
        for (int i = 0; i < LANES; i++) {
            const int world = first + i < worlds ? first + i : worlds - 1;
            draw[i] = world / REPLICATES;
            replicate[i] = (uint32_t)(world % REPLICATES) << 16;
            for (int k = 0; k < PARAMETERS; k++)
                p[k][i] = parameters[k * draws + world / REPLICATES];
            p[NORTH_FOR][i] = logf(p[NORTH_FOR][i]);
            p[NORTH_AGAINST][i] = logf(p[NORTH_AGAINST][i]);
            p[SOUTH_FOR][i] = logf(p[SOUTH_FOR][i]);
            p[SOUTH_AGAINST][i] = logf(p[SOUTH_AGAINST][i]);
            home[i] = 50000.0f; camps[i] = 10000.0f; ill[i] = 500.0f; food[i] = 200.0f; delivered[i] = 0.0f;
            roads[i] = 1.0f; anger_n[i] = 0.0f; anger_s[i] = 0.0f; trust[i] = 1.0f; worn[i] = 0.0f;
            talk_days[i] = 0.0f; silence[i] = (float)days; talks[i] = 1;
        }
        for (int day = 0; day < days; day++) {
#pragma omp simd
            for (int i = 0; i < LANES; i++) {
                const uint32_t counter = replicate[i] | (uint32_t)day;
                const float u0 = uniform(keys[0], keys[1], draw[i], counter);
                const float u1 = uniform(keys[2], keys[3], draw[i], counter);
                const float u2 = uniform(keys[4], keys[5], draw[i], counter);
                const float u3 = uniform(keys[6], keys[7], draw[i], counter);
                const float u4 = uniform(keys[8], keys[9], draw[i], counter);
                const int raid = !talks[i] & (u0 < p[RAID][i]);
                const int storm = u1 < p[STORM][i];
                const float clipped_n = least(most(anger_n[i], 0.0f), 1.0f);
                const float clipped_s = least(most(anger_s[i], 0.0f), 1.0f);
                const float pull_n = share(camps[i], 20000.0f) * p[NORTH_FOR][i] - clipped_n * p[NORTH_AGAINST][i];
                const float pull_s = share(ill[i], 2000.0f) * p[SOUTH_FOR][i] - clipped_s * p[SOUTH_AGAINST][i];
                const int north = u2 < leaning(p[NORTH][i], pull_n);
                const int south = u3 < leaning(p[SOUTH][i], pull_s);
                const int hold = north & south;
                const float open = storm ? 0.0f : hold ? 1.0f : 0.5f;
                const float need = camps[i] * p[RATION][i];
                const float hunger = 1.0f - share(food[i], need * 2.0f);
                const float fleeing = home[i] * p[FLIGHT][i] * (raid ? 2.0f : 1.0f) * (1.0f + anger_n[i]);
                const float returning = hold ? camps[i] * p[RETURN_RATE][i] : 0.0f;
                const float arriving = p[CROSSING][i] * open * (0.5f + u4 * 0.5f) * roads[i];
                const float eaten = least(food[i], need);
                const float falling = camps[i] * p[ILLNESS][i] * (1.0f + hunger);
                const float healing = ill[i] * p[CARE][i];
                const float d_roads = (1.0f - roads[i]) * p[REPAIR][i] - (raid ? roads[i] * p[WEAR][i] : 0.0f);
                const float d_anger_n = (1.0f - anger_n[i]) * p[ANGER_RATE][i] * hunger - anger_n[i] * p[CALM_RATE][i] * open;
                const float d_anger_s = (1.0f - anger_s[i]) * p[ANGER_RATE][i] * (raid ? 1.0f : hunger) - anger_s[i] * p[CALM_RATE][i];
                const float growing = (1.0f - trust[i]) * p[CALM_RATE][i] * expf(-anger_n[i]);
                const float d_trust = hold ? growing : -trust[i] * p[WEAR][i];
                const float d_worn = (1.0f - trust[i]) * p[WEAR][i] * sqrtf(anger_s[i]);
                home[i] += returning - fleeing;
                camps[i] += fleeing - returning - falling + healing;
                ill[i] += falling - healing;
                food[i] += arriving - eaten;
                delivered[i] += arriving;
                roads[i] += d_roads;
                anger_n[i] += d_anger_n;
                anger_s[i] += d_anger_s;
                trust[i] += d_trust;
                worn[i] += d_worn;
                talk_days[i] += (float)hold;
                silence[i] = hold ? silence[i] : least(silence[i], (float)day);
                talks[i] = hold;
            }
        }
        for (int i = 0; i < LANES && first + i < worlds; i++) {
            answers[first + i] = talk_days[i];
            answers[worlds + first + i] = camps[i];
            answers[2 * worlds + first + i] = worn[i];
            answers[3 * worlds + first + i] = silence[i] < (float)days ? silence[i] : HUGE_VALF;
        }
    }
}
