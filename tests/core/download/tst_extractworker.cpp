#include "core/download/archiveentry.h"
#include "core/download/extractworker.h"
#include "core/download/filename.h"

#include <QDir>
#include <QScopeGuard>
#include <QTemporaryDir>
#include <QTest>

#include <archive.h>
#include <archive_entry.h>
#include <sys/mount.h>
#include <sys/stat.h>

using namespace core;
using namespace Qt::StringLiterals;

namespace {

struct Entry {
    QByteArray path;
    QByteArray content;
    mode_t type = S_IFREG;
    mode_t rights = 0644;
    QByteArray hardlink;
};

/// Writes a gzipped tar, names as they are: what a hostile program could make.
void makeArchive(const QString &path, const QList<Entry> &entries)
{
    archive *out = archive_write_new();
    archive_write_add_filter_gzip(out);
    archive_write_set_format_pax_restricted(out);
    QCOMPARE(archive_write_open_filename(out, path.toUtf8().constData()), ARCHIVE_OK);
    for (const Entry &entry : entries) {
        archive_entry *head = archive_entry_new();
        archive_entry_set_pathname(head, entry.path.constData());
        archive_entry_set_perm(head, entry.rights);
        if (entry.hardlink.isEmpty())
            archive_entry_set_filetype(head, entry.type);
        else
            archive_entry_set_hardlink(head, entry.hardlink.constData());
        if (entry.type == S_IFLNK)
            archive_entry_set_symlink(head, entry.content.constData());
        const bool hasBytes = entry.type == S_IFREG && entry.hardlink.isEmpty();
        archive_entry_set_size(head, hasBytes ? entry.content.size() : 0);
        QCOMPARE(archive_write_header(out, head), ARCHIVE_OK);
        if (hasBytes)
            archive_write_data(out, entry.content.constData(), size_t(entry.content.size()));
        archive_entry_free(head);
    }
    QCOMPARE(archive_write_close(out), ARCHIVE_OK);
    archive_write_free(out);
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(not there)");
}

QStringList namesIn(const QString &folder)
{
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::System
                                  | QDir::NoDotAndDotDot);
}

/// A folder with one archive in it, and a worker that unpacks it beside itself.
struct Scene {
    explicit Scene(const QList<Entry> &entries, const QString &name = u"pack.tar.gz"_s)
        : archive(folder.filePath(name))
    {
        makeArchive(archive, entries);
    }
    Result<Outcome> unpack(std::stop_token stop = {}, UnpackBudget::Limits limits = {})
    {
        ExtractWorker worker({archive, folder.path()}, u"1-1"_s, limits);
        return worker.run(std::move(stop), progress);
    }
    [[nodiscard]] QString path(const QString &name) const { return folder.filePath(name); }
    QString target() { return progress.takeDetails().value_or(JobDetails{}).target; }

    QTemporaryDir folder;
    QString archive;
    ProgressCell progress;
};

const Entry Good{"good.txt", "fine"};

} // namespace

class ExtractWorkerTest : public QObject
{
    Q_OBJECT
private slots:
    void filesBecomeAFolderNamedAsTheArchive();
    void oneFolderInsideBecomesTheResult();
    void aTakenNameIsNumbered();
    void linksThatStayInsideAreMade();
    void rightsAreKeptButNoSetUserId();
    void anEntryThatMayNotBeMadeFailsAll_data();
    void anEntryThatMayNotBeMadeFailsAll();
    void nothingIsWrittenThroughALink();
    void damagedArchiveLeavesNothing();
    void whatIsNoArchiveIsSaid();
    void moreEntriesThanAreBelievedFailAll();
    void theDiskIsNotFilled_data();
    void theDiskIsNotFilled();
    void stopLeavesNothing();
    void leftoversOfAKilledRunAreRemoved();
    void linkTargets_data();
    void linkTargets();
    void unpackedNames_data();
    void unpackedNames();
};

void ExtractWorkerTest::filesBecomeAFolderNamedAsTheArchive()
{
    Scene scene({{"a.txt", "one"}, {"./sub/b.txt", "two"}});
    QCOMPARE(scene.unpack(), Result<Outcome>(Outcome::Completed));
    QCOMPARE(scene.target(), scene.path(u"pack"_s));
    QCOMPARE(contentOf(scene.path(u"pack/a.txt"_s)), "one");
    QCOMPARE(contentOf(scene.path(u"pack/sub/b.txt"_s)), "two");
    QCOMPARE(namesIn(scene.folder.path()), QStringList({u"pack"_s, u"pack.tar.gz"_s}));
    QCOMPARE(scene.progress.read().done, QFileInfo(scene.archive).size());
}

void ExtractWorkerTest::oneFolderInsideBecomesTheResult()
{
    Scene scene({{"tool-1.0/", "", S_IFDIR, 0755}, {"tool-1.0/README", "read"}});
    QVERIFY(scene.unpack());
    QCOMPARE(contentOf(scene.path(u"tool-1.0/README"_s)), "read");
    QCOMPARE(namesIn(scene.folder.path()), QStringList({u"pack.tar.gz"_s, u"tool-1.0"_s}));
}

void ExtractWorkerTest::aTakenNameIsNumbered()
{
    Scene scene({Good});
    QVERIFY(QDir().mkpath(scene.path(u"pack"_s)));
    QVERIFY(scene.unpack());
    QCOMPARE(scene.target(), scene.path(numberedName(u"pack"_s, 1)));
    QVERIFY(namesIn(scene.path(u"pack"_s)).isEmpty());
}

void ExtractWorkerTest::linksThatStayInsideAreMade()
{
    Scene scene({Good, {"soft", "good.txt", S_IFLNK}, {"hard", "", S_IFREG, 0644, "good.txt"}});
    QVERIFY(scene.unpack());
    QCOMPARE(contentOf(scene.path(u"pack/soft"_s)), "fine");
    QCOMPARE(contentOf(scene.path(u"pack/hard"_s)), "fine");
}

void ExtractWorkerTest::rightsAreKeptButNoSetUserId()
{
    Scene scene({{"run", "#!", S_IFREG, 06755}});
    QVERIFY(scene.unpack());
    struct stat found = {};
    QCOMPARE(::stat(QFile::encodeName(scene.path(u"pack/run"_s)).constData(), &found), 0);
    QCOMPARE(found.st_mode & 07111, mode_t(0111));
}

void ExtractWorkerTest::anEntryThatMayNotBeMadeFailsAll_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<uint>("type");
    QTest::addColumn<QByteArray>("hardlink");
    const auto row = [](const char *what, const char *path, mode_t type = S_IFREG,
                        const char *content = "x", const char *hardlink = "") {
        QTest::newRow(what) << QByteArray(path) << QByteArray(content) << uint(type)
                            << QByteArray(hardlink);
    };
    row("absolute path", "/escaped");
    row("parent", "../escaped");
    row("parent in the middle", "a/../../escaped");
    row("absolute link", "link", S_IFLNK, "/etc/passwd");
    row("link to the parent", "link", S_IFLNK, "..");
    row("link through a name", "link", S_IFLNK, "a/../..");
    row("hard link outside", "link", S_IFREG, "", "../pack.tar.gz");
    row("pipe", "pipe", S_IFIFO);
    row("device", "device", S_IFCHR);
}

void ExtractWorkerTest::anEntryThatMayNotBeMadeFailsAll()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, content);
    QFETCH(uint, type);
    QFETCH(QByteArray, hardlink);
    Scene scene({Good, {path, content, mode_t(type), 0644, hardlink}});
    const auto result = scene.unpack();
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Unsupported);
    QCOMPARE(namesIn(scene.folder.path()), QStringList(u"pack.tar.gz"_s));
}

void ExtractWorkerTest::nothingIsWrittenThroughALink()
{
    Scene scene({{"sub/", "", S_IFDIR, 0755}, {"link", "sub", S_IFLNK}, {"link/file", "x"}});
    const auto result = scene.unpack();
    QVERIFY(!result);
    QCOMPARE(namesIn(scene.folder.path()), QStringList(u"pack.tar.gz"_s));
}

void ExtractWorkerTest::damagedArchiveLeavesNothing()
{
    QByteArray noise(200'000, Qt::Uninitialized);
    for (qsizetype i = 0; i < noise.size(); ++i)
        noise[i] = char((i * 7919) ^ (i >> 7));
    Scene scene({Good, {"noise", noise}});
    QVERIFY(QFile::resize(scene.archive, QFileInfo(scene.archive).size() / 2));
    const auto result = scene.unpack();
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::ChecksumMismatch);
    QCOMPARE(namesIn(scene.folder.path()), QStringList(u"pack.tar.gz"_s));
}

void ExtractWorkerTest::whatIsNoArchiveIsSaid()
{
    Scene scene({Good});
    QFile file(scene.archive);
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    file.write("just text\n");
    file.close();
    const auto result = scene.unpack();
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Unsupported);
    QVERIFY(result.error().context.contains(scene.archive));
}

void ExtractWorkerTest::moreEntriesThanAreBelievedFailAll()
{
    Scene scene({Good, {"b", ""}, {"c", ""}});
    QCOMPARE(scene.unpack({}, {.entries = 3}), Result<Outcome>(Outcome::Completed));
    const auto result = scene.unpack({}, {.entries = 2});
    QVERIFY(!result);
    QCOMPARE(errorCodeName(result.error().code), errorCodeName(ErrorCode::LimitExceeded));
    QCOMPARE(namesIn(scene.folder.path()), QStringList({u"pack"_s, u"pack.tar.gz"_s}));
}

void ExtractWorkerTest::theDiskIsNotFilled_data()
{
    QTest::addColumn<QList<Entry>>("entries");
    QTest::addColumn<bool>("fits");
    const QByteArray large(60 << 20, '\0');
    const QList<Entry> two{{"a", large}, {"b", large}};
    QList<Entry> many;
    for (int i = 0; i < 26'000; ++i)
        many.append({QByteArray::number(i), "x"});
    QTest::newRow("a large entry fits") << two.first(1) << true;
    QTest::newRow("two large entries do not") << two << false;
    QTest::newRow("many small entries do not") << many << false;
}

void ExtractWorkerTest::theDiskIsNotFilled()
{
    QFETCH(QList<Entry>, entries);
    QFETCH(bool, fits);
    Scene scene(entries);
    const QTemporaryDir disk;
    if (::mount("dray", qPrintable(disk.path()), "tmpfs", 0, "size=100m") != 0)
        QSKIP("mounting needs root");
    const auto unmount = qScopeGuard([&] { ::umount2(qPrintable(disk.path()), MNT_DETACH); });
    ExtractWorker worker({scene.archive, disk.path()}, u"1-1"_s);
    const auto result = worker.run({}, scene.progress);
    QCOMPARE(result.has_value(), fits);
    const Error error = fits ? Error() : result.error();
    QVERIFY(fits || error.code == ErrorCode::NoSpace);
    QVERIFY2(fits || error.context.contains(u"stay so"_s), qPrintable(error.context));
    QCOMPARE(namesIn(disk.path()).size(), fits ? 1 : 0);
}

void ExtractWorkerTest::stopLeavesNothing()
{
    Scene scene({Good, {"b.txt", "two"}});
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(scene.unpack(stop.get_token()), Result<Outcome>(Outcome::Stopped));
    QCOMPARE(namesIn(scene.folder.path()), QStringList(u"pack.tar.gz"_s));
}

void ExtractWorkerTest::leftoversOfAKilledRunAreRemoved()
{
    Scene scene({Good});
    QVERIFY(QDir().mkpath(scene.path(u".extracting-1-1/half"_s)));
    QVERIFY(scene.unpack());
    QCOMPARE(namesIn(scene.path(u"pack"_s)), QStringList(u"good.txt"_s));
}

void ExtractWorkerTest::linkTargets_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("target");
    QTest::addColumn<bool>("isInside");
    const auto row = [](const QString &path, const QString &target, bool isInside) {
        QTest::addRow("%s -> %s", qPrintable(path), qPrintable(target))
            << path << target << isInside;
    };
    row(u"l"_s, u"a/b"_s, true);
    row(u"a/l"_s, u"../b"_s, true);
    row(u"a/b/l"_s, u"./../../c"_s, true);
    row(u"a/l"_s, u"../../b"_s, false);
    row(u"a/b/l"_s, u"x/.."_s, false);
    row(u"l"_s, u"/"_s, false);
    row(u"l"_s, u""_s, false);
}

void ExtractWorkerTest::linkTargets()
{
    QFETCH(QString, path);
    QFETCH(QString, target);
    QTEST(isLinkInside(path, target), "isInside");
}

void ExtractWorkerTest::unpackedNames_data()
{
    QTest::addColumn<QString>("folder");
    QTest::newRow("disk.tar.gz") << u"disk"_s;
    QTest::newRow("disk-1.2.tar.zst") << u"disk-1.2"_s;
    QTest::newRow("a.b.zip") << u"a.b"_s;
    QTest::newRow("plain") << u"plain"_s;
}

void ExtractWorkerTest::unpackedNames()
{
    QTEST(unpackedName(QString::fromLatin1(QTest::currentDataTag())), "folder");
}

QTEST_GUILESS_MAIN(ExtractWorkerTest)
#include "tst_extractworker.moc"
