#include "core/base/categoryrules.h"

#include <QDir>

#include <algorithm>

namespace core {
namespace {

bool isHost(const QString &host, const QString &rule)
{
    return host == rule || host.endsWith(u'.' + rule);
}

bool hasHost(const Category &category, const QString &host)
{
    return std::ranges::any_of(category.hosts,
                               [&host](const QString &rule) { return isHost(host, rule); });
}

bool hasExtension(const Category &category, const QString &fileName)
{
    return std::ranges::any_of(category.extensions, [&fileName](const QString &extension) {
        return fileName.endsWith(u'.' + extension, Qt::CaseInsensitive);
    });
}

template<typename Predicate>
const Category *firstOf(const QList<Category> &categories, Predicate isWanted)
{
    const auto found = std::ranges::find_if(categories, isWanted);
    return found == categories.end() ? nullptr : &*found;
}

} // namespace

const Category *CategoryRules::match(const QUrl &url, const QString &fileName) const
{
    const QString host = url.host().toLower();
    const Category *byHost = firstOf(
        m_categories, [&host](const Category &category) { return hasHost(category, host); });
    if (byHost)
        return byHost;
    return firstOf(m_categories, [&fileName](const Category &category) {
        return hasExtension(category, fileName);
    });
}

const Category *CategoryRules::find(const QString &name) const
{
    return firstOf(m_categories,
                   [&name](const Category &category) { return category.name == name; });
}

QStringList CategoryRules::names() const
{
    QStringList names;
    for (const Category &category : m_categories)
        names.append(category.name);
    return names;
}

bool CategoryRules::hasAbsoluteFolder() const
{
    return std::ranges::any_of(m_categories, [](const Category &category) {
        return QDir::isAbsolutePath(category.folder);
    });
}

QString folderOf(const Category &category, const QString &downloadFolder)
{
    return QDir::cleanPath(QDir(downloadFolder).filePath(category.folder));
}

} // namespace core
