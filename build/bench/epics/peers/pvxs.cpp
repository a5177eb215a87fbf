// The client of PVXS, in C++. argv: metric, channels. Prints one JSON object.
#include <atomic>
#include <memory>
#include <string>
#include <vector>
#include <pvxs/client.h>
#include "measure.h"

using namespace pvxs;

static std::string nameOf(const char *format, int i)
{
    char name[40];
    snprintf(name, sizeof name, format, i);
    return name;
}

static void connectMetric(client::Context &context, int n)
{
    const double start = monotonic();
    std::atomic<int> connected{0};
    std::vector<std::shared_ptr<client::Connect>> channels;
    for (int i = 0; i < n; i++) channels.push_back(context.connect(nameOf("P:ai%03d", i)).onConnect([&]() { connected++; }).exec());
    while (connected < n) usleep(50);
    printf("{\"seconds\":%.5f}\n", monotonic() - start);
    fflush(stdout);
    _exit(0);
}

static void getMetric(client::Context &context)
{
    std::vector<double> seconds;
    for (int i = -200; i < 2000; i++) {
        const double start = monotonic();
        context.get("P:ai001").exec()->wait(5);
        if (i >= 0) seconds.push_back(monotonic() - start);
    }
    printMicroseconds(seconds.data(), seconds.size());
}

static void getsMetric(client::Context &context, int n)
{
    std::vector<double> seconds;
    for (int i = -3; i < 25; i++) {
        const double start = monotonic();
        std::vector<std::shared_ptr<client::Operation>> gets;
        for (int k = 0; k < n; k++) gets.push_back(context.get(nameOf("P:ai%03d", k)).exec());
        for (auto &get : gets) get->wait(20);
        if (i >= 0) seconds.push_back(monotonic() - start);
    }
    printf("{\"perSecond\":%.0f}\n", n / medianOf(seconds.data(), seconds.size()));
}

static void putMetric(client::Context &context)
{
    std::vector<double> seconds;
    for (int i = -100; i < 2000; i++) {
        const double start = monotonic();
        context.put("P:ao").record("block", true).fetchPresent(false).set("value", i * .01).exec()->wait(5);
        if (i >= 0) seconds.push_back(monotonic() - start);
    }
    printMicroseconds(seconds.data(), seconds.size());
}

static void waveMetric(client::Context &context)
{
    std::vector<double> seconds;
    for (int i = -3; i < 30; i++) {
        const double start = monotonic();
        const auto values = context.get("P:wf1M").exec()->wait(20)["value"].as<shared_array<const double>>();
        if (i >= 0) seconds.push_back(monotonic() - start);
        if (values.size() != 1000000 || values[999999] != 999999) exit(1);
    }
    printf("{\"megabytesPerSecond\":%.1f}\n", 8 / medianOf(seconds.data(), seconds.size()));
}

static void monitorMetric(client::Context &context, const char *format, int n)
{
    static volatile long events = 0;
    std::vector<std::shared_ptr<client::Subscription>> subscriptions;
    for (int i = 0; i < n; i++) {
        subscriptions.push_back(context.monitor(nameOf(format, i)).event([](client::Subscription &subscription) {
            try {
                while (auto value = subscription.pop()) events = events + 1;
            } catch (const std::exception &) { /* Connected and Disconnected come this way. */ }
        }).exec());
    }
    while (events < n) usleep(1000);
    reportEvents(&events);
    fflush(stdout);
    _exit(0);
}

int main(int argc, char **argv)
{
    const std::string metric = argv[1];
    const int n = argc > 2 ? atoi(argv[2]) : 1;
    auto context = client::Context::fromEnv();
    if (metric == "connect") connectMetric(context, n);
    else if (metric == "get") getMetric(context);
    else if (metric == "gets") getsMetric(context, n);
    else if (metric == "put") putMetric(context);
    else if (metric == "wave") waveMetric(context);
    else if (metric == "monitor") monitorMetric(context, "P:gen%03d", n);
    else if (metric == "scan") monitorMetric(context, "P:c10:%03d", n);
    fflush(stdout);
    _exit(0);
}
