/* hegemon.dice in C, bit for bit (check.py compares), and its words in any order of the counters.

   words GENERATOR ORDER COUNT DRAWS   raw little-endian words to standard output
   crush GENERATOR ORDER BATTERY DRAWS p-values of a TestU01 battery as one line of JSON (built with -DTESTU01)

   GENERATOR  dice, or pcg4d: the control, one plain PCG4D round of (run, quarter, draw, seed)
   ORDER      counters, fastest first: a letter, how many values it takes, and where it starts if not at 0:
              "d154,q121,r0" runs through 154 draws, then 121 quarters, then runs without end (0); letters are
              s(eed) r(un) q(uarter) d(raw); "d1@5" holds draw 5. A leading "~" reverses the bits of every word.
   DRAWS      numbers of the draws, comma-separated: crc32(site) + neighbour, as hegemon.dice numbers them */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    uint32_t x, y, z, w;
} Words;

enum { SEED, RUN, QUARTER, DRAW, COUNTERS };
enum { MOST_DRAWS = 65536 };

static uint64_t at[COUNTERS], start[COUNTERS], extent[COUNTERS]; /* by counter; extent 0 has no end */
static int fastest[COUNTERS], levels, reversed, plain;
static uint32_t draws[MOST_DRAWS];
static uint64_t made;

static Words pcg4d(Words v) {
    const uint32_t a = 1664525u, c = 1013904223u;
    v.x = v.x * a + c, v.y = v.y * a + c, v.z = v.z * a + c, v.w = v.w * a + c;
    for (int last = 0; last < 2; last++) {
        v.x += v.y * v.w;
        v.y += v.z * v.x;
        v.z += v.x * v.y;
        v.w += v.y * v.z;
        if (!last) v.x ^= v.x >> 16, v.y ^= v.y >> 16, v.z ^= v.z >> 16, v.w ^= v.w >> 16;
    }
    return v;
}

static Words key(uint64_t seed, uint64_t run, uint32_t quarter) {
    Words v = {(uint32_t)run, quarter | ((uint32_t)(run >> 32) << 16), (uint32_t)seed, (uint32_t)(seed >> 32)};
    return pcg4d(v);
}

static uint32_t bits(Words k, uint32_t number) {
    uint32_t name = number * 0x9E3779B9u;
    uint32_t mixed = k.x ^ (name + k.z);
    mixed = (mixed ^ (mixed >> 16)) * 0x21F0AAADu;
    mixed = mixed + (k.y ^ (name >> 7));
    mixed = (mixed ^ (mixed >> 15)) * 0x735A2D97u;
    return mixed ^ (mixed >> 15) ^ k.w;
}

static uint32_t mirror(uint32_t v) {
    v = (v >> 1 & 0x55555555u) | (v & 0x55555555u) << 1;
    v = (v >> 2 & 0x33333333u) | (v & 0x33333333u) << 2;
    v = (v >> 4 & 0x0F0F0F0Fu) | (v & 0x0F0F0F0Fu) << 4;
    v = (v >> 8 & 0x00FF00FFu) | (v & 0x00FF00FFu) << 8;
    return v >> 16 | v << 16;
}

static unsigned int next(void) {
    uint32_t word;
    if (plain) {
        Words v = {(uint32_t)at[RUN], (uint32_t)at[QUARTER], (uint32_t)at[DRAW], (uint32_t)at[SEED]};
        word = pcg4d(v).x;
    } else {
        word = bits(key(at[SEED], at[RUN], (uint32_t)at[QUARTER]), draws[at[DRAW]]);
    }
    for (int level = 0; level < levels; level++) {
        int c = fastest[level];
        if (++at[c], !extent[c] || at[c] < start[c] + extent[c]) break;
        at[c] = start[c];
        if (level == levels - 1) {
            fprintf(stderr, "the order has no more than %llu words\n", (unsigned long long)made + 1);
            exit(2);
        }
    }
    made++;
    return reversed ? mirror(word) : word;
}

static void wrong(const char *what) {
    fprintf(stderr, "not understood: %s\n", what);
    exit(2);
}

static void read_order(char *text) {
    if (*text == '~') reversed = 1, text++;
    for (char *part = strtok(text, ","); part; part = strtok(NULL, ",")) {
        const char *letters = "srqd", *found = strchr(letters, part[0]);
        char *rest;
        if (!found || levels == COUNTERS) wrong(part);
        int c = fastest[levels++] = (int)(found - letters);
        extent[c] = strtoull(part + 1, &rest, 10);
        if (*rest == '@') at[c] = start[c] = strtoull(rest + 1, &rest, 10);
        if (*rest) wrong(part);
    }
    if (!levels) wrong("an empty order");
}

static void read_draws(char *text) {
    uint64_t n = 0;
    for (char *part = strtok(text, ","); part && n < MOST_DRAWS; part = strtok(NULL, ","))
        draws[n++] = (uint32_t)strtoul(part, NULL, 10);
    if (!plain && start[DRAW] + (extent[DRAW] ? extent[DRAW] : 1) > n) wrong("more draws than numbers");
}

#ifdef TESTU01
#include "bbattery.h"
#include "swrite.h"
#include "unif01.h"

static void report(char *battery) {
    unif01_Gen *gen = unif01_CreateExternGenBits("words", next);
    swrite_Basic = FALSE;
    if (!strcmp(battery, "SmallCrush")) bbattery_SmallCrush(gen);
    else if (!strcmp(battery, "Crush")) bbattery_Crush(gen);
    else if (!strcmp(battery, "Rabbit")) bbattery_Rabbit(gen, 134217728.0);
    else if (!strcmp(battery, "Alphabit")) bbattery_Alphabit(gen, 134217728.0, 0, 32);
    else wrong(battery);
    printf("\n{\"words\": %llu, \"p\": [", (unsigned long long)made);
    for (int i = 0; i < bbattery_NTests; i++)
        printf("%s[\"%s\", %.17g]", i ? ", " : "", bbattery_TestNames[i], bbattery_pVal[i]);
    printf("]}\n");
}
#else
static void report(char *count) {
    static uint32_t page[1 << 16];
    for (uint64_t left = strtoull(count, NULL, 10); left;) {
        size_t some = left < (1 << 16) ? (size_t)left : (size_t)1 << 16;
        for (size_t i = 0; i < some; i++) page[i] = next();
        if (fwrite(page, 4, some, stdout) != some) exit(1);
        left -= some;
    }
}
#endif

int main(int count, char **words) {
    if (count != 5) wrong("expected GENERATOR ORDER COUNT-or-BATTERY DRAWS");
    if (!strcmp(words[1], "pcg4d")) plain = 1;
    else if (strcmp(words[1], "dice")) wrong(words[1]);
    read_order(words[2]);
    read_draws(words[4]);
    report(words[3]);
    return 0;
}
