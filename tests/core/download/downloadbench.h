#pragma once
#include "core/download/downloadworker.h"
#include "core/download/overlap.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <functional>
#include <stop_token>
#include <thread>

namespace tests {

using namespace Qt::StringLiterals;

/// Bytes that differ at every place, so that a shifted or mixed file never passes for the right one.
inline QByteArray sampleBytes(qsizetype size, quint32 seed = 1)
{
    QByteArray bytes(size, Qt::Uninitialized);
    quint32 state = seed * 2654435761u + 1;
    for (char &byte : bytes) {
        state = state * 1664525u + 1013904223u;
        byte = char(state >> 24);
    }
    return bytes;
}

inline QByteArray readAll(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("<no file>");
}

inline QString sha256Of(const QByteArray &bytes)
{
    return QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
}

inline const char *describe(const core::Result<core::Outcome> &result)
{
    static thread_local QByteArray text;
    text = result ? QByteArray("no error")
                  : QByteArray(core::errorCodeName(result.error().code).data()) + ": "
            + result.error().context.toUtf8();
    return text.constData();
}

/// A folder and a job in it; every run() is the job's next run, as after a pause or a restart.
struct DownloadBench {
    QTemporaryDir folder;
    core::DownloadSpec spec;
    core::DownloadPlace place;
    std::unique_ptr<core::ProgressCell> cell;
    core::JobDetails details;

    explicit DownloadBench(const QUrl &url)
    {
        spec.url = url;
        spec.connections = 1;
        place.folder = folder.path();
        place.jobKey = u"tests/1"_s;
        place.userAgent = u"dray-test"_s;
        place.retry.firstDelay = std::chrono::milliseconds(1);
        place.timeouts = {std::chrono::milliseconds(5000), std::chrono::milliseconds(5000)};
    }

    core::Result<core::Outcome> run(const std::stop_token &stop = {})
    {
        cell = std::make_unique<core::ProgressCell>();
        core::DownloadWorker worker(spec, place);
        core::Result<core::Outcome> result = core::Outcome::Stopped;
        std::thread([&] { result = worker.run(stop, *cell); }).join();
        if (result == core::Result<core::Outcome>(core::Outcome::Completed))
            worker.conclude();
        if (auto found = cell->takeDetails())
            details = *found;
        return result;
    }
    static constexpr std::chrono::milliseconds RunTimeout{120'000};
    /// Runs until `isDue` holds, then stops.
    core::Result<core::Outcome> runUntil(const std::function<bool()> &isDue)
    {
        std::stop_source stop;
        cell = std::make_unique<core::ProgressCell>();
        core::DownloadWorker worker(spec, place);
        core::Result<core::Outcome> result = core::Outcome::Stopped;
        std::atomic<bool> isEnded{false};
        std::thread thread([&] {
            result = worker.run(stop.get_token(), *cell);
            isEnded = true;
        });
        const bool isInTime =
            QTest::qWaitFor([&] { return isEnded || isDue(); }, int(RunTimeout.count()));
        stop.request_stop();
        thread.join();
        if (!isInTime)
            return core::fail(core::ErrorCode::Timeout, QStringLiteral("the condition never held"));
        return result;
    }
    [[nodiscard]] QString path(const QString &name) const { return folder.filePath(name); }
    [[nodiscard]] QStringList files() const
    {
        return QDir(folder.path()).entryList(QDir::Files | QDir::Hidden, QDir::Name);
    }
};

} // namespace tests
