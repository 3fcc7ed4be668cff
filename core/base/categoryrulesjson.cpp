#include "core/base/categoryrulesjson.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr int MaxCategories = 100;

tl::unexpected<Error> wrong(qsizetype number, const QString &why)
{
    return fail(ErrorCode::InvalidArgument, u"category %1: %2"_s.arg(number).arg(why));
}

Result<QString> textOf(const QJsonObject &object, const QString &member)
{
    const QString text = object[member].toString().trimmed();
    if (text.isEmpty() || text.contains(QChar::Null))
        return fail(ErrorCode::InvalidArgument, u"\"%1\" is missing or no text"_s.arg(member));
    return text;
}

/// Lower case, without dots before them.
Result<QStringList> wordsOf(const QJsonObject &object, const QString &member)
{
    const QJsonValue value = object[member];
    if (!value.isUndefined() && !value.isArray())
        return fail(ErrorCode::InvalidArgument, u"\"%1\" is not a list"_s.arg(member));
    QStringList words;
    for (const QJsonValue &element : value.toArray()) {
        QString word = element.toString().trimmed().toLower();
        while (word.startsWith(u'.'))
            word.remove(0, 1);
        if (word.isEmpty() || word.contains(u'/'))
            return fail(ErrorCode::InvalidArgument,
                        u"\"%1\" holds what is no word such as iso"_s.arg(member));
        words.append(word);
    }
    return words;
}

Result<void> checkMembers(const QJsonObject &object)
{
    const QStringList known{u"name"_s, u"folder"_s, u"extensions"_s, u"hosts"_s};
    for (const QString &member : object.keys())
        if (!known.contains(member))
            return fail(
                ErrorCode::InvalidArgument,
                u"\"%1\" is not known; name, folder, extensions and hosts are"_s.arg(member));
    return {};
}

Result<void> checkFolder(const QString &folder)
{
    const QString clean = QDir::cleanPath(folder);
    const bool leaves = clean == ".."_L1 || clean.startsWith("../"_L1);
    if (!QDir::isAbsolutePath(folder) && leaves)
        return fail(ErrorCode::InvalidArgument,
                    u"the folder %1 leaves the download folder"_s.arg(folder));
    return {};
}

Result<Category> categoryOf(const QJsonObject &object)
{
    if (const auto checked = checkMembers(object); !checked)
        return fail(checked.error());
    const auto name = textOf(object, u"name"_s);
    if (!name)
        return fail(name.error());
    const auto folder = textOf(object, u"folder"_s);
    if (!folder)
        return fail(folder.error());
    if (const auto checked = checkFolder(*folder); !checked)
        return fail(checked.error());
    const auto extensions = wordsOf(object, u"extensions"_s);
    if (!extensions)
        return fail(extensions.error());
    const auto hosts = wordsOf(object, u"hosts"_s);
    if (!hosts)
        return fail(hosts.error());
    return Category{*name, *folder, *extensions, *hosts};
}

} // namespace

Result<CategoryRules> categoryRulesFromJson(const QString &text)
{
    if (text.trimmed().isEmpty())
        return CategoryRules();
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(text.toUtf8(), &error);
    if (!document.isArray())
        return fail(ErrorCode::InvalidArgument,
                    u"not a JSON list of categories, such as [{\"name\": \"Images\", \"folder\": "
                    "\"images\", \"extensions\": [\"iso\"]}] (%1)"_s.arg(error.errorString()));
    QList<Category> categories;
    QStringList names;
    for (const QJsonValue &element : document.array()) {
        const qsizetype number = categories.size() + 1;
        const auto category = categoryOf(element.toObject());
        if (!category)
            return wrong(number, category.error().context);
        if (names.contains(category->name))
            return wrong(number, u"the name \"%1\" is given twice"_s.arg(category->name));
        names.append(category->name);
        categories.append(*category);
    }
    if (categories.size() > MaxCategories)
        return fail(ErrorCode::InvalidArgument, u"more than %1 categories"_s.arg(MaxCategories));
    return CategoryRules(categories);
}

} // namespace core
