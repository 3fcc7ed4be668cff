#include "core/download/filename.h"

#include <QRegularExpression>
#include <QStringDecoder>

#include <algorithm>

namespace core {
namespace {

using namespace Qt::StringLiterals;

struct Parameter {
    QByteArray name; ///< lower case
    QByteArray value;
};

/// Reads the parameters of a header value one after the other, RFC 9110 §5.6.6, leniently.
class ParameterReader
{
public:
    explicit ParameterReader(const QByteArray &header)
        : m_text(header)
        , m_at(std::max<qsizetype>(0, header.indexOf(';')))
    {
        // Some servers leave out the disposition type: "filename=x".
        const qsizetype equals = header.indexOf('=');
        if (equals >= 0 && (m_at == 0 || equals < m_at))
            m_at = 0;
    }
    [[nodiscard]] bool next(Parameter &parameter)
    {
        while (m_at < m_text.size() && (m_text[m_at] == ';' || isSpace(m_text[m_at])))
            ++m_at;
        if (m_at >= m_text.size())
            return false;
        const qsizetype begin = m_at;
        while (m_at < m_text.size() && m_text[m_at] != '=' && m_text[m_at] != ';')
            ++m_at;
        parameter.name = m_text.sliced(begin, m_at - begin).trimmed().toLower();
        parameter.value.clear();
        if (m_at < m_text.size() && m_text[m_at] == '=') {
            ++m_at;
            parameter.value = readValue();
        }
        return true;
    }

private:
    static bool isSpace(char c) { return c == ' ' || c == '\t'; }
    QByteArray readValue()
    {
        while (m_at < m_text.size() && isSpace(m_text[m_at]))
            ++m_at;
        if (m_at < m_text.size() && m_text[m_at] == '"')
            return readQuoted();
        const qsizetype begin = m_at;
        while (m_at < m_text.size() && m_text[m_at] != ';')
            ++m_at;
        return m_text.sliced(begin, m_at - begin).trimmed();
    }
    QByteArray readQuoted()
    {
        QByteArray value;
        for (++m_at; m_at < m_text.size() && m_text[m_at] != '"'; ++m_at) {
            if (m_text[m_at] == '\\' && m_at + 1 < m_text.size())
                ++m_at;
            value.append(m_text[m_at]);
        }
        while (m_at < m_text.size() && m_text[m_at] != ';')
            ++m_at; // whatever follows the closing quote
        return value;
    }

    QByteArray m_text;
    qsizetype m_at;
};

QString decodedBytes(const QByteArray &bytes)
{
    QStringDecoder utf8(QStringDecoder::Utf8);
    const QString text = utf8.decode(bytes);
    return utf8.hasError() ? QString::fromLatin1(bytes) : text;
}

/// ext-value = charset'language'percent-encoded, RFC 8187 §3.2; empty when it is not one.
QString decodedExtValue(const QByteArray &value)
{
    const qsizetype first = value.indexOf('\'');
    const qsizetype second = first < 0 ? -1 : value.indexOf('\'', first + 1);
    if (second < 0)
        return {};
    const QByteArray charset = value.first(first).toLower();
    const QByteArray bytes = QByteArray::fromPercentEncoding(value.sliced(second + 1));
    if (charset == "iso-8859-1")
        return QString::fromLatin1(bytes);
    return charset == "utf-8" ? decodedBytes(bytes) : QString();
}

bool isUnsafe(QChar c)
{
    const char16_t u = c.unicode();
    return c.category() == QChar::Other_Control || c.isSurrogate() || c.isNonCharacter()
        || (u >= 0x200b && u <= 0x200f) || (u >= 0x2028 && u <= 0x202e)
        || (u >= 0x2066 && u <= 0x2069) || u == 0x061c || u == 0xfeff;
}

/// Characters beyond the BMP stay, halves of a pair and what isUnsafe names go.
QString withoutUnsafe(const QString &name)
{
    QString result;
    for (qsizetype i = 0; i < name.size(); ++i) {
        const bool isPair =
            name[i].isHighSurrogate() && i + 1 < name.size() && name[i + 1].isLowSurrogate();
        if (isPair)
            result += name.mid(i++, 2);
        else if (!isUnsafe(name[i]))
            result += u"<>:\"|?*"_s.contains(name[i]) ? QChar(u'_') : name[i];
    }
    return result;
}

/// Where the extension begins, ".tar.gz" being one; the size when there is none.
qsizetype extensionBegin(const QString &name)
{
    constexpr qsizetype LongestExtension = 16;
    const qsizetype dot = name.lastIndexOf(u'.');
    if (dot <= 0 || name.size() - dot > LongestExtension)
        return name.size();
    const qsizetype tar = dot - 4;
    const bool isTar =
        tar > 0 && QStringView(name).mid(tar, 4).compare(u".tar", Qt::CaseInsensitive) == 0;
    return isTar ? tar : dot;
}

bool isReserved(const QString &name)
{
    static const QRegularExpression reserved(u"^(con|prn|aux|nul|com[0-9]|lpt[0-9])\\s*(\\.|$)"_s,
                                             QRegularExpression::CaseInsensitiveOption);
    return reserved.match(name).hasMatch();
}

QString cutToBytes(const QString &name, qsizetype bytes)
{
    const qsizetype begin = extensionBegin(name);
    const QString extension = name.sliced(begin);
    QString stem = name.first(begin);
    while (!stem.isEmpty() && (stem + extension).toUtf8().size() > bytes) {
        const bool isPair = stem.back().isLowSurrogate();
        stem.chop(isPair ? 2 : 1);
    }
    return stem + extension;
}

QString trimmedEnds(QString name)
{
    name = name.trimmed();
    while (name.endsWith(u'.') || name.endsWith(u' '))
        name.chop(1);
    return name;
}

} // namespace

QString nameFromContentDisposition(const QByteArray &header)
{
    ParameterReader reader(header);
    Parameter parameter;
    QString plain;
    QString extended;
    while (reader.next(parameter)) {
        if (parameter.name == "filename*" && extended.isEmpty())
            extended = decodedExtValue(parameter.value);
        if (parameter.name == "filename" && plain.isEmpty())
            plain = decodedBytes(parameter.value);
    }
    return extended.isEmpty() ? plain : extended;
}

QString nameFromUrl(const QUrl &url)
{
    const QString path = url.path(QUrl::FullyEncoded);
    return decodedBytes(
        QByteArray::fromPercentEncoding(path.sliced(path.lastIndexOf(u'/') + 1).toLatin1()));
}

bool isNameOfPart(const QString &name)
{
    return name.startsWith(".moving-"_L1) || name.endsWith(".part"_L1)
        || name.endsWith(".part.journal"_L1) || name.endsWith(".part.journal.tmp"_L1);
}

QString safeFileName(const QString &name)
{
    const qsizetype separator = std::max(name.lastIndexOf(u'/'), name.lastIndexOf(u'\\'));
    QString safe = name.sliced(separator + 1).normalized(QString::NormalizationForm_C);
    safe = trimmedEnds(withoutUnsafe(safe));
    if (safe.startsWith(u'.'))
        safe[0] = u'_';
    if (isReserved(safe))
        safe.prepend(u'_');
    if (isNameOfPart(safe))
        safe += u'_';
    safe = trimmedEnds(cutToBytes(safe, MaxFileNameBytes));
    return safe.isEmpty() ? u"download"_s : safe;
}

QString downloadName(const QByteArray &contentDisposition, const QUrl &url)
{
    const QString given = nameFromContentDisposition(contentDisposition);
    return safeFileName(given.isEmpty() ? nameFromUrl(url) : given);
}

QString numberedName(const QString &name, int number)
{
    if (number == 0)
        return name;
    const qsizetype begin = extensionBegin(name);
    return u"%1 (%2)%3"_s.arg(name.first(begin), QString::number(number), name.sliced(begin));
}

} // namespace core
