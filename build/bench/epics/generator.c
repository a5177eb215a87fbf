/* Lives in the IOC of the EPICS benchmark: updates P:gen000.. as fast as asked, and fills the waveform. Called by ioc.py. */
#define _GNU_SOURCE
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <aiRecord.h>
#include <boRecord.h>
#include <dbAccess.h>
#include <dbCommon.h>
#include <waveformRecord.h>

#define TARGETS 1000
#define BURST 256

static aiRecord *targets[TARGETS];
static boRecord *gate;

static void *find(const char *name)
{
    DBADDR address;
    if (dbNameToAddr(name, &address)) {
        fprintf(stderr, "generator: there is no record %s\n", name);
        exit(2);
    }
    return address.precord;
}

static double monotonic(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

static void sleepUntil(double when)
{
    struct timespec t;
    t.tv_sec = (time_t)when;
    t.tv_nsec = (long)((when - floor(when)) * 1e9);
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
}

void generatorPrepare(void)
{
    waveformRecord *wave = find("P:wf1M");
    char name[32];
    int i;
    for (i = 0; i < TARGETS; i++) {
        snprintf(name, sizeof name, "P:gen%03d", i);
        targets[i] = find(name);
    }
    gate = find("P:gate10");
    dbScanLock((dbCommon *)wave);
    for (i = 0; i < (int)wave->nelm; i++) ((double *)wave->bptr)[i] = i;
    wave->nord = wave->nelm;
    wave->udf = 0;
    dbProcess((dbCommon *)wave);
    wave->nord = wave->nelm;
    dbScanUnlock((dbCommon *)wave);
}

/* 1 stops the thousand 10 Hz counters, 0 lets them run. */
void generatorGate(int stopped)
{
    dbScanLock((dbCommon *)gate);
    gate->val = stopped;
    dbProcess((dbCommon *)gate);
    dbScanUnlock((dbCommon *)gate);
}

/* Counts up `channels` records in turn, `rate` updates a second in all (0: as fast as can be), for `seconds`. Returns the updates made. */
long generatorRun(int channels, double rate, double seconds)
{
    const double began = monotonic();
    /* A thousand times a second, so that no update waits longer than a millisecond for its burst. */
    const int burst = rate <= 0 ? BURST : rate > 1000 ? (int)(rate / 1000) : 1;
    long made = 0;
    int next = 0, i;
    double now = began;
    while (now - began < seconds) {
        for (i = 0; i < burst; i++) {
            aiRecord *record = targets[next];
            dbScanLock((dbCommon *)record);
            record->val += 1;
            record->udf = 0;
            dbProcess((dbCommon *)record);
            dbScanUnlock((dbCommon *)record);
            made++;
            if (++next >= channels) next = 0;
        }
        now = monotonic();
        if (rate > 0 && began + made / rate > now) {
            sleepUntil(began + made / rate);
            now = monotonic();
        }
    }
    return made;
}
