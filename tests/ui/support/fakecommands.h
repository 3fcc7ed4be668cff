#pragma once
#include "ui/commands.h"

#include <QHash>
#include <QSet>
#include <QStringList>
#include <QUrl>

namespace tests {

/// Writes down what the window commanded, and answers as told.
class FakeCommands final : public ui::Commands
{
public:
    QList<core::JobService::AddDownload> added;
    /// "pause 3", "remove 4", "remove 5 with files"
    QStringList told;
    core::Result<void> answer;
    QStringList categories;
    QList<core::Settings::Entry> settings;
    QList<ui::FlashOrder> flashed;
    QList<ui::DriveOrder> worked;
    /// Keys that cannot be set, with why.
    QHash<QString, core::Error> wrongSettings;
    /// What is refused as asked for with `ifExists` ask.
    QSet<QUrl> existing;
    core::Result<core::JobId> twin = core::fail(core::ErrorCode::NotFound);

    void add(const core::JobService::AddDownload &request, Added done) override
    {
        const core::DownloadSpec &spec = request.spec;
        if (spec.ifExists == core::IfExists::Ask && existing.contains(spec.url))
            return done(core::fail(core::ErrorCode::FileExists, QStringLiteral("it exists")));
        added.append(request);
        done(answer.map([this] { return core::JobId{added.size()}; }));
    }
    void listCategories(Names done) override { done(categories); }
    void findTwin(const QUrl &, Added done) override { done(twin); }
    void tell(core::JobId id, ui::JobVerb verb, Answer done) override
    {
        static const QStringList verbs{QStringLiteral("pause"), QStringLiteral("resume"),
                                       QStringLiteral("cancel"), QStringLiteral("retry")};
        told.append(verbs.at(int(verb)) + u' ' + id.toString());
        done(answer);
    }
    void move(core::JobId id, core::QueuePlace place, Answer done) override
    {
        static const QStringList places{QStringLiteral("top"), QStringLiteral("up"),
                                        QStringLiteral("down"), QStringLiteral("number")};
        told.append(QStringLiteral("move %1 %2").arg(id.toString(), places.at(int(place.to))));
        done(answer);
    }
    void setLimit(core::JobId id, qint64 bytesPerSecond, Answer done) override
    {
        told.append(QStringLiteral("limit %1 to %2").arg(id.toString()).arg(bytesPerSecond));
        done(answer);
    }
    void setTotalLimit(qint64 bytesPerSecond, Answer done) override
    {
        told.append(QStringLiteral("limit all to %1").arg(bytesPerSecond));
        done(answer);
    }
    void listSettings(SettingList done) override { done(settings); }
    void setSetting(const QString &key, const QVariant &value, Answer done) override
    {
        told.append(QStringLiteral("set %1 to %2").arg(key, value.toString()));
        if (wrongSettings.contains(key))
            return done(core::fail(wrongSettings.value(key)));
        done({});
    }
    void refreshUrl(core::JobId id, const QUrl &url, Answer done) override
    {
        told.append(QStringLiteral("refresh %1 %2").arg(id.toString(), url.toString()));
        done(answer);
    }
    void flash(const ui::FlashOrder &order, Added done) override
    {
        flashed.append(order);
        done(answer.map([this] { return core::JobId{flashed.size()}; }));
    }
    void work(const ui::DriveOrder &order, Added done) override
    {
        worked.append(order);
        done(answer.map([this] { return core::JobId{worked.size()}; }));
    }
    void eject(const core::DriveIdentity &seen, Answer done) override
    {
        told.append(QStringLiteral("eject ") + seen.id);
        done(answer);
    }
    void agree(core::JobId id, const QStringList &erase, Answer done) override
    {
        told.append(QStringLiteral("agree %1 %2").arg(id.toString(), erase.join(u' ')));
        done(answer);
    }
    void remove(core::JobId id, core::RemoveFiles files, Answer done) override
    {
        told.append(
            QStringLiteral("remove ") + id.toString()
            + (files == core::RemoveFiles::Yes ? QStringLiteral(" with files") : QString()));
        done(answer);
    }
};

} // namespace tests
