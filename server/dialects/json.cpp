#include "server/dialects/json.h"

#include <QJsonDocument>

#include <algorithm>

namespace server {
namespace {

using namespace Qt::StringLiterals;

/// How deep brackets nest outside strings. Text that is not JSON gets some number.
int depthOf(const QByteArray &text)
{
    int depth = 0;
    int deepest = 0;
    bool isInString = false;
    bool isEscaped = false;
    for (const char c : text) {
        if (isInString) {
            isInString = isEscaped || c != '"';
            isEscaped = !isEscaped && c == '\\';
        } else if (c == '"') {
            isInString = true;
        } else if (c == '[' || c == '{') {
            deepest = std::max(deepest, ++depth);
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
    return deepest;
}

} // namespace

core::Result<QJsonValue> parseJson(const QByteArray &text)
{
    if (depthOf(text) > JsonDepth)
        return core::fail(core::ErrorCode::InvalidArgument,
                          u"JSON nests deeper than %1 levels"_s.arg(JsonDepth));
    QJsonParseError error;
    // QJsonDocument reads only arrays and objects: any value is a valid array of one.
    const QJsonArray wrapped = QJsonDocument::fromJson('[' + text + ']', &error).array();
    if (error.error != QJsonParseError::NoError)
        return core::fail(core::ErrorCode::InvalidArgument,
                          u"not JSON at byte %1: %2"_s
                              .arg(std::clamp<qsizetype>(error.offset - 1, 0, text.size()))
                              .arg(error.errorString()));
    if (wrapped.size() != 1)
        return core::fail(core::ErrorCode::InvalidArgument, u"not one JSON value"_s);
    return wrapped.at(0);
}

QByteArray encode(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QByteArray encode(const QJsonArray &array)
{
    return QJsonDocument(array).toJson(QJsonDocument::Compact);
}

QByteArray encode(const QString &text)
{
    const QByteArray array = encode(QJsonArray{text});
    return array.sliced(1, array.size() - 2);
}

} // namespace server
