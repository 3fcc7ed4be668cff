#include "core/flash/flashprogress.h"

#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;
using Side = Pacesetter::Side;

class FlashProgressTest : public QObject
{
    Q_OBJECT

private slots:
    void saysWhatIsWaitedForWhileItWrites_data()
    {
        QTest::addColumn<QStringList>("drives");
        QTest::addColumn<Side>("side");
        QTest::addColumn<QString>("message");
        QTest::newRow("the drive")
            << QStringList{u"a"_s} << Side::Drives << u"as fast as the drive writes"_s;
        QTest::newRow("the drives")
            << QStringList{u"a"_s, u"b"_s} << Side::Drives << u"as fast as the drives write"_s;
        QTest::newRow("the image")
            << QStringList{u"a"_s} << Side::Image << u"as fast as the image is read"_s;
        QTest::newRow("nobody") << QStringList{u"a"_s} << Side::Unknown << QString();
    }
    void saysWhatIsWaitedForWhileItWrites()
    {
        QFETCH(QStringList, drives);
        QFETCH(Side, side);
        ProgressCell cell;
        FlashProgress progress(cell, drives);
        progress.enter(0, Stage::Writing);
        progress.setPace(side);
        QTEST(cell.takeDetails()->message, "message");
        for (size_t i = 0; i < size_t(drives.size()); ++i)
            progress.enter(i, Stage::Verifying);
        QCOMPARE(cell.takeDetails().value_or(JobDetails()).message, QString());
    }
};

QTEST_GUILESS_MAIN(FlashProgressTest)
#include "tst_flashprogress.moc"
