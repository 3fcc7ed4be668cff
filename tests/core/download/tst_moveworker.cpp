#include "core/base/digest.h"
#include "core/download/moverecord.h"
#include "core/download/moveworker.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace core;
using namespace Qt::StringLiterals;

namespace {

const QByteArray Content("the bytes that were downloaded");

void write(const QString &path, const QByteArray &content)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(not there)");
}

QStringList namesIn(const QString &folder)
{
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
}

QString digestOf(const QByteArray &bytes)
{
    return QString::fromLatin1(Sha256::of(bytes).toHex());
}

/// A finished file and a folder it is to go to, on the same file system or on another one.
struct Scene {
    enum class On { SameFileSystem, AnotherFileSystem };

    explicit Scene(On on)
        : elsewhere((on == On::AnotherFileSystem ? u"/dev/shm"_s : QDir::tempPath())
                    + "/dray-move-XXXXXX"_L1)
        , file(here.filePath(u"a film.tar.gz"_s))
        , to(elsewhere.filePath(u"deep/er"_s))
    {
        write(file, Content);
        QVERIFY(QDir().mkpath(to));
    }
    [[nodiscard]] bool isAcross() const
    {
        return stampOf(file)->device != deviceOf(elsewhere.path());
    }
    static quint64 deviceOf(const QString &path)
    {
        struct stat found = {};
        return ::stat(QFile::encodeName(path).constData(), &found) == 0 ? found.st_dev : 0;
    }
    [[nodiscard]] MoveWorker worker(const QString &sha256 = digestOf(Content)) const
    {
        return {MoveSpec{file, to, sha256}, u"7-1"_s};
    }
    Result<Outcome> move(const QString &sha256 = digestOf(Content))
    {
        return worker(sha256).run({}, progress);
    }
    [[nodiscard]] QString at(const QString &name) const { return QDir(to).filePath(name); }
    QString target() { return progress.takeDetails().value_or(JobDetails{}).target; }
    [[nodiscard]] QString record() const { return at(u".moving-7-1.record"_s); }
    [[nodiscard]] QString part() const { return at(u".moving-7-1"_s); }

    QTemporaryDir here;
    QTemporaryDir elsewhere;
    QString file;
    QString to;
    ProgressCell progress;
};

using On = Scene::On;

} // namespace

class MoveWorkerTest : public QObject
{
    Q_OBJECT

    static void fileSystems()
    {
        QTest::addColumn<On>("on");
        QTest::newRow("within a file system") << On::SameFileSystem;
        QTest::newRow("to another file system") << On::AnotherFileSystem;
    }

private slots:
    void theFileGetsItsNameInTheFolder_data() { fileSystems(); }
    void theFileGetsItsNameInTheFolder();
    void aTakenNameIsNumbered_data() { fileSystems(); }
    void aTakenNameIsNumbered();
    void rightsAndTimeAreKept_data() { fileSystems(); }
    void rightsAndTimeAreKept();
    void aKilledRunIsFinished_data();
    void aKilledRunIsFinished();
    void anotherFileOfTheRecordedNameStays_data() { fileSystems(); }
    void anotherFileOfTheRecordedNameStays();
    void anotherFileOfTheOldNameCostsNothing_data() { fileSystems(); }
    void anotherFileOfTheOldNameCostsNothing();
    void cancelPutsBackWhatWasMoved_data() { fileSystems(); }
    void cancelPutsBackWhatWasMoved();
    void stopLeavesTheOriginalAlone_data() { fileSystems(); }
    void stopLeavesTheOriginalAlone();
    void otherBytesThanWereDownloadedStay();
    void whatCannotBeWrittenIsSaid_data();
    void whatCannotBeWrittenIsSaid();
    void theFolderItIsInIsNoMove();
    void aLinkIsNotMoved();
};

void MoveWorkerTest::theFileGetsItsNameInTheFolder()
{
    QFETCH(On, on);
    Scene scene(on);
    QVERIFY(QDir(scene.to).removeRecursively()); // made when it is not there
    QCOMPARE(scene.isAcross(), on == On::AnotherFileSystem);
    QCOMPARE(scene.move(), Result<Outcome>(Outcome::Completed));
    const auto details = scene.progress.takeDetails();
    QCOMPARE(details->target, scene.at(u"a film.tar.gz"_s));
    QCOMPARE(details->movedFrom, scene.file);
    QCOMPARE(contentOf(details->target), Content);
    QVERIFY(!QFileInfo::exists(scene.file));
    QCOMPARE(scene.progress.read().done, Content.size());
    QCOMPARE(scene.progress.read().total, Content.size());
    scene.worker().conclude();
    QCOMPARE(namesIn(scene.to), QStringList(u"a film.tar.gz"_s));
}

void MoveWorkerTest::aTakenNameIsNumbered()
{
    QFETCH(On, on);
    Scene scene(on);
    write(scene.at(u"a film.tar.gz"_s), "mine");
    QVERIFY(scene.move());
    QCOMPARE(scene.target(), scene.at(u"a film (1).tar.gz"_s));
    QCOMPARE(contentOf(scene.at(u"a film (1).tar.gz"_s)), Content);
    QCOMPARE(contentOf(scene.at(u"a film.tar.gz"_s)), "mine");
}

void MoveWorkerTest::rightsAndTimeAreKept()
{
    QFETCH(On, on);
    Scene scene(on);
    QVERIFY(QFile::setPermissions(scene.file, QFile::ReadOwner | QFile::ExeOwner));
    QFile file(scene.file);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const timespec times[2] = {{1'600'000'000, 0}, {1'500'000'000, 5}};
    QCOMPARE(::futimens(file.handle(), times), 0);
    const auto before = stampOf(scene.file);
    QVERIFY(scene.move());
    const QString moved = scene.target();
    QCOMPARE(stampOf(moved)->modifiedAt, before->modifiedAt);
    struct stat found = {};
    QCOMPARE(::stat(QFile::encodeName(moved).constData(), &found), 0);
    QCOMPARE(found.st_mode & 0777, mode_t(0500));
}

void MoveWorkerTest::aKilledRunIsFinished_data()
{
    QTest::addColumn<On>("on");
    QTest::addColumn<QString>("diedAt");
    QTest::newRow("in the middle of the copy") << On::AnotherFileSystem << u"copy"_s;
    QTest::newRow("before the copy got its name") << On::AnotherFileSystem << u"record"_s;
    QTest::newRow("before the original was removed") << On::AnotherFileSystem << u"both"_s;
    QTest::newRow("before the copy's success was stored") << On::AnotherFileSystem << u"stored"_s;
    QTest::newRow("the same, and stamps have changed") << On::AnotherFileSystem << u"restamped"_s;
    QTest::newRow("before the rename") << On::SameFileSystem << u"renaming"_s;
    QTest::newRow("between two links") << On::SameFileSystem << u"links"_s;
    QTest::newRow("before the rename's success was stored") << On::SameFileSystem << u"stored"_s;
}

void MoveWorkerTest::aKilledRunIsFinished()
{
    QFETCH(On, on);
    QFETCH(QString, diedAt);
    Scene scene(on);
    const QString path = scene.at(u"a film.tar.gz"_s);
    const FileStamp source = *stampOf(scene.file);
    if (diedAt == "copy"_L1)
        write(scene.part(), Content.first(5));
    if (diedAt == "record"_L1)
        write(scene.part(), Content);
    if (diedAt == "both"_L1)
        write(path, Content);
    if (diedAt == "links"_L1)
        QCOMPARE(
            ::link(QFile::encodeName(scene.file).constData(), QFile::encodeName(path).constData()),
            0);
    const auto placed = stampOf(diedAt == "record"_L1 ? scene.part() : path).value_or(source);
    if (diedAt == "record"_L1 || diedAt == "both"_L1 || diedAt == "links"_L1
        || diedAt == "renaming"_L1)
        QVERIFY(writeMoveRecord(scene.record(), {path, source, placed, digestOf(Content)}));
    if (diedAt == "stored"_L1 || diedAt == "restamped"_L1)
        QVERIFY(scene.move());
    if (diedAt == "restamped"_L1) {
        write(path + u"2"_s, Content);
        QCOMPARE(::rename(QFile::encodeName(path + u"2"_s).constData(),
                          QFile::encodeName(path).constData()),
                 0);
    }
    ProgressCell progress;
    QCOMPARE(scene.worker().run({}, progress), Result<Outcome>(Outcome::Completed));
    QCOMPARE(progress.takeDetails()->target, path);
    QCOMPARE(contentOf(path), Content);
    QVERIFY(!QFileInfo::exists(scene.file));
    scene.worker().conclude();
    QCOMPARE(namesIn(scene.to), QStringList(u"a film.tar.gz"_s));
}

void MoveWorkerTest::anotherFileOfTheRecordedNameStays()
{
    QFETCH(On, on);
    Scene scene(on);
    const QString path = scene.at(u"a film.tar.gz"_s);
    write(path, Content); // the same bytes, but not by this job
    const FileStamp source = *stampOf(scene.file);
    QVERIFY(writeMoveRecord(scene.record(), {path, source, source, digestOf(Content)}));
    QVERIFY(scene.move());
    QCOMPARE(scene.target(), scene.at(u"a film (1).tar.gz"_s));
    QCOMPARE(contentOf(path), Content);
}

/// A run that was killed before its success was stored; meanwhile somebody used the old name.
void MoveWorkerTest::anotherFileOfTheOldNameCostsNothing()
{
    QFETCH(On, on);
    Scene scene(on);
    QVERIFY(scene.move());
    const QString moved = scene.target();
    write(scene.file, "other bytes");
    QVERIFY(scene.move());
    QCOMPARE(contentOf(moved), Content);
    QCOMPARE(contentOf(scene.file), "other bytes");
    scene.worker().discard(); // canceled instead
    QCOMPARE(contentOf(moved), Content);
    QCOMPARE(contentOf(scene.file), "other bytes");
    scene.worker().conclude();
    QCOMPARE(namesIn(scene.to), QStringList(u"a film.tar.gz"_s));
}

/// A rename can be undone. Of a copy whose original is gone the only one left stays.
void MoveWorkerTest::cancelPutsBackWhatWasMoved()
{
    QFETCH(On, on);
    Scene scene(on);
    QVERIFY(scene.move());
    scene.worker().discard();
    const bool isAcross = on == On::AnotherFileSystem;
    QCOMPARE(contentOf(isAcross ? scene.at(u"a film.tar.gz"_s) : scene.file), Content);
    QCOMPARE(namesIn(scene.to).size(), isAcross ? 2 : 0);
    QCOMPARE(namesIn(scene.here.path()).size(), isAcross ? 0 : 1);
}

void MoveWorkerTest::stopLeavesTheOriginalAlone()
{
    QFETCH(On, on);
    Scene scene(on);
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(scene.worker().run(stop.get_token(), scene.progress),
             Result<Outcome>(Outcome::Stopped));
    QCOMPARE(contentOf(scene.file), Content);
    QVERIFY(namesIn(scene.to).isEmpty());
}

void MoveWorkerTest::otherBytesThanWereDownloadedStay()
{
    Scene scene(On::AnotherFileSystem);
    const auto moved = scene.move(digestOf("something else"));
    QVERIFY(!moved);
    QCOMPARE(moved.error().code, ErrorCode::ChecksumMismatch);
    QCOMPARE(contentOf(scene.file), Content);
    QVERIFY(namesIn(scene.to).isEmpty());
}

void MoveWorkerTest::whatCannotBeWrittenIsSaid_data()
{
    QTest::addColumn<QString>("to");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("a file in the way") << u"/dev/null/sub"_s << ErrorCode::FileAccess;
    QTest::newRow("a drive that takes nothing") << u"/proc"_s << ErrorCode::FileAccess;
}

void MoveWorkerTest::whatCannotBeWrittenIsSaid()
{
    QFETCH(QString, to);
    Scene scene(On::SameFileSystem);
    scene.to = to;
    const auto moved = scene.move();
    QVERIFY(!moved);
    QTEST(moved.error().code, "code");
    QVERIFY2(moved.error().context.contains(to), qPrintable(moved.error().context));
    QCOMPARE(contentOf(scene.file), Content);
}

void MoveWorkerTest::theFolderItIsInIsNoMove()
{
    Scene scene(On::SameFileSystem);
    scene.to = scene.here.path() + "/."_L1;
    QCOMPARE(scene.move(), Result<Outcome>(Outcome::Completed));
    QCOMPARE(scene.target(), scene.file);
    QCOMPARE(namesIn(scene.here.path()), QStringList(u"a film.tar.gz"_s));
}

void MoveWorkerTest::aLinkIsNotMoved()
{
    Scene scene(On::SameFileSystem);
    const QString link = scene.here.filePath(u"link"_s);
    QVERIFY(QFile::link(scene.file, link));
    scene.file = link;
    const auto moved = scene.move();
    QVERIFY(!moved);
    QCOMPARE(moved.error().code, ErrorCode::NotFound);
    QVERIFY(QFileInfo(link).isSymLink());
}

QTEST_GUILESS_MAIN(MoveWorkerTest)
#include "tst_moveworker.moc"
