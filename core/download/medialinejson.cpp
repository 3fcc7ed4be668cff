#include "core/download/medialinejson.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// yt-dlp writes estimates as fractions.
qint64 bytesIn(const QJsonObject &object, QLatin1StringView member)
{
    const double bytes = object.value(member).toDouble(-1);
    return bytes >= 0 && bytes < 9e15 ? qint64(bytes) : -1;
}

MediaLine fetchedFrom(const QJsonObject &object)
{
    MediaFetched fetched{object.value("filename"_L1).toString()};
    fetched.done = std::max<qint64>(0, bytesIn(object, "downloaded_bytes"_L1));
    fetched.total = bytesIn(object, "total_bytes"_L1);
    if (fetched.total < 0)
        fetched.total = bytesIn(object, "total_bytes_estimate"_L1);
    fetched.isFinished = object.value("status"_L1).toString() == "finished"_L1;
    if (fetched.isFinished && fetched.total >= 0) // what was there already is not counted by it
        fetched.done = fetched.total;
    return fetched.file.isEmpty() ? MediaLine(MediaOther{}) : MediaLine(fetched);
}

} // namespace

MediaLine mediaLineFromJson(const QByteArray &line)
{
    const auto objectAfter = [&line](const char *mark) {
        return QJsonDocument::fromJson(line.sliced(qsizetype(qstrlen(mark)))).object();
    };
    if (line.startsWith(MediaProgressMark))
        return fetchedFrom(objectAfter(MediaProgressMark));
    if (line.startsWith(MediaProcessingMark)) {
        const QJsonObject object = objectAfter(MediaProcessingMark);
        if (object.value("status"_L1).toString() == "started"_L1)
            return MediaProcessing{object.value("postprocessor"_L1).toString()};
    }
    if (line.startsWith(MediaMadeMark)) {
        // A bare string is no JSON text to Qt (RFC 7159), so it goes in as an array.
        const QByteArray text = '[' + line.sliced(qsizetype(qstrlen(MediaMadeMark))) + ']';
        return MediaMade{QJsonDocument::fromJson(text).array().at(0).toString()};
    }
    return MediaOther{};
}

} // namespace core
