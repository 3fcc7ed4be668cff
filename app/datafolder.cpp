#include "app/datafolder.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace app {

using namespace Qt::StringLiterals;
using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

QString endpointPath(const QString &folder)
{
    return folder + u"/endpoint.json"_s;
}

Result<void> makeFolder(const QString &path)
{
    if (QDir(path).exists())
        return {};
    if (!QDir().mkpath(path))
        return fail(ErrorCode::FileAccess, u"%1: the folder cannot be made"_s.arg(path));
    if (::chmod(QFile::encodeName(path).constData(), 0700) != 0)
        return fail(core::fileError(errno, path));
    return {};
}

} // namespace

DataFolder::DataFolder(QString path, core::FileDescriptor lock)
    : m_path(std::move(path))
    , m_lock(std::move(lock))
{ }

DataFolder::~DataFolder()
{
    if (m_lock.isOpen())
        ::unlink(QFile::encodeName(endpointPath(m_path)).constData());
}

Result<DataFolder> DataFolder::take(const QString &path)
{
    if (const auto made = makeFolder(path); !made)
        return fail(made.error());
    auto lock = core::openFile(path + u"/lock"_s, O_RDWR | O_CREAT, 0600);
    if (!lock)
        return fail(lock.error());
    if (::flock(lock->get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            return fail(ErrorCode::Busy, u"another Dray uses the data folder %1"_s.arg(path));
        return fail(core::fileError(errno, path));
    }
    // What an earlier hub left when it was killed must not lead anyone to its old port.
    ::unlink(QFile::encodeName(endpointPath(path)).constData());
    return DataFolder(path, std::move(*lock));
}

Result<void> DataFolder::writeEndpoint(const Endpoint &endpoint) const
{
    const QJsonObject json{{u"url"_s, endpoint.url.toString(QUrl::RemovePath)},
                           {u"pid"_s, endpoint.pid},
                           {u"token"_s, endpoint.token}};
    return core::writeFileAtomically(endpointPath(m_path), QJsonDocument(json).toJson(), 0600);
}

Result<Endpoint> readEndpoint(const QString &dataDir)
{
    QFile file(endpointPath(dataDir));
    if (!file.open(QIODevice::ReadOnly))
        return fail(
            ErrorCode::NotFound,
            u"no Dray is running with the data folder %1; start dray or drayd"_s.arg(dataDir));
    const QJsonObject json = QJsonDocument::fromJson(file.readAll()).object();
    Endpoint endpoint{.url = QUrl(json[u"url"_s].toString()),
                      .pid = json[u"pid"_s].toInteger(),
                      .token = json[u"token"_s].toString()};
    if (!endpoint.url.isValid() || endpoint.token.isEmpty())
        return fail(ErrorCode::FileAccess, u"%1 cannot be understood"_s.arg(file.fileName()));
    return endpoint;
}

} // namespace app
