/* The article's cpu_intense in C with pthreads: the same loops, each thread adding to the same shared value.
 *
 * usage: cpu_intense threads THREADS ROUNDS
 *        cpu_intense timeline THREADS SECONDS   who ran when, as [from, to] in ms of each thread
 * Prints a JSON line about 20 times a second, and one at the end with the wall and CPU seconds. */
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MOST 256

static long rounds;
static volatile long long shared_value;
static volatile long counts[MOST * 8]; /* 8 apart: each on a cache line of its own */
static volatile long primes[MOST * 8];

static int is_prime(int n) {
    for (int i = 2; i < (int)sqrt((double)n) + 1; i++)
        if (n % i == 0)
            return 0;
    return 1;
}

/* Counts what it finds: a compiler leaves out work whose result nobody reads. */
static long cpu_intense_function(void) {
    long found = 0;
    for (int n = 3; n < 10000; n++)
        found += is_prime(n);
    return found;
}

static void *thread(void *argument) {
    long index = (long)argument;
    long long inc = index % 2 == 0 ? 1 : 1000000;
    for (long round = 0; round < rounds; round++) {
        primes[index * 8] += cpu_intense_function();
        shared_value += inc;
        counts[index * 8]++;
    }
    return NULL;
}

static double seconds(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void print_counts(long threads) {
    printf("\"counts\": [");
    for (long i = 0; i < threads; i++)
        printf("%s%ld", i ? ", " : "", counts[i * 8]);
    printf("], \"total\": %lld}\n", shared_value);
    fflush(stdout);
}

static volatile int finished;
static double began;

/* Who ran when: the same primes with a look at the clock after each number. Where it went on without the thread, another one ran. */
#define SPANS 4000
static double watch_seconds, spans[MOST][SPANS][2];
static int span_count[MOST];

static void *watched(void *argument) {
    long index = (long)argument;
    double start = -1, last = 0;
    int n = 3;
    while (last < 1000 * watch_seconds && span_count[index] < SPANS - 1) {
        primes[index * 8] += is_prime(n);
        n = n < 9999 ? n + 1 : 3;
        double now = (seconds(CLOCK_MONOTONIC) - began) * 1000;
        if (start >= 0 && now - last <= 1) {
            last = now;
            continue;
        }
        if (start >= 0) {
            spans[index][span_count[index]][0] = start;
            spans[index][span_count[index]++][1] = last;
        }
        start = last = now;
    }
    spans[index][span_count[index]][0] = start;
    spans[index][span_count[index]++][1] = last;
    return NULL;
}

static int print_timeline(long threads) {
    pthread_t members[MOST];
    began = seconds(CLOCK_MONOTONIC);
    for (long i = 0; i < threads; i++)
        pthread_create(&members[i], NULL, watched, (void *)i);
    for (long i = 0; i < threads; i++)
        pthread_join(members[i], NULL);
    printf("{\"spans\": [");
    for (long i = 0; i < threads; i++) {
        printf("%s[", i ? ", " : "");
        for (int k = 0; k < span_count[i]; k++)
            printf("%s[%.4f, %.4f]", k ? ", " : "", spans[i][k][0], spans[i][k][1]);
        printf("]");
    }
    printf("]}\n");
    return 0;
}

static void *reporter(void *argument) {
    struct timespec pause = {0, 50000000};
    while (!finished) {
        nanosleep(&pause, NULL);
        if (finished)
            break;
        printf("{\"at\": %.3f, ", (seconds(CLOCK_MONOTONIC) - began) * 1000);
        print_counts((long)argument);
    }
    return NULL;
}

int main(int argc, char **argv) {
    if (argc < 4)
        return 2;
    long threads = atol(argv[2]);
    rounds = atol(argv[3]);
    if (threads < 1 || threads > MOST)
        return 2;
    if (!strcmp(argv[1], "timeline")) {
        watch_seconds = atof(argv[3]);
        return print_timeline(threads);
    }
    pthread_t members[MOST], progress;
    began = seconds(CLOCK_MONOTONIC);
    double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    pthread_create(&progress, NULL, reporter, (void *)threads);
    for (long i = 0; i < threads; i++)
        pthread_create(&members[i], NULL, thread, (void *)i);
    for (long i = 0; i < threads; i++)
        pthread_join(members[i], NULL);
    double wall = seconds(CLOCK_MONOTONIC) - began;
    cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    finished = 1;
    pthread_join(progress, NULL);
    printf("{\"wall\": %.6f, \"cpu\": %.6f, ", wall, cpu);
    print_counts(threads);
    return 0;
}
