#pragma once
#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/store/tokens.h"

#include <QObject>
#include <QTimer>

namespace core {

/// A program that asks for a token of its own and waits for the local user's yes.
struct Pairing {
    QString id;
    /// What it calls itself; one line of 1 to 64 characters.
    QString name;
    /// What it says it is, such as "extension".
    QString kind;
    /// Six digits that the program shows too: the user compares them.
    QString code;
    /// The Origin of an extension, which is let in from then on; empty for other programs.
    QByteArray origin;
    /// Wall clock.
    Milliseconds expiresAt{0};
};

/// Who wants to be let in, and the local user's answers (PROTOCOL.md §1, pair.request).
///
/// Threads: the hub thread.
class Pairings final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Pairings)
public:
    static constexpr Milliseconds Patience = std::chrono::seconds(120);
    /// All programs together, in TriesWindow.
    static constexpr int MostTries = 5;
    static constexpr Milliseconds TriesWindow = std::chrono::minutes(10);
    static constexpr Scopes Granted = DefaultScopes;

    /// The token, or why there is none. Returns whether somebody took it: what nobody got is revoked.
    using Answer = std::function<bool(const Result<MadeToken> &)>;

    Pairings(Tokens &tokens, const Clock &clock);

    /// Asks the local user. Id and expiresAt of `asked` are made here. Fails at once with
    /// `InvalidArgument` (name, kind or code) or `RateLimited`; else `answer` comes once, with
    /// `Forbidden` for a no and `Timeout` after two minutes.
    [[nodiscard]] Result<QString> ask(Pairing asked, Answer answer);
    /// The asker is gone; it is not answered.
    void withdraw(const QString &id);

    /// Oldest first.
    [[nodiscard]] QList<Pairing> waiting() const;
    /// The local user's yes: makes the token, which `done` is told without its secret. Fails with
    /// `NotFound`.
    void accept(const QString &id, const std::function<void(const Result<void> &)> &done);
    [[nodiscard]] Result<void> refuse(const QString &id);

signals:
    /// Someone began or ended to wait.
    void changed();

private:
    struct Waiting {
        Pairing pairing;
        Answer answer;
        Milliseconds until; // monotonic
    };

    [[nodiscard]] Result<void> countTry();
    [[nodiscard]] std::optional<Waiting> take(const QString &id);
    void expire();

    Tokens &m_tokens;
    const Clock &m_clock;
    QList<Waiting> m_waiting;
    QList<Milliseconds> m_tries; // monotonic
    QTimer m_timer; // runs while someone waits
};

} // namespace core
