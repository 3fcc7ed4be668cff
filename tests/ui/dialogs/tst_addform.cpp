#include "ui/dialogs/addform.h"
#include "ui/dialogs/checksumtext.h"

#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using ui::AddForm;
using ui::AddProblem;

namespace {

const QString Link = u"https://example.org/a.iso"_s;
const QString Elsewhere = u"https://example.net/b.iso"_s;
const QString Sha256 = QString(64, u'a');

using Fetch = AddForm::Fetch;
using Look = AddForm::LookForChecksum;

} // namespace

/// What the rarer fields of the add dialog ask for, and what is said about a wrong one.
class TestAddForm : public QObject
{
    Q_OBJECT
private slots:
    void checksumText_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("checksum"); // empty: refused
        QTest::newRow("SHA-256 alone") << Sha256 << u"sha-256="_s + Sha256;
        QTest::newRow("capitals and a colon")
            << u"  SHA256: "_s + QString(64, u'A') + u' ' << u"sha-256="_s + Sha256;
        QTest::newRow("registered name")
            << u"sha-512="_s + QString(128, u'b') << u"sha-512="_s + QString(128, u'b');
        QTest::newRow("name without hyphen")
            << u"sha1:"_s + QString(40, u'1') << u"sha-1="_s + QString(40, u'1');
        for (const auto &[name, digits] :
             {std::pair(u"md5"_s, 32), std::pair(u"sha-1"_s, 40), std::pair(u"sha-224"_s, 56),
              std::pair(u"sha-384"_s, 96), std::pair(u"sha-512"_s, 128)})
            QTest::addRow("%d digits alone", digits)
                << QString(digits, u'c') << name + u'=' + QString(digits, u'c');
        QTest::newRow("a length of none") << QString(63, u'a') << QString();
        QTest::newRow("no digits") << QString(64, u'g') << QString();
        QTest::newRow("digits of another algorithm") << u"sha-512="_s + Sha256 << QString();
        QTest::newRow("unknown algorithm") << u"crc32=12345678"_s << QString();
        QTest::newRow("no algorithm") << u"="_s + Sha256 << QString();
        QTest::newRow("name alone") << u"sha-256"_s << QString();
        QTest::newRow("nothing") << QString() << QString();
    }
    void checksumText()
    {
        QFETCH(QString, text);
        const auto checksum = ui::checksumFromText(text);
        QTEST(checksum ? checksum->toText() : QString(), "checksum");
    }

    void wrongFields_data()
    {
        QTest::addColumn<AddForm>("form");
        QTest::addColumn<int>("problem");
        QTest::addColumn<QString>("value");
        const auto row = [](const char *title, AddForm form, AddProblem problem,
                            const QString &value = {}) {
            if (form.links.isEmpty())
                form.links = Link;
            QTest::newRow(title) << form << int(problem) << value;
        };
        using enum AddProblem;
        const QString both = Link + u'\n' + Elsewhere;
        row("a list's scheme", {.checksum = u"ftp://a/SHA256SUMS"_s}, Checksum,
            u"ftp://a/SHA256SUMS"_s);
        row("checksum", {.checksum = u"sha-512=abc"_s}, Checksum, u"sha-512=abc"_s);
        row("mirror is a word", {.mirrors = Elsewhere + u"\nhello"_s}, NotALink, u"hello"_s);
        row("mirror of another scheme", {.mirrors = u"ftp://a/b"_s}, Scheme, u"ftp://a/b"_s);
        row("mirror is a file", {.mirrors = u"file:///a.meta4"_s}, Scheme, u"file:///a.meta4"_s);
        QStringList mirrors;
        for (int i = 1; i <= 17; ++i)
            mirrors.append(u"https://m%1.example/a"_s.arg(i));
        row("17 mirrors", {.mirrors = mirrors.join(u'\n')}, TooManyMirrors, u"17"_s);
        mirrors.removeLast();
        row("16 mirrors", {.mirrors = mirrors.join(u'\n')}, None);
        row("mirrors do not count for several", {.links = both, .mirrors = u"hello"_s}, None);
        row("mirrors do not count for video", {.mirrors = u"hello"_s, .fetch = Fetch::Video}, None);
        row("speed", {.speedLimit = u" fast "_s}, SpeedLimit, u"fast"_s);
        row("negative speed", {.speedLimit = u"-1"_s}, SpeedLimit, u"-1"_s);
        row("no colon", {.headers = u"Accept: a\nX-Key"_s}, NotAHeader, u"X-Key"_s);
        row("no name", {.headers = u": a"_s}, NotAHeader, u": a"_s);
        row("name with a space", {.headers = u"X Key: a"_s}, HeaderName, u"X Key"_s);
        row("header of the engine", {.headers = u"Range: bytes=0-1"_s}, HeaderName, u"Range"_s);
        row("same header twice", {.headers = u"X-Key: 1\nx-key: 2"_s}, HeaderTwice, u"x-key"_s);
        row("header with a field of its own",
            {.request = {.userAgent = u"a"_s}, .headers = u"User-Agent: b"_s}, HeaderTwice,
            u"User-Agent"_s);
        row("login and authorization",
            {.request = {.user = u"ann"_s}, .headers = u"Authorization: secret"_s}, HeaderTwice,
            u"Authorization"_s);
        row("authorization for several sites",
            {.links = both, .headers = u"Authorization: secret"_s}, HeaderForSeveralSites,
            u"Authorization"_s);
        row("cookie for several sites", {.links = both, .headers = u"Cookie: secret=1"_s},
            HeaderForSeveralSites, u"Cookie"_s);
        row("cookie for one site, port named",
            {.links = Link + u"\nhttps://example.org:443/b"_s, .headers = u"Cookie: secret=1"_s},
            None);
        row("language for several sites", {.links = both, .headers = u"Accept-Language: de"_s},
            None);
        row("cookie for a page", {.headers = u"Cookie: secret=1"_s, .fetch = Fetch::Sound}, None);
        row("login for a page", {.headers = u"Authorization: secret"_s, .fetch = Fetch::Sound},
            HeaderForMedia, u"Authorization"_s);
    }
    void wrongFields()
    {
        QFETCH(AddForm, form);
        QFETCH(int, problem);
        QFETCH(QString, value);
        const auto request = ui::checked(form);
        QCOMPARE(int(request.problem), problem);
        QCOMPARE(request.value, value);
        const QString said = ui::addProblemText(request.problem, request.value);
        QVERIFY2(said.contains(value), qPrintable(said));
        QCOMPARE(said.isEmpty(), request.problem == AddProblem::None);
        QVERIFY(!said.contains(u"secret"_s));
    }

    void wrongTimes_data()
    {
        QTest::addColumn<int>("startAfterHours"); // 0: not chosen
        QTest::addColumn<int>("stopAfterHours");
        QTest::addColumn<bool>("isPaused");
        QTest::addColumn<int>("problem");
        using enum AddProblem;
        QTest::newRow("neither") << 0 << 0 << false << int(None);
        QTest::newRow("start, then stop") << 1 << 2 << false << int(None);
        QTest::newRow("stop alone") << 0 << 1 << false << int(None);
        QTest::newRow("start has passed") << -1 << 2 << false << int(StartInThePast);
        QTest::newRow("stop has passed") << 0 << -1 << false << int(StopInThePast);
        QTest::newRow("stop before start") << 3 << 2 << false << int(StopBeforeStart);
        QTest::newRow("stop at the start") << 3 << 3 << false << int(StopBeforeStart);
        QTest::newRow("start does not count when paused") << -1 << 1 << true << int(None);
    }
    void wrongTimes()
    {
        QFETCH(int, startAfterHours);
        QFETCH(int, stopAfterHours);
        QFETCH(bool, isPaused);
        const QDateTime present = QDateTime::currentDateTime();
        const auto timeIn = [&present](int hours) {
            return hours == 0 ? QDateTime() : present.addSecs(hours * 3600LL);
        };
        const AddForm form{.links = Link,
                           .start = isPaused ? AddForm::Start::Paused : AddForm::Start::Queued,
                           .startAt = timeIn(startAfterHours),
                           .stopAt = timeIn(stopAfterHours)};
        const auto request = ui::checked(form);
        QTEST(int(request.problem), "problem");
        const bool isRight = request.problem == AddProblem::None;
        QCOMPARE(ui::addProblemText(request.problem, request.value).contains(request.value), true);
        QCOMPARE(request.value.isEmpty(), isRight);
        if (!isRight)
            return;
        const auto &download = request.downloads.first();
        const bool hasStart = form.startAt.isValid() && !isPaused;
        QCOMPARE(download.startPaused, isPaused);
        QCOMPARE(download.startAt, hasStart ? form.startAt.toMSecsSinceEpoch() : 0);
        QCOMPARE(download.stopAt, form.stopAt.isValid() ? form.stopAt.toMSecsSinceEpoch() : 0);
    }

    void whereAChecksumIsLookedFor_data()
    {
        QTest::addColumn<AddForm>("form");
        QTest::addColumn<QStringList>("from");
        const QString several = Link + u"\nhttps://example.net/set.meta4\n"_s + Elsewhere;
        QTest::newRow("not asked") << AddForm{.links = Link} << QStringList{QString()};
        QTest::newRow("asked") << AddForm{.links = Link, .lookForChecksum = Look::Yes}
                               << QStringList{u"auto"_s};
        QTest::newRow("a given one counts")
            << AddForm{.links = Link, .checksum = Sha256, .lookForChecksum = Look::Yes}
            << QStringList{QString()};
        QTest::newRow("the link of a list")
            << AddForm{.links = Link, .checksum = u" https://a.test/SHA256SUMS "_s}
            << QStringList{u"https://a.test/SHA256SUMS"_s};
        QTest::newRow("several, one of them a Metalink document")
            << AddForm{.links = several, .checksum = Sha256, .lookForChecksum = Look::Yes}
            << QStringList{u"auto"_s, QString(), u"auto"_s};
        QTest::newRow("not for sound")
            << AddForm{.links = Link, .lookForChecksum = Look::Yes, .fetch = Fetch::Sound}
            << QStringList{QString()};
    }
    void whereAChecksumIsLookedFor()
    {
        QFETCH(AddForm, form);
        const auto request = ui::checked(form);
        QStringList from;
        for (const auto &download : request.downloads)
            from.append(download.spec.checksumFrom);
        QTEST(from, "from");
    }

    void whatIsRightPassesTheHubsCheck()
    {
        const auto request = ui::checked({.links = Link,
                                          .checksum = u"sha512:"_s + QString(128, u'E'),
                                          .mirrors = Elsewhere,
                                          .lookForChecksum = Look::Yes,
                                          .speedLimit = u"2M"_s,
                                          .headers = u"Accept: */*\nX-Empty:"_s});
        QCOMPARE(request.problem, AddProblem::None);
        const core::DownloadSpec &spec = request.downloads.first().spec;
        QCOMPARE(spec.checksum->toText(), u"sha-512="_s + QString(128, u'e'));
        QVERIFY(spec.sha256.isEmpty());
        QCOMPARE(spec.headers,
                 (QList<core::HeaderLine>{{u"Accept"_s, u"*/*"_s}, {u"X-Empty"_s, {}}}));
        QCOMPARE(spec.bytesPerSecond, 2 * 1024 * 1024);
        const auto checked = core::checkSpec(spec);
        QVERIFY2(checked.has_value(), checked ? "" : qPrintable(checked.error().context));
    }

    void aLongValueIsShortened()
    {
        const QString said = ui::addProblemText(AddProblem::Checksum, QString(200, u'z'));
        QVERIFY(!said.contains(QString(100, u'z')) && said.contains(QString(50, u'z')));
    }
};

QTEST_GUILESS_MAIN(TestAddForm)
#include "tst_addform.moc"
