#include "tests/ui/support/fakedesktop.h"
#include "ui/dialogs/extensiondialog.h"

#include <QAction>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QTabWidget>
#include <QToolBar>
#include <QToolButton>

using namespace core;
using namespace Qt::StringLiterals;

namespace {

/// The window with the dialog open.
struct Bench : tests::FakeDesktop {
    Bench()
    {
        show();
        window.findChild<QAction *>(u"extension"_s)->trigger();
    }
    [[nodiscard]] ui::ExtensionDialog *dialog() const
    {
        return window.findChild<ui::ExtensionDialog *>();
    }
    template<typename Widget>
    [[nodiscard]] Widget &find(const QString &name) const
    {
        auto *found = dialog()->findChild<Widget *>(name);
        if (!found)
            qFatal("no widget %s", qPrintable(name));
        return *found;
    }
    [[nodiscard]] QLineEdit &folder() const { return find<QLineEdit>(u"extensionFolder"_s); }
    [[nodiscard]] QPushButton &write() const { return find<QPushButton>(u"writeExtension"_s); }
    [[nodiscard]] QPushButton &open() const { return find<QPushButton>(u"openExtension"_s); }
    [[nodiscard]] QTabWidget &steps() const { return find<QTabWidget>(u"steps"_s); }
    [[nodiscard]] QString message() const
    {
        const auto &label = find<QLabel>(u"message"_s);
        return label.isVisible() ? label.text() : QString();
    }
    [[nodiscard]] QString stepText(int tab) const
    {
        return qobject_cast<QLabel *>(steps().widget(tab))->text();
    }
};

} // namespace

class TestExtensionDialog : public QObject
{
    Q_OBJECT
private slots:
    void theChosenFolderGetsTheExtensionAndTheStepsNameIt()
    {
        Bench bench;
        QVERIFY(!bench.steps().isEnabled());
        QVERIFY(!bench.open().isEnabled());
        bench.folder().setText(u"/home/ann/browser things/"_s);
        bench.write().click();
        QCOMPARE(bench.exported, QStringList{u"/home/ann/browser things"_s});
        QVERIFY(bench.steps().isEnabled());
        QVERIFY(bench.message().contains(u"is in /home/ann/browser things."_s));
        const QStringList chromium = bench.stepText(0).split(u'\n');
        QCOMPARE(chromium.first(), u"1. Open chrome://extensions"_s);
        QVERIFY(chromium.at(2).endsWith(u"choose /home/ann/browser things/chromium"_s));
        QVERIFY(bench.stepText(1).contains(u"/home/ann/browser things/firefox/manifest.json"_s));
        bench.open().click();
        QCOMPARE(bench.opened, QList{QUrl::fromLocalFile(u"/home/ann/browser things"_s)});
    }

    void aFolderIsOfferedThatBrowsersCanRead()
    {
        Bench bench;
        const QString offered = bench.folder().text();
        QVERIFY(QDir::isAbsolutePath(offered));
        QVERIFY(!QDir::home().relativeFilePath(offered).contains(u"/."_s));
        QVERIFY(bench.write().isEnabled());
        QCOMPARE(bench.message(), QString());
    }

    void aFailureIsSaidAndAnotherFolderCanBeTried()
    {
        Bench bench;
        bench.exportEnd = fail(ErrorCode::NoSpace, u"/full: No space left on device"_s);
        bench.folder().setText(u"/full"_s);
        bench.write().click();
        QVERIFY2(bench.message().contains(u"No space left on device"_s),
                 qPrintable(bench.message()));
        QVERIFY(!bench.steps().isEnabled());
        QVERIFY(!bench.open().isEnabled());
        bench.exportEnd = {};
        bench.folder().setText(u"/roomy"_s);
        QCOMPARE(bench.message(), QString());
        bench.write().click();
        QVERIFY(bench.steps().isEnabled());
    }

    void halfAPathIsNotTaken()
    {
        Bench bench;
        for (const QString &text : {u""_s, u"  "_s, u"things"_s, u"~/things"_s}) {
            bench.folder().setText(text);
            QVERIFY2(!bench.write().isEnabled(), qPrintable(text));
            QVERIFY(bench.message().contains(u"whole path"_s));
        }
    }

    void itIsInTheMenuOfTheBrowserButtonAndOpensOnce()
    {
        Bench bench;
        auto *bar = bench.window.findChild<QToolBar *>(u"commands"_s);
        auto *page = bench.window.findChild<QAction *>(u"browser"_s);
        auto *action = bench.window.findChild<QAction *>(u"extension"_s);
        const auto *button = qobject_cast<QToolButton *>(bar->widgetForAction(page));
        QVERIFY(button->menu()->actions().contains(action));
        QVERIFY(!action->shortcut().isEmpty());
        action->trigger();
        QCOMPARE(bench.window.findChildren<ui::ExtensionDialog *>().size(), 1);
    }
};

QTEST_MAIN(TestExtensionDialog)
#include "tst_extensiondialog.moc"
