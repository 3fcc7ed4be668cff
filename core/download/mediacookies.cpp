#include "core/download/mediacookies.h"

#include "core/base/files.h"
#include "core/base/logging.h"
#include "core/download/cookiefile.h"
#include "core/download/downloadspec.h"

#include <QDir>
#include <QFile>

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr mode_t PrivateMode = 0600;
constexpr auto PluginName = "/yt_dlp_plugins/extractor/drayhostcookies.py"_L1;

/// Older ones put the cookies for a format's address into the headers of every request for it, whatever
/// host a piece or a redirect leads to. Without that header their cookie jar decides for each request.
constexpr auto Plugin = R"(from yt_dlp.YoutubeDL import YoutubeDL
from yt_dlp.version import __version__

if __version__ < '2023.07.06':
    YoutubeDL._calc_cookies = lambda self, url: None
)";

/// Of the file that the user named, else of the Cookie header; empty: there are none.
Result<QByteArray> cookieText(const DownloadSpec &page)
{
    if (const QString &path = page.request.cookies; !path.isEmpty()) {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly))
            return fail(ErrorCode::FileAccess, u"%1 cannot be read"_s.arg(path));
        return file.read(CookieFile::MostBytes);
    }
    const auto line = std::ranges::find_if(page.headers, isCookieHeader);
    return line == page.headers.end() ? QByteArray() : CookieFile::forHost(page.url, line->value);
}

} // namespace

bool isCookieHeader(const HeaderLine &line)
{
    return line.name.compare("cookie"_L1, Qt::CaseInsensitive) == 0;
}

Result<void> MediaCookies::write(const DownloadSpec &page)
{
    const auto text = cookieText(page);
    if (!text)
        return fail(text.error());
    if (text->isEmpty())
        return {};
    if (const auto written = writeFiles(*text); !written)
        return written;
    m_path = m_folder + "/cookies.txt"_L1;
    return {};
}

Result<void> MediaCookies::writeFiles(const QByteArray &cookies) const
{
    const QString plugin = m_folder + PluginName;
    if (const auto made = makeFolder(QFileInfo(plugin).path()); !made)
        return made;
    if (!QFile::setPermissions(m_folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner))
        qCWarning(lcDownload) << "others may look into" << m_folder;
    if (const auto written = writeFileAtomically(plugin, Plugin, PrivateMode); !written)
        return written;
    return writeFileAtomically(m_folder + "/cookies.txt"_L1, cookies, PrivateMode);
}

/// yt-dlp finds plugins where Python finds packages.
QProcessEnvironment MediaCookies::environment() const
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    if (m_path.isEmpty())
        return environment;
    const QString others = environment.value(u"PYTHONPATH"_s);
    environment.insert(u"PYTHONPATH"_s, others.isEmpty() ? m_folder : m_folder + u':' + others);
    return environment;
}

void MediaCookies::remove() const
{
    QDir folder(m_folder);
    if (folder.exists() && !folder.removeRecursively())
        qCWarning(lcDownload) << "cannot remove" << m_folder;
}

} // namespace core
