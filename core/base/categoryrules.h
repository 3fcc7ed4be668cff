#pragma once
#include "core/base/result.h"

#include <QList>
#include <QStringList>
#include <QUrl>

namespace core {

/// A sort of downloads with a folder of its own.
struct Category {
    QString name;
    /// Absolute, or a path inside the download folder.
    QString folder;
    /// Without the dot, lower case: "iso", "tar.gz".
    QStringList extensions;
    /// Lower case; "example.org" means its subdomains too.
    QStringList hosts;
    friend bool operator==(const Category &, const Category &) = default;
};

/// Which folder a download goes to that names none. Pure.
class CategoryRules
{
public:
    CategoryRules() = default;
    explicit CategoryRules(QList<Category> categories)
        : m_categories(std::move(categories))
    { }

    /// The first category one of whose hosts is the URL's; without one the first of whose extensions
    /// the file name ends in. Null: none.
    [[nodiscard]] const Category *match(const QUrl &url, const QString &fileName) const;
    [[nodiscard]] const Category *find(const QString &name) const;
    [[nodiscard]] QStringList names() const;
    /// Whether some category lies elsewhere than in the download folder.
    [[nodiscard]] bool hasAbsoluteFolder() const;
    [[nodiscard]] const QList<Category> &categories() const { return m_categories; }

private:
    QList<Category> m_categories;
};

/// Absolute folder of `category`, with `downloadFolder` before a relative one.
[[nodiscard]] QString folderOf(const Category &category, const QString &downloadFolder);

} // namespace core
