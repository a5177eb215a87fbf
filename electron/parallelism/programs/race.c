/* Lost updates in C: two threads add one to a shared value, so many times each. Without a race the sum is exact.
 *
 * usage: race plain|atomic|mutex COUNT */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static long count;
static volatile long long plain_value; /* volatile: a compiler would add them all at once */
static atomic_llong atomic_value;
static long long guarded_value;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

/* Both begin together: a thread that is done before the other began would race with nobody. */
static atomic_int ready;
static void meet(void) {
    atomic_fetch_add(&ready, 1);
    while (atomic_load(&ready) < 2)
        ;
}

static void *plain(void *unused) {
    meet();
    for (long i = 0; i < count; i++)
        plain_value += 1;
    return unused;
}

static void *atomic(void *unused) {
    meet();
    for (long i = 0; i < count; i++)
        atomic_fetch_add(&atomic_value, 1);
    return unused;
}

static void *guarded(void *unused) {
    meet();
    for (long i = 0; i < count; i++) {
        pthread_mutex_lock(&mutex);
        guarded_value += 1;
        pthread_mutex_unlock(&mutex);
    }
    return unused;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

int main(int argc, char **argv) {
    if (argc < 3)
        return 2;
    count = atol(argv[2]);
    void *(*work)(void *) = !strcmp(argv[1], "plain") ? plain : !strcmp(argv[1], "atomic") ? atomic : guarded;
    pthread_t threads[2];
    double began = now();
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, work, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    double wall = now() - began;
    long long got = work == plain ? plain_value : work == atomic ? atomic_load(&atomic_value) : guarded_value;
    printf("{\"expected\": %ld, \"got\": %lld, \"wall\": %.6f}\n", 2 * count, got, wall);
    return 0;
}
