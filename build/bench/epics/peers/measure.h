/* What the C and C++ programs of the EPICS benchmark share: clocks, figures, and the talk with the benchmark on stdin and stdout. */
#pragma once
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static double monotonic(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

/* User and system seconds of this process. */
static double cpuSeconds(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return u.ru_utime.tv_sec + u.ru_stime.tv_sec + 1e-6 * (u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static double residentMegabytes(void)
{
    long total, resident;
    FILE *f = fopen("/proc/self/statm", "r");
    if (!f || fscanf(f, "%ld %ld", &total, &resident) != 2) resident = 0;
    if (f) fclose(f);
    return resident * (double)sysconf(_SC_PAGESIZE) / 1e6;
}

static int byValue(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* `seconds` is sorted. Prints median and p99 in microseconds. */
static void printMicroseconds(double *seconds, int n)
{
    qsort(seconds, n, sizeof *seconds, byValue);
    printf("{\"median\":%.2f,\"p99\":%.2f}\n", seconds[n / 2] * 1e6, seconds[(int)(n * .99)] * 1e6);
}

static double medianOf(double *seconds, int n)
{
    qsort(seconds, n, sizeof *seconds, byValue);
    return seconds[n / 2];
}

static void awaitLine(void)
{
    int c;
    do c = getchar(); while (c != '\n' && c != EOF);
}

/* READY, then a line: events count from now on; then another: once no more come, prints what came. */
static void reportEvents(volatile long *events)
{
    printf("READY\n");
    fflush(stdout);
    awaitLine();
    const long before = *events;
    const double cpu = cpuSeconds();
    printf("COUNTING\n");
    fflush(stdout);
    awaitLine();
    long seen = -1;
    double quietSince = monotonic(), last = quietSince;
    while (monotonic() - quietSince < 0.5) {
        if (*events != seen) {
            seen = *events;
            last = quietSince = monotonic();
        }
        usleep(10000);
    }
    printf("{\"received\":%ld,\"drained\":%.3f,\"cpu\":%.6f,\"memory\":%.1f}\n", seen - before, last, cpuSeconds() - cpu, residentMegabytes());
}
