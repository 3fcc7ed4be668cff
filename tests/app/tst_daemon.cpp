#include "app/daemon.h"

#include <QTest>

using namespace Qt::StringLiterals;

/// What drayd says when it listens, whatever the level of its log.
class TestDaemon final : public QObject
{
    Q_OBJECT
private slots:
    void theFingerprintStandsBesideTheAddress();
    void whatThereIsNotIsNotSaid();
};

void TestDaemon::theFingerprintStandsBesideTheAddress()
{
    const QString text = app::announcement(QUrl(u"https://192.0.2.1:8765/"_s), u"AB:CD"_s,
                                           QUrl(u"https://192.0.2.1:8765/#t=x"_s));
    QCOMPARE(text,
             u"Dray is running. Page: https://192.0.2.1:8765/\n"
             "SHA-256 fingerprint of its TLS certificate: AB:CD\n"
             "Open it signed in, once, within 60 s: https://192.0.2.1:8765/#t=x\n"
             "An address that opens it signed in: drayctl page\n"_s);
}

void TestDaemon::whatThereIsNotIsNotSaid()
{
    const QString text = app::announcement(QUrl(u"http://127.0.0.1:8765/"_s), {}, {});
    QCOMPARE(text,
             u"Dray is running. Page: http://127.0.0.1:8765/\n"
             "An address that opens it signed in: drayctl page\n"_s);
}

QTEST_GUILESS_MAIN(TestDaemon)
#include "tst_daemon.moc"
