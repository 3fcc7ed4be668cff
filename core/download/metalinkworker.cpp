#include "core/download/metalinkworker.h"

#include "core/base/files.h"
#include "core/base/logging.h"
#include "core/download/downloadworker.h"
#include "core/download/filename.h"
#include "core/download/localtarget.h"
#include "core/download/redirects.h"

#include <QDir>
#include <QFile>

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype MostMirrors = 16;

Result<QByteArray> readDocument(const QString &path)
{
    const auto fd = openFile(path, O_RDONLY | O_NONBLOCK); // a pipe would wait for its writer
    if (!fd)
        return fail(fd.error());
    struct stat facts = {};
    if (::fstat(fd->get(), &facts) != 0 || !S_ISREG(facts.st_mode))
        return fail(ErrorCode::FileAccess, u"%1 is not a plain file"_s.arg(path));
    QFile file;
    if (!file.open(fd->get(), QIODevice::ReadOnly))
        return fail(ErrorCode::FileAccess, u"%1: %2"_s.arg(path, file.errorString()));
    const QByteArray text = file.read(MetalinkWorker::LargestDocument + 1);
    if (file.error() != QFileDevice::NoError)
        return fail(ErrorCode::FileAccess, u"%1: %2"_s.arg(path, file.errorString()));
    if (text.size() > MetalinkWorker::LargestDocument)
        return fail(ErrorCode::LimitExceeded,
                    u"the Metalink document is larger than %1 bytes"_s.arg(
                        MetalinkWorker::LargestDocument));
    return text;
}

QString told(qsizetype added, const QStringList &leftOut)
{
    const QString text = u"%1 files, each a job of its own"_s.arg(added);
    if (leftOut.isEmpty())
        return text;
    return text + u"; %1 left out: %2"_s.arg(leftOut.size()).arg(leftOut.constFirst());
}

} // namespace

MetalinkWorker::MetalinkWorker(DownloadSpec spec, MetalinkPlace place)
    : m_spec(std::move(spec))
    , m_place(std::move(place))
{
    DownloadPlace &download = m_place.download;
    download.folder = QDir(download.folder).filePath(u".metalink-"_s + download.jobKey);
}

Result<Outcome> MetalinkWorker::run(std::stop_token stop, ProgressCell &progress)
{
    const auto path = fetch(stop, progress);
    if (!path)
        return fail(path.error());
    if (!*path)
        return Outcome::Stopped;
    const auto text = readDocument(**path);
    discard(); // a document that is wrong is asked for again next time
    if (!text)
        return fail(text.error());
    const auto files = parseMetalink(*text);
    if (!files)
        return fail(files.error());
    QList<DownloadSpec> items;
    QStringList leftOut;
    for (const MetalinkFile &file : *files) {
        auto item = itemFor(file);
        if (item)
            items.append(std::move(*item));
        else
            leftOut.append(item.error().context);
    }
    if (items.isEmpty())
        return fail(ErrorCode::NotFound, leftOut.constFirst());
    const auto added = m_place.addItems(items, stop);
    if (!added)
        return fail(added.error());
    if (stop.stop_requested())
        return Outcome::Stopped;
    progress.edit([&](JobDetails &details) {
        details.title = firstTitle(m_spec);
        details.target.clear(); // the document is not kept
        details.message = told(*added, leftOut);
    });
    return Outcome::Completed;
}

Result<std::optional<QString>> MetalinkWorker::fetch(const std::stop_token &stop,
                                                     ProgressCell &progress) const
{
    progress.enter(Stage::Resolving);
    if (m_spec.url.isLocalFile())
        return m_spec.url.toLocalFile();
    DownloadSpec spec = m_spec;
    spec.isMetalink.reset();
    spec.ifExists.reset();
    spec.name = safeFileName(nameFromUrl(spec.url));
    const auto fetched = DownloadWorker(spec, m_place.download).run(stop, progress);
    if (!fetched)
        return fail(fetched.error());
    if (*fetched == Outcome::Stopped)
        return std::nullopt;
    return QDir(m_place.download.folder).filePath(spec.name);
}

Result<DownloadSpec> MetalinkWorker::itemFor(const MetalinkFile &file) const
{
    QList<QUrl> urls = file.urls;
    urls.removeIf(
        [this](const QUrl &url) { return !mayLeadTo(url, m_spec.url, m_place.download.ownPorts); });
    if (urls.isEmpty())
        return fail(ErrorCode::NotFound,
                    u"%1 has no http or https address that may be asked"_s.arg(file.name));
    DownloadSpec item = m_spec;
    item.isMetalink.reset();
    item.url = urls.takeFirst();
    item.mirrors = urls.first(std::min(urls.size(), MostMirrors));
    item.name = file.name;
    item.checksum = file.checksum;
    item.size = file.size;
    if (file.pieces && (file.size < 0 || file.pieces->fit(file.size)))
        item.pieces = file.pieces;
    // The document chose the name, so nothing is replaced; and nobody is there to be asked.
    item.ifExists = m_spec.ifExists == IfExists::Skip ? IfExists::Skip : IfExists::Rename;
    if (!isSameOrigin(item.url, m_spec.url)) {
        item.headers = headersForOtherOrigin(item.headers);
        item.request = requestForOtherOrigin(item.request);
    }
    if (const auto chosen = m_place.folders.choose(item); !chosen)
        return fail(chosen.error());
    item.to = QDir::cleanPath(item.to + u'/' + file.folder);
    if (const auto checked = checkSpec(item); !checked)
        return fail(checked.error().code, u"%1: %2"_s.arg(file.name, checked.error().context));
    return item;
}

void MetalinkWorker::discard()
{
    QDir staging(m_place.download.folder);
    if (staging.exists() && !staging.removeRecursively())
        qCWarning(lcDownload) << "cannot remove" << staging.path();
}

} // namespace core
