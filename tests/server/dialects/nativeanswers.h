#pragma once
#include "tests/support/fakesocket.h"

#include <QJsonObject>

#include <algorithm>

// What stands in messages of the native protocol.

namespace tests {

[[nodiscard]] inline int errorNumberOf(const QJsonObject &answer)
{
    return answer.value(QStringLiteral("error")).toObject().value(QStringLiteral("code")).toInt();
}

[[nodiscard]] inline QJsonObject paramsOf(const QJsonObject &message)
{
    return message.value(QLatin1StringView("params")).toObject();
}

[[nodiscard]] inline QList<QJsonObject> only(const QList<QJsonObject> &messages,
                                             QLatin1StringView method)
{
    QList<QJsonObject> found;
    for (const QJsonObject &message : messages)
        if (message.value(QLatin1StringView("method")) == method)
            found.append(paramsOf(message));
    return found;
}

[[nodiscard]] inline QJsonObject resultOf(const QJsonObject &answer)
{
    return answer.value(QLatin1StringView("result")).toObject();
}

/// Whether numbers are among what was sent. Takes nothing, so that QTRY may ask again.
[[nodiscard]] inline bool hasProgress(const SocketRecord &record)
{
    return std::any_of(record.sent.begin(), record.sent.end(), [](const QByteArray &message) {
        return message.contains(R"("method":"progress")");
    });
}

} // namespace tests
