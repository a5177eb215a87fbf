/* libca of EPICS base, straight from C. argv: metric, channels. Prints one JSON object. */
#define _GNU_SOURCE
#include <pthread.h>
#include <cadef.h>
#include <epicsAtomic.h>
#include "measure.h"

#define MOST 1000

static chid channels[MOST];
static int connected;
static volatile long events;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t completed = PTHREAD_COND_INITIALIZER;
static int completions;

static void onConnection(struct connection_handler_args args)
{
    if (args.op == CA_OP_CONN_UP) epicsAtomicIncrIntT(&connected);
}

static void onEvent(struct event_handler_args args)
{
    const struct dbr_time_double *reading = (const struct dbr_time_double *)args.dbr;
    if (args.status == ECA_NORMAL && reading->stamp.secPastEpoch != 0) events++;
}

static void onCompletion(struct event_handler_args args)
{
    (void)args;
    pthread_mutex_lock(&mutex);
    completions++;
    pthread_cond_signal(&completed);
    pthread_mutex_unlock(&mutex);
}

static void connectAll(const char *format, int n)
{
    char name[40];
    int i;
    for (i = 0; i < n; i++) {
        snprintf(name, sizeof name, format, i);
        ca_create_channel(name, onConnection, NULL, 0, &channels[i]);
    }
    ca_flush_io();
    while (epicsAtomicGetIntT(&connected) < n) usleep(50);
}

static chid connectOne(const char *name)
{
    chid channel;
    ca_create_channel(name, NULL, NULL, 0, &channel);
    if (ca_pend_io(10) != ECA_NORMAL) {
        fprintf(stderr, "%s was not found\n", name);
        exit(1);
    }
    return channel;
}

static void connectMetric(int n)
{
    const double start = monotonic();
    connectAll("P:ai%03d", n);
    printf("{\"seconds\":%.5f}\n", monotonic() - start);
}

static void getMetric(void)
{
    static double seconds[2000];
    const chid channel = connectOne("P:ai001");
    struct dbr_time_double reading;
    int i;
    for (i = -200; i < 2000; i++) {
        const double start = monotonic();
        ca_get(DBR_TIME_DOUBLE, channel, &reading);
        ca_pend_io(5);
        if (i >= 0) seconds[i] = monotonic() - start;
    }
    printMicroseconds(seconds, 2000);
}

static void getsMetric(int n)
{
    static struct dbr_time_double readings[MOST];
    static double seconds[50];
    int i, k;
    connectAll("P:ai%03d", n);
    for (i = -5; i < 50; i++) {
        const double start = monotonic();
        for (k = 0; k < n; k++) ca_get(DBR_TIME_DOUBLE, channels[k], &readings[k]);
        ca_pend_io(10);
        if (i >= 0) seconds[i] = monotonic() - start;
    }
    printf("{\"perSecond\":%.0f}\n", n / medianOf(seconds, 50));
}

static void putMetric(void)
{
    static double seconds[2000];
    const chid channel = connectOne("P:ao");
    int i;
    for (i = -100; i < 2000; i++) {
        const double value = i * .01, start = monotonic();
        const int before = completions;
        ca_put_callback(DBR_DOUBLE, channel, &value, onCompletion, NULL);
        ca_flush_io();
        pthread_mutex_lock(&mutex);
        while (completions == before) pthread_cond_wait(&completed, &mutex);
        pthread_mutex_unlock(&mutex);
        if (i >= 0) seconds[i] = monotonic() - start;
    }
    printMicroseconds(seconds, 2000);
}

static void waveMetric(void)
{
    static double seconds[30];
    const chid channel = connectOne("P:wf1M");
    double *values = malloc(8000000);
    int i;
    for (i = -3; i < 30; i++) {
        const double start = monotonic();
        ca_array_get(DBR_DOUBLE, 1000000, channel, values);
        ca_pend_io(10);
        if (i >= 0) seconds[i] = monotonic() - start;
        if (values[999999] != 999999) exit(1);
    }
    printf("{\"megabytesPerSecond\":%.1f}\n", 8 / medianOf(seconds, 30));
}

static void monitorMetric(const char *format, int n)
{
    int i;
    connectAll(format, n);
    for (i = 0; i < n; i++) ca_create_subscription(DBR_TIME_DOUBLE, 1, channels[i], DBE_VALUE | DBE_ALARM, onEvent, NULL, NULL);
    ca_flush_io();
    while (events < n) usleep(1000);
    reportEvents(&events);
}

int main(int argc, char **argv)
{
    const char *metric = argv[1];
    const int n = argc > 2 ? atoi(argv[2]) : 1;
    ca_context_create(ca_enable_preemptive_callback);
    if (!strcmp(metric, "connect")) connectMetric(n);
    else if (!strcmp(metric, "get")) getMetric();
    else if (!strcmp(metric, "gets")) getsMetric(n);
    else if (!strcmp(metric, "put")) putMetric();
    else if (!strcmp(metric, "wave")) waveMetric();
    else if (!strcmp(metric, "monitor")) monitorMetric("P:gen%03d", n);
    else if (!strcmp(metric, "scan")) monitorMetric("P:c10:%03d", n);
    fflush(stdout);
    _exit(0);
}
