#include "core/pairings.h"

#include "core/base/wrongvalue.h"

#include <QUuid>

#include <algorithm>

namespace core {
namespace {

using namespace Qt::StringLiterals;

constexpr qsizetype MostNameCharacters = 64;
constexpr qsizetype CodeDigits = 6;
constexpr qsizetype MostKindCharacters = 32;

bool isOneLine(const QString &text, qsizetype most)
{
    return !text.trimmed().isEmpty() && text.size() <= most
        && std::ranges::all_of(text, [](QChar c) { return c.isPrint(); });
}

Result<void> checkAsked(const Pairing &asked)
{
    if (!isOneLine(asked.name, MostNameCharacters))
        return wrongValue("name"_L1, asked.name, "one line of 1 to 64 characters");
    if (!isOneLine(asked.kind, MostKindCharacters))
        return wrongValue("kind"_L1, asked.kind, "a word such as extension");
    const bool isCode = asked.code.size() == CodeDigits
        && std::ranges::all_of(asked.code, [](QChar c) { return c >= u'0' && c <= u'9'; });
    if (!isCode)
        return wrongValue("code"_L1, asked.code, "six digits");
    return {};
}

} // namespace

Pairings::Pairings(Tokens &tokens, const Clock &clock)
    : m_tokens(tokens)
    , m_clock(clock)
    , m_timer(this)
{
    connect(&m_timer, &QTimer::timeout, this, &Pairings::expire);
}

Result<QString> Pairings::ask(Pairing asked, Answer answer)
{
    if (const auto checked = checkAsked(asked); !checked)
        return fail(checked.error());
    if (const auto counted = countTry(); !counted)
        return fail(counted.error());
    asked.id = QUuid::createUuid().toString(QUuid::Id128);
    asked.expiresAt = m_clock.wallTime() + Patience;
    const QString id = asked.id;
    m_waiting.append({std::move(asked), std::move(answer), m_clock.monotonicTime() + Patience});
    m_timer.start(std::chrono::seconds(1));
    emit changed();
    return id;
}

Result<void> Pairings::countTry()
{
    const Milliseconds now = m_clock.monotonicTime();
    m_tries.removeIf([now](Milliseconds at) { return now - at >= TriesWindow; });
    if (m_tries.size() >= MostTries)
        return fail(ErrorCode::RateLimited, u"5 tries to pair in 10 minutes"_s);
    m_tries.append(now);
    return {};
}

void Pairings::withdraw(const QString &id)
{
    if (take(id))
        emit changed();
}

QList<Pairing> Pairings::waiting() const
{
    QList<Pairing> list;
    for (const Waiting &one : m_waiting)
        list.append(one.pairing);
    return list;
}

void Pairings::accept(const QString &id, const std::function<void(const Result<void> &)> &done)
{
    auto waiting = take(id);
    if (!waiting)
        return done(fail(ErrorCode::NotFound, u"nobody waits to pair by the id %1"_s.arg(id)));
    emit changed();
    const NewToken wanted{.name = waiting->pairing.name,
                          .scopes = Granted,
                          .owner = QString(LocalOwner),
                          .origin = waiting->pairing.origin};
    m_tokens.add(wanted, [this, answer = std::move(waiting->answer), done](const auto &made) {
        const bool isTaken = answer(made);
        if (made && !isTaken)
            return m_tokens.revoke(made->id, [done](const Result<void> &) {
                done(fail(ErrorCode::NotFound, u"who asked to pair is gone"_s));
            });
        done(made.map([](const MadeToken &) {}));
    });
}

Result<void> Pairings::refuse(const QString &id)
{
    const auto waiting = take(id);
    if (!waiting)
        return fail(ErrorCode::NotFound, u"nobody waits to pair by the id %1"_s.arg(id));
    emit changed();
    waiting->answer(fail(ErrorCode::Forbidden, u"the user refused"_s));
    return {};
}

std::optional<Pairings::Waiting> Pairings::take(const QString &id)
{
    const auto found =
        std::ranges::find_if(m_waiting, [&id](const Waiting &one) { return one.pairing.id == id; });
    if (found == m_waiting.end())
        return std::nullopt;
    Waiting taken = std::move(*found);
    m_waiting.erase(found);
    if (m_waiting.isEmpty())
        m_timer.stop();
    return taken;
}

void Pairings::expire()
{
    const Milliseconds now = m_clock.monotonicTime();
    while (!m_waiting.isEmpty() && m_waiting.constFirst().until <= now) {
        const auto over = take(QString(m_waiting.constFirst().pairing.id));
        emit changed();
        over->answer(fail(ErrorCode::Timeout, u"nobody answered within two minutes"_s));
    }
}

} // namespace core
