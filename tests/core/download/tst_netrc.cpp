#include "core/download/login.h"
#include "core/download/netrc.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;

namespace {

QString shown(const std::optional<Netrc::Login> &login)
{
    return login ? login->user + u'|' + login->password : u"none"_s;
}

} // namespace

class TestNetrc : public QObject
{
    Q_OBJECT
private slots:
    void loginIsFound_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QString>("user");
        QTest::addColumn<QString>("login");
        const auto row = [](const char *name, const char *file, const char *login,
                            const char *user = "") {
            QTest::newRow(name) << QByteArray(file) << QString::fromUtf8(user)
                                << QString::fromUtf8(login);
        };
        row("one line", "machine h.test login ann password pw", "ann|pw");
        row("one word a line", "machine\nh.test\nlogin\nann\npassword\npw\n", "ann|pw");
        row("line ends of DOS and tabs", "machine h.test\r\n\tlogin ann\r\n\tpassword pw\r\n",
            "ann|pw");
        row("password before login", "machine h.test password pw login ann", "ann|pw");
        row("host in another case", "machine H.Test login ann password pw", "ann|pw");
        row("another host", "machine a.h.test login ann password pw", "none");
        row("the host among others",
            "machine a login x password y machine h.test login ann password pw machine b login z",
            "ann|pw");
        row("the first of two",
            "machine h.test login a password 1 machine h.test login b password 2", "a|1");
        row("the one of the user",
            "machine h.test login a password 1 machine h.test login b password 2", "b|2", "b");
        row("none of the user", "machine h.test login a password 1", "none", "b");
        row("default", "machine a login x password y default login ann password pw", "ann|pw");
        row("host before default",
            "default login d password d machine h.test login ann password pw", "ann|pw");
        row("no password", "machine h.test login ann", "ann|");
        row("no login", "machine h.test password pw", "none");
        row("quotes", "machine \"h.test\" login \"an n\" password \"a \\\"b\\\" \\\\c #d\"",
            "an n|a \"b\" \\c #d");
        row("empty quotes", "machine h.test login ann password \"\"", "ann|");
        row("comments", "# login x\nmachine h.test # password y\nlogin ann #z\npassword pw",
            "ann|pw");
        row("password that begins like a comment", "machine h.test login ann password #pw#",
            "ann|#pw#");
        row("account", "machine h.test login ann account acc password pw", "ann|pw");
        row("macro",
            "machine h.test login ann password pw\nmacdef init\ncd /x\nlogin y\n\n"
            "machine z login q",
            "ann|pw");
        row("host after a macro",
            "macdef init\nmachine h.test login x\n\n"
            "machine h.test login ann password pw",
            "ann|pw");
        row("macro up to the end", "machine h.test login ann password pw\nmacdef init\ncd /x",
            "ann|pw");
        row("letters beyond ASCII", "machine h.test login änn password ü€", "änn|ü€");
        row("nothing", "", "none");
        row("only a comment", "#", "none");
    }
    void loginIsFound()
    {
        QFETCH(QByteArray, file);
        QFETCH(QString, user);
        const auto netrc = Netrc::parse(file);
        QVERIFY2(netrc, qPrintable(netrc ? QString() : netrc.error().context));
        QTEST(shown(netrc->find(u"h.test"_s, user)), "login");
    }

    void badWordIsNamedByItsLineAndNotShown_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QString>("line");
        QTest::newRow("unknown keyword") << QByteArray("machine h\nsecret x") << u"line 2"_s;
        QTest::newRow("login first") << QByteArray("login secret") << u"line 1"_s;
        QTest::newRow("no host") << QByteArray("\n\nmachine") << u"line 3"_s;
        QTest::newRow("no password")
            << QByteArray("machine h login secret password") << u"line 1"_s;
        QTest::newRow("open quotes")
            << QByteArray("machine h\npassword \"secret\nlogin x") << u"line 2"_s;
    }
    void badWordIsNamedByItsLineAndNotShown()
    {
        QFETCH(QByteArray, file);
        QFETCH(QString, line);
        const auto netrc = Netrc::parse(file);
        QVERIFY(!netrc);
        QCOMPARE(netrc.error().code, ErrorCode::InvalidArgument);
        QVERIFY2(netrc.error().context.contains(line), qPrintable(netrc.error().context));
        QVERIFY(!netrc.error().context.contains(u"secret"_s));
    }

    void textThatIsCutOrChangedAnywhereIsReadOrRefused()
    {
        const QByteArray whole = "machine \"h.t\" login a password \"b\\\"c\" # d\n"
                                 "macdef m\nx\n\ndefault account e login f";
        for (qsizetype i = 0; i < whole.size(); ++i) {
            (void)Netrc::parse(whole.first(i));
            for (const char byte : {'\0', '"', '\\', '\n', '#', '\xff'}) {
                QByteArray changed = whole;
                changed[i] = byte;
                const auto netrc = Netrc::parse(changed);
                if (netrc)
                    (void)netrc->find(u"h.t"_s);
                else
                    QCOMPARE(netrc.error().code, ErrorCode::InvalidArgument);
            }
        }
    }

    void whoComesFirst_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("user");
        QTest::addColumn<QString>("password");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, const char *url, const char *user,
                            const char *password, const char *expected) {
            QTest::newRow(name) << QString::fromLatin1(url) << QString::fromLatin1(user)
                                << QString::fromLatin1(password) << QString::fromLatin1(expected);
        };
        row("only the file", "http://h.test/f", "", "", "http://ann:a%20pw@h.test/f");
        row("host the file does not know", "http://i.test/f", "", "", "http://i.test/f");
        row("user and password", "http://h.test/f", "u@x", "p:/%",
            "http://u%40x:p:%2F%25@h.test/f");
        row("user that the file knows", "http://h.test/f", "bob", "", "http://bob:b@h.test/f");
        row("user that nobody knows", "http://h.test/f", "eve", "", "http://eve@h.test/f");
        row("URL with both", "http://u:p@h.test/f", "", "", "http://u:p@h.test/f");
        row("URL with a user", "http://bob@h.test/f", "", "", "http://bob:b@h.test/f");
    }
    void whoComesFirst()
    {
        QFETCH(QString, url);
        QFETCH(QString, user);
        QFETCH(QString, password);
        const QTemporaryDir folder;
        QFile file(folder.filePath(u"netrc"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(
            "machine h.test login ann password \"a pw\"\nmachine h.test login bob password b");
        file.close();
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
        DownloadSpec spec;
        spec.url = QUrl(url);
        spec.request.user = user;
        spec.request.password = password;
        spec.request.netrc = file.fileName();
        const auto found = urlWithLogin(spec);
        QVERIFY2(found, qPrintable(found ? QString() : found.error().context));
        QTEST(found->toString(QUrl::FullyEncoded), "expected");
    }

    void fileThatOthersMayReadIsRefused()
    {
        const QTemporaryDir folder;
        QFile file(folder.filePath(u"netrc"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.close();
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup));
        const auto netrc = Netrc::read(file.fileName());
        QVERIFY(!netrc);
        QCOMPARE(netrc.error().code, ErrorCode::FileAccess);
        QVERIFY(netrc.error().context.contains(u"chmod 600"_s));
    }
};

QTEST_GUILESS_MAIN(TestNetrc)
#include "tst_netrc.moc"
