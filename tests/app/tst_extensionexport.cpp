#include "app/extensionexport.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

class TestExtensionExport : public QObject
{
    Q_OBJECT
private slots:
    void bothBrowsersGetAFolderOfTheirOwn()
    {
        const QTemporaryDir folder;
        const QString to = folder.filePath(u"deep/below"_s);
        QVERIFY(app::exportExtension(to));
        for (const QString &browser : {u"chromium"_s, u"firefox"_s})
            for (const QString &name : {u"manifest.json"_s, u"worker.js"_s, u"icons/16.png"_s})
                QVERIFY2(QFileInfo(u"%1/%2/%3"_s.arg(to, browser, name)).size() > 0,
                         qPrintable(name));
    }

    void whatAnEarlierVersionLeftIsReplaced()
    {
        const QTemporaryDir folder;
        QVERIFY(QDir(folder.path()).mkpath(u"chromium"_s));
        QFile old(folder.filePath(u"chromium/manifest.json"_s));
        QVERIFY(old.open(QIODevice::WriteOnly) && old.write("old") == 3);
        old.close();
        QVERIFY(app::exportExtension(folder.path()));
        QVERIFY(old.open(QIODevice::ReadOnly));
        QVERIFY(old.readAll().contains("manifest_version"));
    }

    void aFolderThatCannotBeMadeIsNamed()
    {
        const QTemporaryDir folder;
        QFile file(folder.filePath(u"file"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const auto done = app::exportExtension(file.fileName());
        QVERIFY(!done);
        QVERIFY2(done.error().context.contains(file.fileName()), qPrintable(done.error().context));
    }
};

QTEST_GUILESS_MAIN(TestExtensionExport)
#include "tst_extensionexport.moc"
