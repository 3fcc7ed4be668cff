#include "core/download/netrc.h"

#include "core/download/textfile.h"

namespace core {
namespace {

using namespace Qt::StringLiterals;

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// Gives the words of a .netrc one after the other.
class Words
{
public:
    explicit Words(const QByteArray &text)
        : m_text(text)
    { }

    /// The line of the last word, from 1.
    [[nodiscard]] int line() const { return int(m_text.first(m_begin).count('\n')) + 1; }

    /// The next keyword, nullopt at the end. Comments before it are passed over.
    [[nodiscard]] std::optional<QByteArray> keyword()
    {
        skipSpace();
        while (m_at < m_text.size() && m_text[m_at] == '#') {
            skipTo(m_text.indexOf('\n', m_at));
            skipSpace();
        }
        return value();
    }

    /// The next word, whatever it begins with; nullopt at the end or for quotes that do not end.
    [[nodiscard]] std::optional<QByteArray> value()
    {
        skipSpace();
        m_begin = m_at;
        if (m_at >= m_text.size())
            return std::nullopt;
        return m_text[m_at] == '"' ? quoted() : plain();
    }

    /// Passes over a macro: everything up to the next empty line.
    void skipMacro()
    {
        const qsizetype unix = m_text.indexOf("\n\n", m_at);
        const qsizetype dos = m_text.indexOf("\n\r\n", m_at);
        skipTo(unix < 0 || (dos >= 0 && dos < unix) ? dos : unix);
    }

private:
    void skipTo(qsizetype place) { m_at = place < 0 ? m_text.size() : place; }
    void skipSpace()
    {
        while (m_at < m_text.size() && isSpace(m_text[m_at]))
            ++m_at;
    }
    QByteArray plain()
    {
        const qsizetype begin = m_at;
        while (m_at < m_text.size() && !isSpace(m_text[m_at]))
            ++m_at;
        return m_text.sliced(begin, m_at - begin);
    }
    std::optional<QByteArray> quoted()
    {
        QByteArray word;
        for (++m_at; m_at < m_text.size() && m_text[m_at] != '\n'; ++m_at) {
            if (m_text[m_at] == '"') {
                ++m_at;
                return word;
            }
            if (m_text[m_at] == '\\' && m_at + 1 < m_text.size())
                ++m_at;
            word.append(m_text[m_at]);
        }
        return std::nullopt;
    }

    const QByteArray m_text;
    qsizetype m_at = 0;
    qsizetype m_begin = 0;
};

tl::unexpected<Error> wrong(const Words &words, const char *why)
{
    return fail(ErrorCode::InvalidArgument,
                u"line %1: %2"_s.arg(QString::number(words.line()), QLatin1StringView(why)));
}

} // namespace

Result<Netrc> Netrc::parse(const QByteArray &text)
{
    Netrc netrc;
    Words words(text);
    while (const auto keyword = words.keyword()) {
        if (*keyword == "default") {
            netrc.m_entries.append(Entry());
            continue;
        }
        const bool isLogin = *keyword == "login" || *keyword == "user";
        const bool isKnown = isLogin || *keyword == "machine" || *keyword == "password"
            || *keyword == "account" || *keyword == "macdef";
        if (!isKnown)
            return wrong(words, "not one of machine, default, login, password, account, macdef");
        const auto value = words.value();
        if (!value)
            return wrong(words, "a keyword without its value, or quotes that do not end");
        const QString word = QString::fromUtf8(*value);
        if (*keyword == "machine")
            netrc.m_entries.append({word, {}});
        else if (*keyword == "macdef")
            words.skipMacro();
        else if (netrc.m_entries.isEmpty())
            return wrong(words, "this needs a machine or default before it");
        else if (isLogin)
            netrc.m_entries.last().login.user = word;
        else if (*keyword == "password")
            netrc.m_entries.last().login.password = word;
    }
    return netrc;
}

Result<Netrc> Netrc::read(const QString &path)
{
    const auto text = readSmallFile(path, MostBytes, ReadableBy::OwnerOnly);
    if (!text)
        return fail(text.error());
    auto netrc = parse(*text);
    if (!netrc)
        return fail(netrc.error().code, u"%1, %2"_s.arg(path, netrc.error().context));
    return netrc;
}

std::optional<Netrc::Login> Netrc::find(const QString &host, const QString &user) const
{
    const auto has = [&](const Entry &entry, const QString &name) {
        return entry.host.compare(name, Qt::CaseInsensitive) == 0 && !entry.login.user.isEmpty()
            && (user.isEmpty() || entry.login.user == user);
    };
    for (const QString &name : {host, QString()})
        for (const Entry &entry : m_entries)
            if (has(entry, name))
                return entry.login;
    return std::nullopt;
}

} // namespace core
