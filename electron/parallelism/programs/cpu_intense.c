/* The article's cpu_intense in C with pthreads: the same loops, each thread adding to the same shared value.
 *
 * usage: cpu_intense threads THREADS ROUNDS
 * Prints a JSON line about 20 times a second, and one at the end with the wall and CPU seconds. */
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
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
