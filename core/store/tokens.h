#pragma once
#include "core/base/principal.h"
#include "core/store/pendingwrites.h"

class QSqlQuery;

namespace core {

/// A token as it may be shown. Times are wall-clock milliseconds since 1970.
struct TokenEntry {
    QString id;
    QString name;
    Scopes scopes;
    QString owner;
    qint64 createdAt = 0;
    qint64 expiresAt = 0; // 0: never
    qint64 lastUsedAt = 0; // 0: not yet; on disk up to a minute behind
    QByteArray origin{}; // of a paired extension; empty: no page may use it without --allow-origin
};

struct NewToken {
    QString name;
    Scopes scopes;
    QString owner;
    qint64 expiresAt = 0; // 0: never
    QByteArray origin{}; // of an extension that was paired
};

/// The only time the token itself is seen: 256 random bits in base64url without padding.
struct MadeToken {
    QString id;
    QByteArray token;
};

/// Who may come in. Tokens are kept as SHA-256 only; a stolen database opens no door.
///
/// Threads: lives on the hub thread; only load() waits.
class Tokens final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Tokens)
public:
    /// `lastUsedAt` is written at most this often for each token.
    static constexpr Milliseconds LastUsedInterval{60'000};
    using Added = std::function<void(const Result<MadeToken> &)>;
    using Done = StoreThread::Done;

    Tokens(StoreThread &store, const Clock &clock, QObject *parent = nullptr);
    ~Tokens() override;

    /// Reads the stored tokens. For the start; waits.
    [[nodiscard]] Result<void> load();

    /// Makes a token, valid from the moment of the answer, which comes after the commit. Fails with
    /// `InvalidArgument` (no name, no owner, no scope, expired) or as writing does.
    void add(const NewToken &wanted, const Added &answer);
    /// Makes a token that is never stored and ends with this run of the program: endpoint.json, the
    /// page's session. Valid at once.
    [[nodiscard]] MadeToken addForThisRun(const NewToken &wanted);

    /// Whom `token` stands for; nullopt when it is unknown, revoked or expired.
    [[nodiscard]] std::optional<TokenEntry> check(const QByteArray &token);
    /// Whether a token that holds was made for the extension of that Origin.
    [[nodiscard]] bool isPaired(const QByteArray &origin) const;
    /// Oldest first, expired ones too.
    [[nodiscard]] QList<TokenEntry> list() const;
    /// Ends a token at once; `done` is called when that is on disk. Fails with `NotFound`. When
    /// writing fails the token is ended for this run, and the write is tried again.
    void revoke(const QString &id, const Done &done);

signals:
    /// A token holds from here on, and list() has it.
    void added(const QString &id);
    /// Close what this token opened.
    void revoked(const QString &id, const core::TokenEntry &token);

private:
    enum class Kept { OnDisk, ThisRun };
    struct Known {
        TokenEntry entry;
        Kept kept = Kept::OnDisk;
        qint64 writtenLastUsedAt = 0;
    };
    struct Made;

    [[nodiscard]] bool isOver(const TokenEntry &entry) const;
    [[nodiscard]] Made make(const NewToken &wanted) const;
    void keep(const Made &made, Kept kept);
    void takeStored(const QSqlQuery &row);
    void noteUse(Known &known);

    StoreThread &m_store;
    const Clock &m_clock;
    PendingWrites m_writes;
    QHash<QByteArray, Known> m_byDigest;
};

} // namespace core
