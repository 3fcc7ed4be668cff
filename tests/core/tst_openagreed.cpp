#include "core/agreeddrives.h"
#include "core/drives/bootid.h"

#include <QTemporaryFile>
#include <QTest>

#include <functional>

using namespace core;
using namespace Qt::StringLiterals;

/// What is looked at before any drive is touched. That the drive itself is the one agreed to, DriveOpener
/// proves.
class TestOpenAgreed : public QObject
{
    Q_OBJECT
private slots:
    void onlyWhatWasAgreedIsOpened_data()
    {
        using Change = std::function<void(AgreedFlash &)>;
        QTest::addColumn<Change>("change");
        QTest::addColumn<ErrorCode>("code");
        const auto row = [](const char *name, const Change &change, ErrorCode code) {
            QTest::newRow(name) << change << code;
        };
        row(
            "all as agreed, and no such drive", [](AgreedFlash &) {}, ErrorCode::DeviceGone);
        row(
            "another drive", [](AgreedFlash &flash) { flash.drives.clear(); },
            ErrorCode::Forbidden);
        row(
            "before the computer was started anew",
            [](AgreedFlash &flash) { flash.boot = u"another"_s; }, ErrorCode::ConfirmationRequired);
        row(
            "nobody knows when", [](AgreedFlash &flash) { flash.boot.clear(); },
            ErrorCode::ConfirmationRequired);
        row(
            "a file written to", [](AgreedFlash &flash) { --flash.image.modifiedAt; },
            ErrorCode::InvalidState);
        row(
            "another file in its place", [](AgreedFlash &flash) { ++flash.image.inode; },
            ErrorCode::InvalidState);
        row(
            "another bmap", [](AgreedFlash &flash) { flash.image.bmap = u"1 2 3 4"_s; },
            ErrorCode::InvalidState);
        row(
            "no file", [](AgreedFlash &flash) { flash.spec.image += u".gone"_s; },
            ErrorCode::FileAccess);
    }
    void onlyWhatWasAgreedIsOpened()
    {
        QFETCH(std::function<void(AgreedFlash &)>, change);
        QTemporaryFile image;
        QVERIFY(image.open());
        AgreedFlash flash{.spec = {.image = image.fileName(), .drives = {u"nosuch"_s}},
                          .drives = {{.id = u"nosuch"_s, .size = 1}},
                          .boot = bootId()};
        flash.image = imageIdentity(flash.spec).value();
        change(flash);
        const OpenDrive open = openAgreed(flash, DriveOpener::forThisComputer(DrivePolicy()));
        const auto opened = open(u"nosuch"_s, {});
        QVERIFY(!opened);
        QTEST(opened.error().code, "code");
    }
};

QTEST_GUILESS_MAIN(TestOpenAgreed)
#include "tst_openagreed.moc"
