#include "core/workflows/readymadejson.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QUrl>

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// As a string of a step, in which a dollar sign begins something.
QJsonValue escaped(const QJsonValue &value)
{
    if (value.isString())
        return value.toString().replace(u'$', "$$"_L1);
    if (!value.isArray())
        return value;
    QJsonArray list;
    for (const QJsonValue one : value.toArray())
        list.append(escaped(one));
    return list;
}

QJsonObject fetchStep(const QJsonObject &flash)
{
    QJsonObject step{
        {u"name"_s, u"fetch"_s}, {u"kind"_s, u"download"_s}, {u"url"_s, escaped(flash["url"_L1])}};
    if (flash.contains("sha256"_L1))
        step.insert("sha256"_L1, flash["sha256"_L1]);
    return step;
}

QJsonObject checkStep(const QJsonObject &flash, const QJsonValue &file)
{
    const QJsonValue measured = u"${fetch.sha256}"_s;
    return {{u"name"_s, u"check"_s},
            {u"kind"_s, u"verify"_s},
            {u"file"_s, file},
            {u"sha256"_s, flash.contains("sha256"_L1) ? flash["sha256"_L1] : measured}};
}

QJsonObject writeStep(const QJsonObject &flash, const QJsonValue &file)
{
    QJsonObject step;
    for (auto member = flash.begin(); member != flash.end(); ++member)
        step.insert(member.key(), escaped(member.value()));
    step.remove("url"_L1);
    step.remove("keep"_L1); // of a link that is written while it is fetched
    step.insert("name"_L1, u"write"_s);
    step.insert("kind"_L1, u"flash"_s);
    step.insert("image"_L1, file);
    return step;
}

QString titleOf(const QJsonObject &flash)
{
    return flash.contains("url"_L1) ? QUrl(flash["url"_L1].toString()).fileName()
                                    : QFileInfo(flash["image"_L1].toString()).fileName();
}

} // namespace

QJsonObject fetchCheckWriteFile(const QJsonObject &flash)
{
    const bool isLink = flash.contains("url"_L1);
    const QJsonValue file = isLink ? QJsonValue(u"${fetch.file}"_s) : escaped(flash["image"_L1]);
    QJsonArray steps;
    QJsonObject write = writeStep(flash, file);
    if (isLink)
        steps.append(fetchStep(flash));
    if (isLink || flash.contains("sha256"_L1)) {
        steps.append(checkStep(flash, file));
        write.insert("needs"_L1, QJsonArray{u"check"_s});
        write.insert("sha256"_L1, u"${check.sha256}"_s); // what is written is what was checked
    }
    steps.append(write);
    return {{u"title"_s, titleOf(flash)}, {u"steps"_s, steps}};
}

} // namespace core
