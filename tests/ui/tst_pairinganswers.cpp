#include "tests/support/fakeclock.h"
#include "tests/ui/support/fakedesktop.h"
#include "ui/dialogs/pairingdialog.h"
#include "ui/pairinganswers.h"
#include "ui/views/noticebar.h"

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>

using namespace core;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using ui::PairingDialog;

namespace {

/// A window and a clock; askers are told of as the hub does.
struct Bench {
    QWidget window;
    tests::FakeClock clock;
    tests::FakeProgramAccess access;
    ui::PairingAnswers answers{access, clock, &window};
    QSignalSpy asked{&answers, &ui::PairingAnswers::asked};
    QSignalSpy said{&answers, &ui::PairingAnswers::said};

    Bench() { window.show(); }
    [[nodiscard]] Pairing asker(const QString &name) const
    {
        return {.id = name.toLower(),
                .name = name,
                .kind = u"extension"_s,
                .code = u"048291"_s,
                .origin = "moz-extension://1b2c",
                .expiresAt = clock.wallTime() + Pairings::Patience};
    }
    /// The dialogs that are shown.
    [[nodiscard]] QList<PairingDialog *> dialogs() const
    {
        QList<PairingDialog *> result = window.findChildren<PairingDialog *>();
        result.removeIf([](const PairingDialog *dialog) { return !dialog->isVisible(); });
        return result;
    }
    template<typename Widget>
    [[nodiscard]] Widget &find(const QString &name) const
    {
        auto *found = dialogs().constFirst()->findChild<Widget *>(name);
        if (!found)
            qFatal("no widget %s", qPrintable(name));
        return *found;
    }
    /// Clicks it when the first look is over.
    void letIn()
    {
        clock.advance(PairingDialog::FirstLook);
        auto &button = find<QPushButton>(u"letIn"_s);
        QTRY_VERIFY(button.isEnabled());
        button.click();
    }
    [[nodiscard]] QString lastSaid() const { return said.constLast().constFirst().toString(); }
};

} // namespace

class TestPairingAnswers : public QObject
{
    Q_OBJECT
private slots:
    void saysWhoAsksAndWhatItWillBeAbleToDo()
    {
        Bench bench;
        Pairing asker = bench.asker(u"<b>Clip</b>"_s);
        bench.answers.setAsking({asker});
        QCOMPARE(bench.dialogs().size(), 1);
        QVERIFY(bench.find<QLabel>(u"question"_s).text().contains(u"“<b>Clip</b>”"_s));
        QCOMPARE(bench.find<QLabel>(u"kind"_s).text(), u"extension"_s);
        QCOMPARE(bench.find<QLabel>(u"origin"_s).text(), u"moz-extension://1b2c"_s);
        const auto &code = bench.find<QLabel>(u"code"_s);
        QCOMPARE(code.text(), u"048 291"_s);
        QCOMPARE(code.accessibleName(), u"Code 0 4 8 2 9 1"_s);
        QVERIFY(code.font().pointSizeF() > 2 * bench.window.font().pointSizeF());
        const QString scopes = bench.find<QLabel>(u"scopes"_s).text();
        for (const QString &part : {u"see your jobs"_s, u"add jobs"_s, u"cancel"_s, u"report"_s})
            QVERIFY2(scopes.contains(part), qPrintable(scopes));
        for (const QLabel *label : bench.dialogs().constFirst()->findChildren<QLabel *>())
            QVERIFY(label->textFormat() == Qt::PlainText || !label->text().contains(u'<'));
    }

    void aProgramWithoutAnAddressShowsNone()
    {
        Bench bench;
        Pairing asker = bench.asker(u"Script"_s);
        asker.origin.clear();
        bench.answers.setAsking({asker});
        QVERIFY(!bench.dialogs().constFirst()->findChild<QLabel *>(u"origin"_s));
    }

    void noKeyThatWasMeantForSomethingElseAnswers()
    {
        Bench bench;
        bench.answers.setAsking({bench.asker(u"A"_s)});
        bench.clock.advance(PairingDialog::FirstLook);
        QTRY_VERIFY(bench.find<QPushButton>(u"letIn"_s).isEnabled());
        for (const char *name : {"letIn", "refuse"}) {
            const auto &button = bench.find<QPushButton>(QString::fromLatin1(name));
            QVERIFY(!button.isDefault() && !button.autoDefault());
        }
        QWidget *focused = bench.dialogs().constFirst()->focusWidget();
        QCOMPARE(focused, &bench.find<QLabel>(u"code"_s));
        for (const Qt::Key key : {Qt::Key_Return, Qt::Key_Enter, Qt::Key_Space, Qt::Key_L})
            QTest::keyClick(focused, key);
        QCOMPARE(bench.dialogs().size(), 1);
        QVERIFY(bench.access.told.isEmpty());
    }

    void aClickRightAfterItAppearedLetsNobodyIn()
    {
        Bench bench;
        bench.answers.setAsking({bench.asker(u"A"_s)});
        auto &button = bench.find<QPushButton>(u"letIn"_s);
        QTest::mouseClick(&button, Qt::LeftButton);
        QVERIFY(bench.access.told.isEmpty());
        bench.letIn();
        QCOMPARE(bench.access.told, QStringList{u"let in a"_s});
    }

    void theKeyboardReachesBothAnswers()
    {
        Bench bench;
        bench.answers.setAsking({bench.asker(u"A"_s), bench.asker(u"B"_s)});
        bench.clock.advance(PairingDialog::FirstLook);
        QTRY_VERIFY(bench.find<QPushButton>(u"letIn"_s).isEnabled());
        QTest::keyClick(&bench.find<QPushButton>(u"letIn"_s), Qt::Key_Space);
        QTest::keyClick(bench.find<QLabel>(u"code"_s).window(), Qt::Key_Escape);
        QCOMPARE(bench.access.told, (QStringList{u"let in a"_s, u"refuse b"_s}));
        QVERIFY(bench.dialogs().isEmpty());
    }

    void severalAreAskedAboutOneAfterTheOther()
    {
        Bench bench;
        const Pairing a = bench.asker(u"A"_s);
        const Pairing b = bench.asker(u"B"_s);
        bench.answers.setAsking({a, b});
        QCOMPARE(bench.asked.size(), 2);
        QCOMPARE(bench.dialogs().size(), 1);
        QCOMPARE(bench.dialogs().constFirst()->pairing().id, u"a"_s);
        bench.letIn();
        QCOMPARE(bench.dialogs().size(), 1);
        QCOMPARE(bench.dialogs().constFirst()->pairing().id, u"b"_s);
        QVERIFY(!bench.find<QPushButton>(u"letIn"_s).isEnabled()); // it lies where the other lay
        bench.answers.setAsking({a, b}); // told before the yes arrived
        QCOMPARE(bench.dialogs().size(), 1);
        bench.answers.setAsking({b});
        bench.find<QPushButton>(u"refuse"_s).click();
        bench.answers.setAsking({});
        QCOMPARE(bench.access.told, (QStringList{u"let in a"_s, u"refuse b"_s}));
        QCOMPARE(bench.asked.size(), 2);
        QVERIFY(bench.said.isEmpty());
    }

    void timeRunsDownInSight()
    {
        Bench bench;
        bench.answers.setAsking({bench.asker(u"A"_s)});
        const auto &left = bench.find<QLabel>(u"timeLeft"_s);
        QVERIFY2(left.text().contains(u"2 min"_s), qPrintable(left.text()));
        bench.clock.set(-1h); // the user corrects the clock
        bench.clock.advance(75s);
        QTRY_VERIFY2(left.text().contains(u"45 s"_s), qPrintable(left.text()));
        bench.clock.advance(60s);
        QTRY_VERIFY2(left.text().contains(u"0 s"_s), qPrintable(left.text()));
    }

    void whenItsTimeIsOverItClosesAndSaysSo()
    {
        Bench bench;
        bench.answers.setAsking({bench.asker(u"A"_s)});
        bench.clock.advance(Pairings::Patience);
        bench.answers.setAsking({});
        QVERIFY(bench.dialogs().isEmpty());
        QVERIFY2(bench.lastSaid().contains(u"in time"_s), qPrintable(bench.lastSaid()));
        QVERIFY(bench.access.told.isEmpty());
    }

    void whenTheAskerLeftItClosesAndSaysSo()
    {
        Bench bench;
        const Pairing b = bench.asker(u"B"_s);
        bench.answers.setAsking({bench.asker(u"A"_s), b});
        bench.answers.setAsking({b});
        QVERIFY2(bench.lastSaid().contains(u"“A”"_s), qPrintable(bench.lastSaid()));
        QVERIFY(bench.lastSaid().contains(u"gave up"_s));
        QCOMPARE(bench.dialogs().size(), 1);
        QCOMPARE(bench.dialogs().constFirst()->pairing().id, u"b"_s);
        QVERIFY(bench.access.told.isEmpty());
    }

    void anEmptyYesIsSaid_data()
    {
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("said");
        QTest::newRow("the asker left") << ErrorCode::NotFound << u"no access"_s;
        QTest::newRow("it cannot be stored") << ErrorCode::NoSpace << u"not let in"_s;
    }
    void anEmptyYesIsSaid()
    {
        QFETCH(ErrorCode, code);
        QFETCH(QString, said);
        Bench bench;
        bench.access.answer = fail(code, u"x"_s);
        bench.answers.setAsking({bench.asker(u"A"_s)});
        bench.letIn();
        QVERIFY2(bench.lastSaid().contains(said), qPrintable(bench.lastSaid()));
    }

    void aHiddenWindowAsksWhenItIsShown()
    {
        tests::FakeDesktop hidden;
        const Milliseconds end = SystemClock().wallTime() + Pairings::Patience;
        const auto dialogs = [&] { return hidden.window.findChildren<PairingDialog *>().size(); };
        hidden.show();
        hidden.window.hide();
        ui::PairingAnswers &answers = *hidden.window.findChild<ui::PairingAnswers *>();
        QObject::disconnect(&answers, nullptr, &hidden.desktop, nullptr); // as with a tray
        hidden.access.listener({.asking = {{.id = u"a"_s,
                                            .name = u"A"_s,
                                            .kind = u"script"_s,
                                            .code = u"123456"_s,
                                            .expiresAt = end}},
                                .letIn = {}});
        QCOMPARE(dialogs(), 0);
        hidden.desktop.raise(); // what a click on the notification does
        QCOMPARE(dialogs(), 1);
    }

    void withoutATrayTheWindowComesBack_data()
    {
        QTest::addColumn<bool>("isMinimized");
        QTest::newRow("hidden") << false;
        QTest::newRow("minimised") << true;
    }
    void withoutATrayTheWindowComesBack()
    {
        QFETCH(bool, isMinimized);
        tests::FakeDesktop hidden;
        if (isMinimized)
            hidden.window.showMinimized();
        hidden.access.listener({.asking = {{.id = u"a"_s,
                                            .name = u"A"_s,
                                            .kind = u"script"_s,
                                            .code = u"123456"_s,
                                            .expiresAt = SystemClock().wallTime() + 60s}},
                                .letIn = {}});
        QVERIFY(hidden.window.isVisible() && !hidden.window.isMinimized());
        QCOMPARE(hidden.window.findChildren<PairingDialog *>().size(), 1);
        hidden.access.listener({});
        QVERIFY(hidden.window.findChild<ui::NoticeBar *>()->isVisible());
    }
};

QTEST_MAIN(TestPairingAnswers)
#include "tst_pairinganswers.moc"
