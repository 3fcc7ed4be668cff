#include "server/dialects/socketio/rawjson.h"

#include <algorithm>

namespace server {
namespace {

/// Walks along JSON and knows whether a character is part of a string, and how deep it stands.
class Scanner
{
public:
    /// Whether `c`, the next character, separates elements of the outermost array.
    bool isSeparator(char c)
    {
        if (m_isInString) {
            m_isInString = m_isEscaped || c != '"';
            m_isEscaped = !m_isEscaped && c == '\\';
            return false;
        }
        m_isInString = c == '"';
        if (c == '[' || c == '{')
            ++m_depth;
        else if (c == ']' || c == '}')
            --m_depth;
        return c == ',' && m_depth == 0;
    }

private:
    int m_depth = 0;
    bool m_isInString = false;
    bool m_isEscaped = false;
};

} // namespace

QByteArrayList elementsOf(const QByteArray &array)
{
    const QByteArray inside = array.trimmed().sliced(1).chopped(1);
    QByteArrayList elements;
    Scanner scanner;
    qsizetype begin = 0;
    for (qsizetype i = 0; i < inside.size(); ++i) {
        if (!scanner.isSeparator(inside.at(i)))
            continue;
        elements.append(inside.sliced(begin, i - begin).trimmed());
        begin = i + 1;
    }
    const QByteArray last = inside.sliced(begin).trimmed();
    if (!last.isEmpty() || !elements.isEmpty())
        elements.append(last);
    return elements;
}

QByteArray withMember(const QByteArray &object, const QByteArray &name, const QByteArray &value)
{
    const QByteArray open = object.trimmed().chopped(1).trimmed();
    return open + (open == "{" ? "\"" : ",\"") + name + "\":" + value + '}';
}

bool hasControlCharacters(const QByteArray &json)
{
    return std::ranges::any_of(
        json, [](char c) { return uchar(c) < 0x20 && c != '\n' && c != '\r' && c != '\t'; });
}

} // namespace server
