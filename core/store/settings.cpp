#include "core/store/settings.h"

#include "core/base/categoryrulesjson.h"
#include "core/base/ifexists.h"
#include "core/base/logging.h"
#include "core/base/proxyaddress.h"
#include "core/base/queuehours.h"
#include "core/base/speedschedule.h"
#include "core/store/database.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace core {

using namespace Qt::StringLiterals;

namespace {

struct Row {
    QLatin1StringView key;
    Settings::Type type;
    qint64 defaultNumber; // Bool: 0 or 1; Folder, Schedule, Hours, Choice, Categories: unused
    qint64 least;
    qint64 most;
    QLatin1StringView meaning;
};

constexpr auto Bool = Settings::Type::Bool;
constexpr auto Int = Settings::Type::Int;
constexpr auto Folder = Settings::Type::Folder;
constexpr auto File = Settings::Type::File;
constexpr auto Schedule = Settings::Type::Schedule;
constexpr auto Hours = Settings::Type::Hours;
constexpr auto Proxy = Settings::Type::Proxy;
constexpr auto Text = Settings::Type::Text;
constexpr auto Choice = Settings::Type::Choice;
constexpr auto Categories = Settings::Type::Categories;

constexpr qsizetype MostTextCharacters = 1000;
constexpr qsizetype MostPathBytes = 4096; // Linux: PATH_MAX
constexpr qint64 MostBytesPerSecond = 1'000'000'000'000;

/// Every setting there is.
constexpr std::array Table{
    Row{"download.categories"_L1, Categories, 0, 0, 0,
        "Folders for sorts of files: a JSON list of name, folder, extensions and hosts"_L1},
    Row{"download.connections"_L1, Int, 8, 1, 32, "Connections one download may use"_L1},
    Row{"download.folder"_L1, Folder, 0, 0, 0,
        "Where downloads go; empty: the user's download folder"_L1},
    Row{"download.ifExists"_L1, Choice, 0, 0, 0,
        "When the file or a download of the link is there: rename, overwrite, skip or ask"_L1},
    Row{"download.netrc"_L1, File, 0, 0, 0,
        "Absolute path of a .netrc file with user names and passwords for your own downloads; "
        "empty: none"_L1},
    Row{"download.proxy"_L1, Proxy, 0, 0, 0,
        "Proxy of all downloads: http://host:port, socks5://host:port, socks5h://host:port or "
        "none; "
        "empty: http_proxy, https_proxy, all_proxy and no_proxy of the environment"_L1},
    Row{"download.userAgent"_L1, Text, 0, 0, 0,
        "What downloads call themselves (User-Agent); empty: Dray and its version"_L1},
    Row{"flash.imagesFolder"_L1, Folder, 0, 0, 0,
        "Where images lie that anyone who may flash may name; a flash that names only a partition "
        "takes "
        "PARTITION.img from there; empty: none"_L1},
    Row{"jwt.publicKeyFile"_L1, File, 0, 0, 0,
        "Absolute path of an Ed25519 public key (PEM): JWTs signed with EdDSA are taken; empty: none"_L1},
    Row{"jwt.secretFile"_L1, File, 0, 0, 0,
        "Absolute path of a secret of at least 32 bytes: JWTs signed with HS256 are taken; empty: none"_L1},
    Row{"limit.download"_L1, Int, 0, 0, MostBytesPerSecond,
        "Bytes per second of all downloads together; 0: no limit"_L1},
    Row{"limit.schedule"_L1, Schedule, 0, 0, 0,
        "Other limits by time of day, such as 08:00-18:00 500K, 18:00-23:00 2M"_L1},
    Row{"queue.downloads"_L1, Int, 3, 1, 100, "Downloads that run at the same time"_L1},
    Row{"queue.hours"_L1, Hours, 0, 0, 0,
        "Times of day in which downloads run, such as 23:00-07:00; empty: always"_L1},
    Row{"window.closeToTray"_L1, Bool, 1, 0, 1, "Closing the window leaves Dray in the tray"_L1},
    Row{"notify.finished"_L1, Bool, 1, 0, 1, "Show a notification when a job has finished"_L1},
    Row{"notify.failed"_L1, Bool, 1, 0, 1, "Show a notification when a job has failed"_L1},
};

const Row *find(QStringView key)
{
    const auto row = std::find_if(Table.begin(), Table.end(),
                                  [key](const Row &candidate) { return candidate.key == key; });
    return row == Table.end() ? nullptr : &*row;
}

QVariant defaultOf(const Row &row)
{
    switch (row.type) {
    case Bool:
        return row.defaultNumber != 0;
    case Int:
        return row.defaultNumber;
    case Folder:
    case File:
    case Schedule:
    case Hours:
    case Text:
    case Proxy:
    case Categories:
        return QString();
    case Choice:
        return QString(ifExistsName(IfExists::Rename));
    }
    return {};
}

QString rightValues(const Row &row)
{
    switch (row.type) {
    case Bool:
        return u"true or false"_s;
    case Int:
        return u"a whole number from %1 to %2"_s.arg(row.least).arg(row.most);
    case Folder:
    case File:
        return u"an absolute path, or empty"_s;
    case Proxy:
        return u"http://host:port, socks5://host:port, socks5h://host:port, none or empty; a user "
               "name and a password go into the environment variable http_proxy"_s;
    case Text:
        return u"one line of text of at most %1 characters, or empty"_s.arg(MostTextCharacters);
    case Categories:
        return u"a JSON list of categories, or empty"_s;
    case Choice:
        return ifExistsChoices();
    case Schedule:
        return u"times of day with a speed each, such as 08:00-18:00 500K, or empty"_s;
    case Hours:
        return u"times of day such as 23:00-07:00, or empty"_s;
    }
    return {};
}

std::optional<bool> boolOf(const QVariant &value)
{
    if (value.typeId() == QMetaType::Bool)
        return value.toBool();
    const QString text = value.typeId() == QMetaType::QString ? value.toString() : QString();
    if (text == "true"_L1 || text == "false"_L1)
        return text == "true"_L1;
    return std::nullopt;
}

/// Whole numbers of any numeric type (JSON brings doubles) and their decimal text.
std::optional<qint64> integerOf(const QVariant &value)
{
    bool isWhole = false;
    switch (value.typeId()) {
    case QMetaType::Int:
    case QMetaType::UInt:
    case QMetaType::LongLong:
    case QMetaType::ULongLong:
    case QMetaType::QString: {
        const qint64 number = value.toLongLong(&isWhole);
        return isWhole ? std::optional(number) : std::nullopt;
    }
    case QMetaType::Double: {
        const double number = value.toDouble();
        isWhole = std::trunc(number) == number && std::abs(number) < 1e15;
        return isWhole ? std::optional(qint64(number)) : std::nullopt;
    }
    default:
        return std::nullopt;
    }
}

std::optional<QString> folderOf(const QVariant &value)
{
    const QString path = value.toString();
    const bool isPath = value.typeId() == QMetaType::QString && !path.contains(QChar::Null)
        && path.toUtf8().size() < MostPathBytes && (path.isEmpty() || path.startsWith(u'/'));
    return isPath ? std::optional(path) : std::nullopt;
}

std::optional<QString> textOf(const QVariant &value)
{
    const QString text = value.toString();
    const bool isLine = value.typeId() == QMetaType::QString && text.size() <= MostTextCharacters
        && std::ranges::none_of(text, [](QChar c) { return c.category() == QChar::Other_Control; });
    return isLine ? std::optional(text) : std::nullopt;
}

/// `value` in the type of the table; invalid when it does not fit.
QVariant fitted(const Row &row, const QVariant &value)
{
    switch (row.type) {
    case Bool: {
        const auto flag = boolOf(value);
        return flag ? QVariant(*flag) : QVariant();
    }
    case Int: {
        const auto number = integerOf(value);
        return number && *number >= row.least && *number <= row.most ? QVariant(*number)
                                                                     : QVariant();
    }
    case Folder:
    case File: {
        const auto path = folderOf(value);
        return path ? QVariant(*path) : QVariant();
    }
    case Schedule: {
        const bool isText = value.typeId() == QMetaType::QString;
        return isText && SpeedSchedule::parse(value.toString()) ? value : QVariant();
    }
    case Hours: {
        const bool isText = value.typeId() == QMetaType::QString;
        return isText && QueueHours::parse(value.toString()) ? value : QVariant();
    }
    case Proxy: {
        const auto text = textOf(value);
        const auto proxy = ProxyAddress::parse(text.value_or(QString()));
        const bool isRight = text && (text->isEmpty() || (proxy && !proxy->hasLogin()));
        return isRight ? QVariant(*text) : QVariant();
    }
    case Text: {
        const auto text = textOf(value);
        return text ? QVariant(*text) : QVariant();
    }
    case Categories: {
        const bool isText = value.typeId() == QMetaType::QString;
        return isText && categoryRulesFromJson(value.toString()) ? value : QVariant();
    }
    case Choice:
        return ifExistsFromName(value.toString()) ? QVariant(value.toString()) : QVariant();
    }
    return {};
}

/// What is kept on disk for `value`: SQLite has no bool.
QVariant storable(const QVariant &value)
{
    return value.typeId() == QMetaType::Bool ? QVariant(value.toString()) : value;
}

QString shown(const QVariant &value)
{
    if (value.canConvert<QString>())
        return u"\"%1\""_s.arg(value.toString());
    return value.isValid() ? QString::fromLatin1(value.typeName()) : u"nothing"_s;
}

/// What is wrong with `value`, which does not fit.
QString reasonAgainst(const Row &row, const QVariant &value)
{
    const bool isText = value.typeId() == QMetaType::QString;
    if (row.type == Categories && isText)
        return categoryRulesFromJson(value.toString()).error().context;
    if (row.type == Proxy) // it may hold a password
        return u"this is not %1"_s.arg(rightValues(row));
    return u"%1 is not %2"_s.arg(shown(value), rightValues(row));
}

Result<const Row *> require(QStringView key)
{
    const Row *row = find(key);
    if (!row)
        return fail(ErrorCode::NotFound, u"there is no setting %1"_s.arg(key));
    return row;
}

} // namespace

Settings::Settings(StoreThread &store, QObject *parent)
    : QObject(parent)
    , m_store(store)
    , m_writes(store,
               {[](const Error &error) {
                    qCWarning(lcStore) << "settings cannot be written:" << error.context;
                },
                {}})
{ }

Settings::~Settings() = default;

Result<void> Settings::load()
{
    QHash<QString, QVariant> stored;
    const auto read = m_store.runNow([&stored](Database &database) {
        return database.read(u"read the settings"_s, u"SELECT key, value FROM settings"_s, {},
                             [&stored](const QSqlQuery &row) {
                                 stored.insert(row.value(0).toString(), row.value(1));
                             });
    });
    if (!read)
        return read;
    m_values.clear();
    for (const auto &[key, value] : stored.asKeyValueRange())
        takeStored(key, value);
    return {};
}

void Settings::takeStored(const QString &key, const QVariant &value)
{
    const Row *row = find(key);
    const QVariant usable = row ? fitted(*row, value) : QVariant();
    if (usable.isValid())
        m_values.insert(key, usable);
    else
        qCWarning(lcStore) << "stored setting ignored:" << key << shown(value);
}

bool Settings::contains(QStringView key) const
{
    return find(key) != nullptr;
}

QVariant Settings::value(QStringView key) const
{
    const Row *row = find(key);
    Q_ASSERT(row);
    return m_values.value(key.toString(), defaultOf(*row));
}

Result<Settings::Entry> Settings::entry(QStringView key) const
{
    const auto row = require(key);
    if (!row)
        return fail(row.error());
    return Entry{(*row)->key,   (*row)->type, value(key),     defaultOf(**row),
                 (*row)->least, (*row)->most, (*row)->meaning};
}

QList<Settings::Entry> Settings::all() const
{
    QList<Entry> entries;
    for (const Row &row : Table)
        entries.append(*entry(QString(row.key)));
    return entries;
}

Result<void> Settings::set(const QString &key, const QVariant &value)
{
    const auto row = require(key);
    if (!row)
        return fail(row.error());
    const QVariant usable = fitted(**row, value);
    if (!usable.isValid())
        return fail(ErrorCode::InvalidArgument, u"%1: %2"_s.arg(key, reasonAgainst(**row, value)));
    const bool isSame = this->value(key) == usable;
    m_values.insert(key, usable);
    m_writes.put(key, [key, kept = storable(usable)](Database &database) {
        return database.run(u"store setting %1"_s.arg(key),
                            u"INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)"_s,
                            {key, kept});
    });
    if (!isSame)
        emit changed(key);
    return {};
}

void Settings::set(const QString &key, const QVariant &value, QObject *context, Done done)
{
    const auto accepted = set(key, value);
    if (accepted)
        m_writes.whenCommitted(key, context, std::move(done));
    else
        done(accepted);
}

} // namespace core
