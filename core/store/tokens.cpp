#include "core/store/tokens.h"

#include "core/base/digest.h"
#include "core/base/logging.h"
#include "core/store/database.h"

#include <QRandomGenerator>

#include <array>

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// `Words` times 32 bits from the system's generator, in base64url without padding.
template<size_t Words>
QByteArray randomText()
{
    std::array<quint32, Words> words;
    QRandomGenerator::system()->fillRange(words.data(), qsizetype(words.size()));
    return QByteArray(reinterpret_cast<const char *>(words.data()), sizeof(words))
        .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

QByteArray digestOf(const QByteArray &token)
{
    return Sha256::of({token.constData(), size_t(token.size())});
}

constexpr qsizetype MostNameCharacters = 128; // so that a message holds a list of hundreds

Result<void> validate(const NewToken &wanted, qint64 now)
{
    if (wanted.name.isEmpty())
        return fail(ErrorCode::InvalidArgument, u"a token needs a name"_s);
    if (wanted.name.size() > MostNameCharacters || wanted.owner.size() > MostNameCharacters)
        return fail(ErrorCode::InvalidArgument,
                    u"the names of a token and of its owner have at most %1 characters"_s.arg(
                        MostNameCharacters));
    if (wanted.owner.isEmpty())
        return fail(ErrorCode::InvalidArgument, u"token %1 needs an owner"_s.arg(wanted.name));
    if (!wanted.scopes)
        return fail(ErrorCode::InvalidArgument, u"token %1 needs a scope"_s.arg(wanted.name));
    if (wanted.expiresAt != 0 && wanted.expiresAt <= now)
        return fail(
            ErrorCode::InvalidArgument,
            u"token %1 would expire at %2, which is past"_s.arg(wanted.name).arg(wanted.expiresAt));
    return {};
}

Result<void> insertToken(Database &database, const TokenEntry &entry, const QByteArray &digest)
{
    return database.run(
        u"store token %1"_s.arg(entry.name),
        u"INSERT INTO tokens (id, digest, name, scopes, owner, createdAt, expiresAt, "
        "lastUsedAt, origin) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"_s,
        {entry.id, digest, entry.name, scopeNames(entry.scopes).join(u' '), entry.owner,
         entry.createdAt, entry.expiresAt, entry.lastUsedAt, QString::fromLatin1(entry.origin)});
}

/// Columns: id, name, scopes, owner, createdAt, expiresAt, lastUsedAt, digest, origin. nullopt when a scope is
/// unknown: such a token opens nothing.
std::optional<TokenEntry> entryOf(const QSqlQuery &row)
{
    const QStringList names = row.value(2).toString().split(u' ', Qt::SkipEmptyParts);
    const auto scopes = scopesFromNames(names);
    if (!scopes)
        return std::nullopt;
    return TokenEntry{
        row.value(0).toString(),   row.value(1).toString(),           *scopes,
        row.value(3).toString(),   row.value(4).toLongLong(),         row.value(5).toLongLong(),
        row.value(6).toLongLong(), row.value(8).toString().toLatin1()};
}

} // namespace

struct Tokens::Made {
    TokenEntry entry;
    QByteArray token;
    QByteArray digest;
};

Tokens::Tokens(StoreThread &store, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_store(store)
    , m_clock(clock)
    , m_writes(store,
               {[](const Error &error) {
                    qCWarning(lcStore) << "tokens cannot be written:" << error.context;
                },
                {}})
{ }

Tokens::~Tokens() = default;

Result<void> Tokens::load()
{
    m_byDigest.clear();
    return m_store.runNow([this](Database &database) {
        return database.read(u"read the tokens"_s,
                             u"SELECT id, name, scopes, owner, createdAt, expiresAt, lastUsedAt, "
                             "digest, origin FROM tokens"_s,
                             {}, [this](const QSqlQuery &row) { takeStored(row); });
    });
}

/// Runs on the store thread while the hub thread waits.
void Tokens::takeStored(const QSqlQuery &row)
{
    const auto entry = entryOf(row);
    if (entry)
        m_byDigest.insert(row.value(7).toByteArray(), {*entry, Kept::OnDisk, entry->lastUsedAt});
    else
        qCWarning(lcStore) << "stored token ignored:" << row.value(1).toString() << "has scopes"
                           << row.value(2).toString();
}

Tokens::Made Tokens::make(const NewToken &wanted) const
{
    Made made;
    made.token = randomText<8>();
    made.digest = digestOf(made.token);
    made.entry = {QString::fromLatin1(randomText<3>()),
                  wanted.name,
                  wanted.scopes,
                  wanted.owner,
                  m_clock.wallTime().count(),
                  wanted.expiresAt,
                  0,
                  wanted.origin};
    return made;
}

void Tokens::add(const NewToken &wanted, const Added &answer)
{
    if (const auto valid = validate(wanted, m_clock.wallTime().count()); !valid) {
        answer(fail(valid.error()));
        return;
    }
    const Made made = make(wanted);
    m_store.write([entry = made.entry, digest = made.digest](
                      Database &database) { return insertToken(database, entry, digest); },
                  this,
                  [this, made, answer](const Result<void> &stored) {
                      if (!stored) {
                          answer(fail(stored.error()));
                          return;
                      }
                      keep(made, Kept::OnDisk);
                      answer(MadeToken{made.entry.id, made.token});
                  });
}

MadeToken Tokens::addForThisRun(const NewToken &wanted)
{
    Q_ASSERT(validate(wanted, m_clock.wallTime().count()));
    const Made made = make(wanted);
    keep(made, Kept::ThisRun);
    return {made.entry.id, made.token};
}

void Tokens::keep(const Made &made, Kept kept)
{
    m_byDigest.insert(made.digest, {made.entry, kept, 0});
    emit added(made.entry.id);
}

/// The digest is what is looked up, so how long the search takes tells nothing about the tokens
/// there are: whoever times it cannot choose a digest's leading bytes without knowing its token.
std::optional<TokenEntry> Tokens::check(const QByteArray &token)
{
    const auto known = m_byDigest.find(digestOf(token));
    if (known == m_byDigest.end())
        return std::nullopt;
    if (isOver(known->entry))
        return std::nullopt;
    noteUse(*known);
    return known->entry;
}

bool Tokens::isOver(const TokenEntry &entry) const
{
    return entry.expiresAt != 0 && m_clock.wallTime().count() >= entry.expiresAt;
}

bool Tokens::isPaired(const QByteArray &origin) const
{
    return !origin.isEmpty() && std::ranges::any_of(m_byDigest, [&](const Known &known) {
        return known.entry.origin == origin && !isOver(known.entry);
    });
}

void Tokens::noteUse(Known &known)
{
    const qint64 now = m_clock.wallTime().count();
    known.entry.lastUsedAt = now;
    if (known.kept == Kept::ThisRun || now - known.writtenLastUsedAt < LastUsedInterval.count())
        return;
    known.writtenLastUsedAt = now;
    m_writes.put(known.entry.id, [id = known.entry.id, now](Database &database) {
        return database.run(u"note the use of a token"_s,
                            u"UPDATE tokens SET lastUsedAt = ? WHERE id = ?"_s, {now, id});
    });
}

QList<TokenEntry> Tokens::list() const
{
    QList<TokenEntry> entries;
    for (const Known &known : m_byDigest)
        entries.append(known.entry);
    std::sort(entries.begin(), entries.end(), [](const TokenEntry &a, const TokenEntry &b) {
        return std::tie(a.createdAt, a.id) < std::tie(b.createdAt, b.id);
    });
    return entries;
}

void Tokens::revoke(const QString &id, const Done &done)
{
    const auto known = std::find_if(m_byDigest.begin(), m_byDigest.end(),
                                    [&id](const Known &one) { return one.entry.id == id; });
    if (known == m_byDigest.end()) {
        done(fail(ErrorCode::NotFound, u"there is no token %1"_s.arg(id)));
        return;
    }
    const Kept kept = known->kept;
    const TokenEntry token = known->entry;
    m_byDigest.erase(known);
    if (kept == Kept::OnDisk)
        m_writes.put(id, [id](Database &database) {
            return database.run(u"revoke a token"_s, u"DELETE FROM tokens WHERE id = ?"_s, {id});
        });
    emit revoked(id, token);
    m_writes.whenCommitted(id, this, done);
}

} // namespace core
