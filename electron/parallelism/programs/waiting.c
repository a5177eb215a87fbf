/* CPU of a program that waits for monitors, with libca in C. The library is opened when it runs, so that no header is needed.

   usage: waiting LIBCA PORT CHANNELS SECONDS   (five times SECONDS)
   Prints a JSON line: parts, of each [CPU seconds, wall seconds, events]. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* Of cadef.h, as every libca of EPICS 3.14 and 7 has them. */
typedef void *chid;
struct event_handler_args { void *usr; chid chan; long type; long count; const void *dbr; int status; };
enum { ECA_NORMAL = 1, DBR_TIME_DOUBLE = 20, DBE_VALUE_ALARM = 5 };

static int (*context_create)(int);
static int (*create_channel)(const char *, void *, void *, unsigned, chid *);
static int (*pend_io)(double);
static int (*pend_event)(double);
static int (*create_subscription)(long, unsigned long, chid, long, void (*)(struct event_handler_args), void *, void *);

static volatile long events;
static void take(struct event_handler_args arguments) {
    if (arguments.status == ECA_NORMAL) events++;
}

static double seconds_of(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

static void *need(void *library, const char *name) {
    void *found = dlsym(library, name);
    if (!found) { fprintf(stderr, "libca has no %s.\n", name); exit(1); }
    return found;
}

int main(int count, char **values) {
    if (count < 5) { fprintf(stderr, "usage: waiting LIBCA PORT CHANNELS SECONDS\n"); return 2; }
    int channels = atoi(values[3]);
    double seconds = atof(values[4]);
    setenv("EPICS_CA_ADDR_LIST", "127.0.0.1", 1);
    setenv("EPICS_CA_AUTO_ADDR_LIST", "NO", 1);
    setenv("EPICS_CA_SERVER_PORT", values[2], 1);
    void *library = dlopen(values[1], RTLD_NOW | RTLD_GLOBAL);
    if (!library) { fprintf(stderr, "libca can't be opened: %s. PyEpics brings one (endstation lab setup), and so does EPICS base\n", dlerror()); return 1; }
    *(void **)&context_create = need(library, "ca_context_create");
    *(void **)&create_channel = need(library, "ca_create_channel");
    *(void **)&pend_io = need(library, "ca_pend_io");
    *(void **)&pend_event = need(library, "ca_pend_event");
    *(void **)&create_subscription = need(library, "ca_create_subscription");

    /* 1: preemptive callbacks, from a thread of the library, as PyEpics has them. */
    context_create(1);
    chid *all = calloc(channels, sizeof *all);
    for (int i = 0; i < channels; i++) {
        char name[40];
        snprintf(name, sizeof name, "LAB:POLLING:%d", i);
        create_channel(name, NULL, NULL, 0, &all[i]);
    }
    if (pend_io(10) != ECA_NORMAL) { fprintf(stderr, "The server on port %s does not answer libca.\n", values[2]); return 1; }
    void *id;
    for (int i = 0; i < channels; i++) create_subscription(DBR_TIME_DOUBLE, 0, all[i], DBE_VALUE_ALARM, take, NULL, &id);
    pend_io(10);
    struct timespec settle = { 0, 500000000 }, part = { (time_t)seconds, (long)((seconds - (time_t)seconds) * 1e9) };
    nanosleep(&settle, NULL);
    printf("{\"parts\":[");
    for (int i = 0; i < 5; i++) {
        double wall = seconds_of(CLOCK_MONOTONIC), cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
        long before = events;
        nanosleep(&part, NULL);
        printf("%s[%.9f,%.9f,%ld]", i ? "," : "", seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu, seconds_of(CLOCK_MONOTONIC) - wall, events - before);
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("],\"memory\":%.1f}\n", usage.ru_maxrss / 1024.0);
    fflush(stdout);
    _exit(0);
}
