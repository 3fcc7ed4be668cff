#include "core/drives/drivewords.h"
#include "tests/ui/support/fakedesktop.h"
#include "tests/ui/support/sampleagents.h"
#include "tests/ui/support/sampledrives.h"
#include "tests/ui/support/samplejobs.h"
#include "tests/ui/support/sampleprograms.h"
#include "tests/ui/support/sampleworkflows.h"
#include "ui/dialogs/adddownloaddialog.h"
#include "ui/dialogs/extensiondialog.h"
#include "ui/dialogs/flashdialog.h"
#include "ui/dialogs/pairingdialog.h"
#include "ui/dialogs/questiondialog.h"
#include "ui/dialogs/settingsdialog.h"
#include "ui/symbols.h"
#include "ui/views/detailspane.h"
#include "ui/views/joblistview.h"

#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QLineEdit>
#include <QMessageBox>
#include <QPainter>
#include <QPalette>
#include <QPushButton>
#include <QRegularExpression>
#include <QStyleFactory>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTemporaryFile>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

using namespace Qt::StringLiterals;

namespace {

/// Where pictures are written; without it the pictures are only drawn.
constexpr auto FolderVariable = "DRAY_PICTURES";

QPalette darkPalette()
{
    QPalette palette(QColor(0x2b, 0x2d, 0x30), QColor(0x26, 0x28, 0x2b));
    palette.setColor(QPalette::Base, QColor(0x1e, 0x1f, 0x22));
    palette.setColor(QPalette::AlternateBase, QColor(0x23, 0x25, 0x28));
    palette.setColor(QPalette::Highlight, QColor(0x2f, 0x6f, 0xab));
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::ToolTipBase, QColor(0x3a, 0x36, 0x28));
    palette.setColor(QPalette::ToolTipText, QColor(0xee, 0xe6, 0xd0));
    return palette;
}

void keep(const QPixmap &picture, const QString &name)
{
    QVERIFY(!picture.isNull());
    const QString folder = qEnvironmentVariable(FolderVariable);
    if (!folder.isEmpty())
        QVERIFY(picture.save(QDir(folder).filePath(name + u".png"_s)));
}

struct Bench : tests::FakeDesktop {
    ui::JobListView &list = *window.findChild<ui::JobListView *>();

    Bench()
    {
        desktop.setServerAddress(u"http://127.0.0.1:8765"_s);
        show();
    }
};

} // namespace

/// Draws the window as users see it, in light and dark; a person looks at the pictures.
class TestLooks : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
        QApplication::setStyle(QStyleFactory::create(u"Fusion"_s));
    }

    void window_data()
    {
        QTest::addColumn<QPalette>("palette");
        QTest::newRow("light") << QApplication::style()->standardPalette();
        QTest::newRow("dark") << darkPalette();
    }
    void window()
    {
        QFETCH(QPalette, palette);
        const QString shade = QString::fromLatin1(QTest::currentDataTag());
        QApplication::setPalette(palette);
        Bench bench;
        keep(bench.window.grab(), u"empty-"_s + shade);
        bench.jobs.model->reset(tests::sampleJobs() + tests::sampleKinds(), 0);
        bench.list.selectJob({1});
        const auto *details = bench.window.findChild<ui::DetailsPane *>();
        QTRY_VERIFY(details->isVisible() && details->height() > 100);
        keep(bench.window.grab(), u"running-"_s + shade);
        bench.list.selectJob({8});
        bench.desktop.notice(u"The list of jobs was damaged. It was kept aside as dray.db.damaged "
                             "and a fresh one was started."_s);
        keep(bench.window.grab(), u"failed-"_s + shade);
        bench.list.selectJob({6});
        keep(bench.window.grab(), u"done-"_s + shade);
        bench.window.findChild<QAction *>(u"remove"_s)->trigger();
        keep(bench.window.findChild<QMessageBox *>()->grab(), u"remove-"_s + shade);
        bench.window.offerLinks({u"https://example.org/a.iso"_s, u"ftp://example.org/b"_s});
        auto *add = bench.window.findChild<ui::AddDownloadDialog *>();
        keep(add->grab(), u"add-"_s + shade);
        auto *tabs = add->findChild<QTabWidget *>(u"advancedTabs"_s);
        add->findChild<QToolButton *>(u"advanced"_s)->click();
        for (int tab = 0; tab < tabs->count(); ++tab) {
            tabs->setCurrentIndex(tab);
            keep(add->grab(), u"addadvanced%1-"_s.arg(tab) + shade);
        }
        add->findChild<QComboBox *>(u"fetch"_s)->setCurrentIndex(1);
        keep(add->grab(), u"addvideo-"_s + shade);
    }

    void drives_data() { window_data(); }
    void drives()
    {
        QFETCH(QPalette, palette);
        const QString shade = QString::fromLatin1(QTest::currentDataTag());
        QApplication::setPalette(palette);
        Bench bench;
        bench.drives.model->setDrives(tests::sampleDrives());
        bench.jobs.model->reset({tests::sampleFlash()}, 0);
        bench.list.selectJob({13});
        const auto *details = bench.window.findChild<ui::DetailsPane *>();
        QTRY_VERIFY(details->isVisible() && details->height() > 100);
        keep(bench.window.grab(), u"flashing-"_s + shade);
        bench.jobs.model->reset({}, 0);
        bench.window.findChild<QTabWidget *>(u"tabs"_s)->setCurrentIndex(1);
        auto *list = bench.window.findChild<QTreeView *>(u"driveList"_s);
        list->setCurrentIndex(list->model()->index(1, 0));
        keep(bench.window.grab(), u"drives-"_s + shade);
        QTemporaryFile image(QDir::tempPath() + u"/debian-XXXXXX.iso"_s);
        QVERIFY(image.open() && image.write("image") == 5 && image.flush());
        bench.window.offerFlash(image.fileName());
        auto *dialog = bench.window.findChild<ui::FlashDialog *>();
        keep(dialog->grab(), u"flash-"_s + shade);
        QAbstractItemModel *rows = dialog->findChild<QTreeView *>(u"drives"_s)->model();
        for (int row = 0; row < rows->rowCount(); ++row)
            rows->setData(rows->index(row, 0), Qt::Checked, Qt::CheckStateRole);
        dialog->findChild<QToolButton *>(u"advanced"_s)->click();
        const auto countProofs = [dialog] { // those that are shown and not squeezed
            const auto all = dialog->findChildren<QLineEdit *>(QRegularExpression(u"^proof "_s));
            return std::count_if(all.begin(), all.end(), [](const QLineEdit *proof) {
                return proof->isVisible() && proof->height() >= proof->minimumSizeHint().height();
            });
        };
        QTRY_COMPARE(countProofs(), 2);
        keep(dialog->grab(), u"flashticked-"_s + shade);
        dialog->close();
        const core::Drive stick = tests::sampleDrives().at(1).drive;
        bench.questions.listener(
            {{.job = {1},
              .owner = u"local"_s,
              .asker = u"backup script"_s,
              .image = u"/srv/images/kiosk.img.xz"_s,
              .erasures =
                  {{stick.identity(), core::driveWords(stick), core::erasedContents(stick), {}}},
              .expiresAt = core::Milliseconds(1'790'000'000'000)}});
        keep(bench.window.findChild<ui::QuestionDialog *>()->grab(), u"question-"_s + shade);
    }

    void workflows_data() { window_data(); }
    void workflows()
    {
        QFETCH(QPalette, palette);
        const QString shade = QString::fromLatin1(QTest::currentDataTag());
        QApplication::setPalette(palette);
        Bench bench;
        bench.drives.model->setDrives(tests::sampleDrives());
        auto *tabs = bench.window.findChild<QTabWidget *>(u"tabs"_s);
        tabs->setCurrentIndex(2);
        keep(bench.window.grab(), u"workflowsempty-"_s + shade);
        bench.workflows.model->reset(tests::sampleWorkflows());
        auto *list = bench.window.findChild<QTreeView *>(u"workflowList"_s);
        list->setCurrentIndex(list->model()->index(0, 0));
        keep(bench.window.grab(), u"workflowrunning-"_s + shade);
        list->setCurrentIndex(list->model()->index(1, 0));
        keep(bench.window.grab(), u"workflowfailed-"_s + shade);
        bench.window.findChild<QAction *>(u"workflowwrite"_s)->trigger();
        keep(bench.window.findChild<ui::FlashDialog *>()->grab(), u"workflowwrite-"_s + shade);
    }

    void agents_data() { window_data(); }
    void agents()
    {
        QFETCH(QPalette, palette);
        const QString shade = QString::fromLatin1(QTest::currentDataTag());
        QApplication::setPalette(palette);
        Bench bench;
        const core::Milliseconds now(1'790'000'012'345);
        bench.agents.history = {.now = now, .points = tests::sampleHistory(now)};
        bench.agents.model->setAgents(tests::sampleAgents());
        bench.agents.model->setCounts({.totalMessages = 20'013,
                                       .totalWorkflows = 12,
                                       .registeredAgents = 6,
                                       .healthyAgents = 4,
                                       .activeWorkflows = 2});
        bench.window.findChild<QTabWidget *>(u"tabs"_s)->setCurrentIndex(3);
        keep(bench.window.grab(), u"agents-"_s + shade);
        auto *list = bench.window.findChild<QTreeView *>(u"agentList"_s);
        list->setCurrentIndex(list->model()->index(5, 0));
        bench.window.findChild<QComboBox *>(u"period"_s)->setCurrentIndex(1);
        keep(bench.window.grab(), u"agentday-"_s + shade);
    }

    void programs_data() { window_data(); }
    void programs()
    {
        QFETCH(QPalette, palette);
        const QString shade = QString::fromLatin1(QTest::currentDataTag());
        QApplication::setPalette(palette);
        Bench bench;
        const QByteArray origin("chrome-extension://aapbdbdomjkkjkaonfhkkikfgjllcleb");
        bench.access.listener(
            {.asking = {{.id = u"1"_s,
                         .name = u"Clip to Dray"_s,
                         .kind = u"extension"_s,
                         .code = u"482913"_s,
                         .origin = origin,
                         .expiresAt = core::SystemClock().wallTime() + std::chrono::seconds(117)}},
             .letIn = tests::samplePrograms()});
        auto *dialog = bench.window.findChild<ui::PairingDialog *>();
        QTRY_VERIFY(dialog->findChild<QPushButton *>(u"letIn"_s)->isEnabled());
        keep(dialog->grab(), u"pairing-"_s + shade);
        dialog->reject();
        bench.window.findChild<QAction *>(u"settings"_s)->trigger();
        auto *settings = bench.window.findChild<ui::SettingsDialog *>();
        settings->findChild<QTabWidget *>(u"pages"_s)->setCurrentIndex(1);
        auto *list = settings->findChild<QTreeView *>(u"programList"_s);
        list->setCurrentIndex(list->model()->index(1, 0));
        keep(settings->grab(), u"programs-"_s + shade);
        settings->findChild<QPushButton *>(u"revoke"_s)->click();
        keep(settings->findChild<QMessageBox *>()->grab(), u"revoke-"_s + shade);
    }

    void extension_data() { window_data(); }
    void extension()
    {
        QFETCH(QPalette, palette);
        const QString shade = QString::fromLatin1(QTest::currentDataTag());
        QApplication::setPalette(palette);
        Bench bench;
        bench.window.findChild<QAction *>(u"extension"_s)->trigger();
        auto *dialog = bench.window.findChild<ui::ExtensionDialog *>();
        keep(dialog->grab(), u"extension-"_s + shade);
        dialog->findChild<QPushButton *>(u"writeExtension"_s)->click();
        keep(dialog->grab(), u"extensionwritten-"_s + shade);
        dialog->findChild<QTabWidget *>(u"steps"_s)->setCurrentIndex(1);
        bench.exportEnd = core::fail(core::ErrorCode::NoSpace, u"/home/ann: No space left"_s);
        dialog->findChild<QPushButton *>(u"writeExtension"_s)->click();
        keep(dialog->grab(), u"extensionfailed-"_s + shade);
    }

    void icon()
    {
        QPixmap sheet(420, 280);
        sheet.fill(Qt::white);
        QPainter painter(&sheet);
        painter.fillRect(0, 140, 420, 140, QColor(0x20, 0x20, 0x20));
        for (const int top : {4, 144}) {
            int left = 4;
            for (const int size : {128, 64, 48, 32, 24, 22, 16}) {
                painter.drawPixmap(left, top, ui::appIcon().pixmap(QSize(size, size), 1.0));
                left += size + 8;
            }
        }
        painter.end();
        keep(sheet, u"icon"_s);
    }
};

QTEST_MAIN(TestLooks)
#include "tst_looks.moc"
