#include "core/base/units.h"
#include "core/drives/driveformatter.h"
#include "tests/core/drives/driveservices.h"
#include "tests/core/drives/mockudisks.h"
#include "tests/core/drives/recordedtree.h"

#include <QDBusArgument>
#include <QDBusMetaType>
#include <QStandardPaths>
#include <QTest>

#include <future>

using namespace Qt::StringLiterals;
using namespace core::literals;
using core::Drive;
using core::DriveFormatter;
using core::DriveIdentity;
using core::ErrorCode;
using core::NewFileSystem;
using core::SysfsDrives;
using tests::DriveServices;
using tests::MockUDisks;
using tests::RecordedTree;

namespace {

/// (bs): whether the file system can be made, and what is missing.
struct CanFormat {
    bool isPossible = false;
    QString missing;
};

QDBusArgument &operator<<(QDBusArgument &argument, const CanFormat &answer)
{
    argument.beginStructure();
    argument << answer.isPossible << answer.missing;
    argument.endStructure();
    return argument;
}

const QDBusArgument &operator>>(const QDBusArgument &argument, CanFormat &answer)
{
    argument.beginStructure();
    argument >> answer.isPossible >> answer.missing;
    argument.endStructure();
    return argument;
}

QString udisksError(const char *name)
{
    return u"org.freedesktop.UDisks2.Error."_s + QLatin1StringView(name);
}

/// Runs `work` as a job does, on a thread of its own, while the test's event loop runs on.
template<typename Work>
auto onJobThread(Work work)
{
    auto result = std::async(std::launch::async, std::move(work));
    const auto isDone = [&result] {
        return result.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    };
    if (!QTest::qWaitFor(isDone, 60'000))
        qFatal("the work does not end");
    return result.get();
}

} // namespace
Q_DECLARE_METATYPE(CanFormat)
Q_DECLARE_METATYPE(core::NewFileSystem)

/// Against a UDisks2 that answers as the test says, on the stick "sdb" of a recorded machine.
class tst_DriveFormatter : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { qDBusRegisterMetaType<CanFormat>(); }
    void init();
    void cleanup();
    void saysWhatIsMissing_data();
    void saysWhatIsMissing();
    void theRealUDisksAnswers();
    void needsUDisks();
    void makesATableThenAPartition_data();
    void makesATableThenAPartition();
    void triesAgainWhileUdevLooksAtIt();
    void tellsWhatUDisksSays_data();
    void tellsWhatUDisksSays();
    void formatsNoOtherMedium();
    void stopsWhileAPersonTypes();
    void checksLabels_data();
    void checksLabels();

private:
    [[nodiscard]] DriveFormatter formatter() const
    {
        return {SysfsDrives(m_tree->roots()), m_services->bus()};
    }
    [[nodiscard]] DriveIdentity stick() const
    {
        for (const Drive &drive : SysfsDrives(m_tree->roots()).read())
            if (drive.path == "/dev/sdb"_L1)
                return drive.identity();
        return {};
    }
    core::Result<void> format(const NewFileSystem &fileSystem, const std::stop_token &stop = {})
    {
        return onJobThread([this, fileSystem, stop, drive = stick()] {
            return formatter().format(drive, fileSystem, stop);
        });
    }

    std::unique_ptr<DriveServices> m_services;
    std::unique_ptr<MockUDisks> m_udisks;
    std::unique_ptr<RecordedTree> m_tree;
    QList<QVariantList> m_arguments; ///< of the calls that were answered
};

void tst_DriveFormatter::init()
{
    m_services = std::make_unique<DriveServices>();
    if (!m_services->hasBus())
        QSKIP("needs dbus-daemon");
    m_arguments.clear();
    m_tree = std::make_unique<RecordedTree>(u"luks-on-usb"_s);
    m_udisks = std::make_unique<MockUDisks>(m_services->address());
    const auto note = [this](const QDBusMessage &call) {
        m_arguments.append(call.arguments());
        return call.createReply();
    };
    m_udisks->onCall(u"Format"_s, note);
    m_udisks->onCall(u"CreatePartitionAndFormat"_s, note);
}

void tst_DriveFormatter::cleanup()
{
    m_udisks.reset();
    m_tree.reset();
    m_services.reset();
}

void tst_DriveFormatter::saysWhatIsMissing_data()
{
    QTest::addColumn<bool>("isPossible");
    QTest::newRow("mkfs.exfat is there") << true;
    QTest::newRow("mkfs.exfat is missing") << false;
}

void tst_DriveFormatter::saysWhatIsMissing()
{
    QFETCH(bool, isPossible);
    QVariantList asked;
    m_udisks->onCall(u"CanFormat"_s, [&](const QDBusMessage &call) {
        asked = call.arguments();
        return call.createReply(
            QVariant::fromValue(CanFormat{isPossible, isPossible ? u""_s : u"mkfs.exfat"_s}));
    });
    const auto possible =
        onJobThread([this] { return formatter().checkPossible(NewFileSystem::Kind::ExFat); });
    QCOMPARE(possible.has_value(), isPossible);
    QCOMPARE(asked, QVariantList{u"exfat"_s});
    if (isPossible)
        return;
    QCOMPARE(possible.error().code, ErrorCode::Unsupported);
    QVERIFY(possible.error().context.contains(u"mkfs.exfat"_s));
}

void tst_DriveFormatter::theRealUDisksAnswers()
{
    m_udisks.reset();
    if (!m_services->startUDisks())
        QSKIP("needs root and udisksd");
    const auto isHere = [](const QString &program) {
        return !QStandardPaths::findExecutable(program).isEmpty()
            || !QStandardPaths::findExecutable(program, {u"/sbin"_s, u"/usr/sbin"_s}).isEmpty();
    };
    const auto exfat =
        onJobThread([this] { return formatter().checkPossible(NewFileSystem::Kind::ExFat); });
    QCOMPARE(exfat.has_value(), isHere(u"mkfs.exfat"_s));
    const auto fat32 =
        onJobThread([this] { return formatter().checkPossible(NewFileSystem::Kind::Fat32); });
    QCOMPARE(fat32.has_value(), isHere(u"mkfs.vfat"_s));
}

void tst_DriveFormatter::needsUDisks()
{
    m_udisks.reset();
    const auto possible =
        onJobThread([this] { return formatter().checkPossible(NewFileSystem::Kind::Fat32); });
    QVERIFY(!possible);
    QCOMPARE(possible.error().code, ErrorCode::Unsupported);
}

void tst_DriveFormatter::makesATableThenAPartition_data()
{
    QTest::addColumn<NewFileSystem>("fileSystem");
    QTest::addColumn<QString>("type");
    QTest::addColumn<QVariantMap>("options");
    const QVariantMap plain{{u"update-partition-type"_s, true}};
    QVariantMap named = plain;
    named[u"label"_s] = u"Fotos"_s;
    QVariantMap upper = plain;
    upper[u"label"_s] = u"FOTOS"_s;
    QTest::newRow("exFAT") << NewFileSystem{} << u"exfat"_s << plain;
    QTest::newRow("exFAT with a label")
        << NewFileSystem{NewFileSystem::Kind::ExFat, u"Fotos"_s} << u"exfat"_s << named;
    QTest::newRow("FAT32 with a label")
        << NewFileSystem{NewFileSystem::Kind::Fat32, u"Fotos"_s} << u"vfat"_s << upper;
}

void tst_DriveFormatter::makesATableThenAPartition()
{
    QFETCH(NewFileSystem, fileSystem);
    QFETCH(QString, type);
    QFETCH(QVariantMap, options);
    const auto formatted = format(fileSystem);
    QVERIFY2(formatted, qPrintable(formatted ? QString() : formatted.error().context));
    QCOMPARE(m_udisks->calls(), (QStringList{u"sdb Format"_s, u"sdb CreatePartitionAndFormat"_s}));
    QCOMPARE(m_arguments[0].first(), u"dos"_s);
    const QVariantList made = m_arguments[1];
    QCOMPARE(made.size(), 7);
    QCOMPARE(made[0].metaType(), QMetaType::fromType<qulonglong>());
    QCOMPARE(made[0].toLongLong(), 1_MiB);
    QCOMPARE(made[1].toLongLong(), 0); // all that is left
    QCOMPARE(made[5].toString(), type);
    QCOMPARE(m_udisks->lastOptions(), options);
}

void tst_DriveFormatter::triesAgainWhileUdevLooksAtIt()
{
    int asked = 0;
    m_udisks->onCall(u"Format"_s, [&asked](const QDBusMessage &call) {
        return ++asked < 3
            ? call.createErrorReply(udisksError("Failed"), u"Error: Device or resource busy"_s)
            : call.createReply();
    });
    QVERIFY(format({}));
    QCOMPARE(asked, 3);
}

void tst_DriveFormatter::tellsWhatUDisksSays_data()
{
    QTest::addColumn<QString>("method");
    QTest::newRow("table") << u"Format"_s;
    QTest::newRow("partition") << u"CreatePartitionAndFormat"_s;
}

void tst_DriveFormatter::tellsWhatUDisksSays()
{
    QFETCH(QString, method);
    m_udisks->onCall(method, MockUDisks::error(udisksError("Failed"), u"mkfs said no"_s));
    const auto formatted = format({});
    QVERIFY(!formatted);
    QCOMPARE(formatted.error().code, ErrorCode::FileAccess);
    QVERIFY(formatted.error().context.startsWith(u"/dev/sdb: "_s));
    QVERIFY(formatted.error().context.contains(u"mkfs said no"_s));
}

void tst_DriveFormatter::formatsNoOtherMedium()
{
    DriveIdentity other = stick();
    ++other.diskseq;
    const auto formatted = onJobThread([&] { return formatter().format(other, {}, {}); });
    QVERIFY(!formatted);
    QCOMPARE(formatted.error().code, ErrorCode::DeviceGone);
    QCOMPARE(m_udisks->calls(), QStringList());
}

void tst_DriveFormatter::stopsWhileAPersonTypes()
{
    std::stop_source stop;
    m_udisks->onCall(u"Format"_s, [&stop](const QDBusMessage &) {
        stop.request_stop();
        return QDBusMessage();
    });
    const auto formatted = format({}, stop.get_token());
    QVERIFY(!formatted);
    QCOMPARE(formatted.error().code, ErrorCode::InvalidState);
}

void tst_DriveFormatter::checksLabels_data()
{
    using Kind = NewFileSystem::Kind;
    QTest::addColumn<NewFileSystem>("fileSystem");
    QTest::addColumn<bool>("isRight");
    QTest::newRow("none") << NewFileSystem{} << true;
    QTest::newRow("11 characters") << NewFileSystem{Kind::Fat32, u"ABCDEFGHIJK"_s} << true;
    QTest::newRow("12 characters") << NewFileSystem{Kind::ExFat, u"ABCDEFGHIJKL"_s} << false;
    QTest::newRow("a space inside") << NewFileSystem{Kind::Fat32, u"MY STICK"_s} << true;
    QTest::newRow("a space at the end") << NewFileSystem{Kind::Fat32, u"STICK "_s} << false;
    QTest::newRow("a slash") << NewFileSystem{Kind::ExFat, u"a/b"_s} << false;
    QTest::newRow("a quote") << NewFileSystem{Kind::ExFat, u"a\"b"_s} << false;
    QTest::newRow("a line's end") << NewFileSystem{Kind::ExFat, u"a\nb"_s} << false;
    QTest::newRow("an umlaut on exFAT") << NewFileSystem{Kind::ExFat, u"Bücher"_s} << true;
    QTest::newRow("an umlaut on FAT32") << NewFileSystem{Kind::Fat32, u"Bücher"_s} << false;
}

void tst_DriveFormatter::checksLabels()
{
    QFETCH(NewFileSystem, fileSystem);
    QTEST(core::checkLabel(fileSystem).has_value(), "isRight");
}

QTEST_GUILESS_MAIN(tst_DriveFormatter)
#include "tst_driveformatter.moc"
