#include "ui/dialogs/adddownloaddialog.h"
#include "ui/dialogs/addform.h"
#include "ui/links.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDateTimeEdit>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTemporaryFile>
#include <QTest>
#include <QToolButton>
#include <QUrl>

#include <unistd.h>

#include <algorithm>

using namespace Qt::StringLiterals;
using AddDownload = core::JobService::AddDownload;
using ui::AddForm;
using ui::AddProblem;

namespace {

const QString Link = u"https://example.org/a.iso"_s;
const QString Other = u"http://example.org:8080/b.iso"_s;

} // namespace

class TestAddDownloadDialog : public QObject
{
    Q_OBJECT
private slots:
    void wrongInput_data()
    {
        QTest::addColumn<QString>("links");
        QTest::addColumn<QString>("folder");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("checksum");
        QTest::addColumn<int>("problem");
        QTest::addColumn<QString>("value");
        const auto row = [](const char *title, const QStringList &form, AddProblem problem,
                            const QString &value = {}) {
            QTest::newRow(title) << form[0] << form[1] << form[2] << form[3] << int(problem)
                                 << value;
        };
        const QString tmp = QDir::tempPath();
        row("nothing typed", {u" \n "_s, tmp, {}, {}}, AddProblem::NoLink);
        row("a word", {u"hello"_s, tmp, {}, {}}, AddProblem::NotALink, u"hello"_s);
        row("no host", {u"https://"_s, tmp, {}, {}}, AddProblem::NotALink, u"https://"_s);
        row("bad port", {u"http://a:99999/"_s, tmp, {}, {}}, AddProblem::NotALink,
            u"http://a:99999/"_s);
        row("other scheme", {u"ftp://a/b"_s, tmp, {}, {}}, AddProblem::Scheme, u"ftp://a/b"_s);
        row("a local path", {u"C:\\x"_s, tmp, {}, {}}, AddProblem::NotALink, u"C:\\x"_s);
        row("second line wrong", {Link + u"\nftp://b/c"_s, tmp, {}, {}}, AddProblem::Scheme,
            u"ftp://b/c"_s);
        row("relative folder", {Link, u"down"_s, {}, {}}, AddProblem::FolderRelative, u"down"_s);
        row("missing folder", {Link, u"/no/such"_s, {}, {}}, AddProblem::FolderMissing,
            u"/no/such"_s);
        row("path as a name", {Link, tmp, u"../x"_s, {}}, AddProblem::Name, u"../x"_s);
        row("dots as a name", {Link, tmp, u".."_s, {}}, AddProblem::Name, u".."_s);
        row("name too long in bytes", {Link, tmp, QString(128, u'ä'), {}}, AddProblem::Name,
            QString(128, u'ä'));
        row("checksum too short", {Link, tmp, {}, u"abc"_s}, AddProblem::Checksum, u"abc"_s);
        row("pattern that counts down", {u"http://a/[9-1]"_s, tmp, {}, {}}, AddProblem::Pattern,
            u"http://a/[9-1]"_s);
        row("too many together", {u"http://a/[1-9000]\nhttp://b/[1-1001]"_s, tmp, {}, {}},
            AddProblem::Pattern, u"http://b/[1-1001]"_s);
        row("fine", {Link, tmp, u"x.iso"_s, QString(64, u'a')}, AddProblem::None);
        row("fine without a folder", {Link, {}, {}, {}}, AddProblem::None);
        row("name and checksum do not count for several",
            {Link + u'\n' + Other, tmp, u"a/b"_s, u"abc"_s}, AddProblem::None);
    }
    void wrongInput()
    {
        QFETCH(QString, links);
        QFETCH(QString, folder);
        QFETCH(QString, name);
        QFETCH(QString, checksum);
        const auto request =
            ui::checked({.links = links, .folder = folder, .name = name, .checksum = checksum});
        QTEST(int(request.problem), "problem");
        QTEST(request.value, "value");
        QCOMPARE(request.downloads.isEmpty(), request.problem != AddProblem::None);
        const QString said = ui::addProblemText(request.problem, request.value);
        const bool isQuiet =
            request.problem == AddProblem::None || request.problem == AddProblem::NoLink;
        QCOMPARE(said.isEmpty(), isQuiet);
    }

    void wrongRequest_data()
    {
        QTest::addColumn<QString>("links");
        QTest::addColumn<QStringList>("fields"); // cookies, user, password, proxy
        QTest::addColumn<int>("problem");
        QTest::addColumn<QString>("named");
        const auto row = [](const char *title, const QString &links, const QStringList &fields,
                            AddProblem problem, const QString &named) {
            QTest::newRow(title) << links << fields << int(problem) << named;
        };
        const QString both = Link + u'\n' + Other;
        row("no such cookie file", Link, {u"/no/such"_s, {}, {}, {}}, AddProblem::CookieFile,
            u"/no/such"_s);
        row("folder as cookie file", Link, {QDir::tempPath(), {}, {}, {}}, AddProblem::CookieFile,
            QDir::tempPath());
        row("relative cookie file", Link, {u"c.txt"_s, {}, {}, {}}, AddProblem::CookieFile,
            u"c.txt"_s);
        row("user with a colon", Link, {{}, u"a:b"_s, {}, {}}, AddProblem::UserName, u"a:b"_s);
        row("password alone", Link, {{}, {}, u"secret"_s, {}}, AddProblem::PasswordAlone,
            u"user name"_s);
        row("proxy", Link, {{}, {}, {}, u"ftp://u:secret@h"_s}, AddProblem::Proxy, u"proxy"_s);
        row("login for several sites", both, {{}, u"ann"_s, u"secret"_s, {}},
            AddProblem::LoginForSeveralSites, u"several"_s);
        row("login for one site", Link + u"\nhttps://example.org/b"_s,
            {{}, u"ann"_s, u"secret"_s, {}}, AddProblem::None, {});
        row("proxy for several sites", both, {{}, {}, {}, u"none"_s}, AddProblem::None, {});
    }
    void wrongRequest()
    {
        QFETCH(QString, links);
        QFETCH(QStringList, fields);
        QFETCH(QString, named);
        const auto request = ui::checked({.links = links,
                                          .request = {.cookies = fields[0],
                                                      .user = fields[1],
                                                      .password = fields[2],
                                                      .proxy = fields[3]}});
        QTEST(int(request.problem), "problem");
        const QString said = ui::addProblemText(request.problem, request.value);
        QVERIFY2(said.contains(named), qPrintable(said));
        QVERIFY(!said.contains(u"secret"_s));
    }

    void aPatternAsksForManyFiles()
    {
        const auto request = ui::checked({.links = u"http://h/f[09-11]\n"_s + Link});
        QStringList links;
        for (const AddDownload &download : request.downloads)
            links.append(download.spec.url.toString());
        QCOMPARE(links,
                 QStringList({u"http://h/f09"_s, u"http://h/f10"_s, u"http://h/f11"_s, Link}));
        ui::AddDownloadDialog dialog(QDir::tempPath());
        dialog.addLinks({u"http://h/f[1-9]"_s});
        const auto *download = dialog.findChild<QPushButton *>();
        QVERIFY2(download->text().contains(u'9'), qPrintable(download->text()));
        QVERIFY(!dialog.findChild<QLineEdit *>(u"name"_s)->isEnabled());
    }

    void folderWithoutPermission()
    {
        if (::geteuid() == 0)
            QSKIP("root may write everywhere");
        QTemporaryDir folder;
        QVERIFY(QFile::setPermissions(folder.path(), QFile::ReadOwner | QFile::ExeOwner));
        QCOMPARE(int(ui::checked({.links = Link, .folder = folder.path()}).problem),
                 int(AddProblem::FolderReadOnly));
    }

    void linksInText_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("links");
        QTest::newRow("none") << u"ftp://a/b and words"_s << QStringList();
        QTest::newRow("among words")
            << u"see https://a/b?x=1&y=2 now"_s << QStringList{u"https://a/b?x=1&y=2"_s};
        QTest::newRow("lines, each once")
            << u"https://a\nhttp://b\r\nhttps://a"_s << QStringList{u"https://a"_s, u"http://b"_s};
        QTest::newRow("in brackets")
            << u"<HTTPS://a/b> \"http://c\""_s << QStringList{u"HTTPS://a/b"_s, u"http://c"_s};
    }
    void linksInText()
    {
        QFETCH(QString, text);
        QTEST(ui::linksIn(text), "links");
    }

    void draggedUrlListWinsOverItsText()
    {
        QMimeData content;
        content.setUrls({QUrl(Link), QUrl(u"file:///etc/passwd"_s)});
        content.setText(u"http://title.example"_s);
        QCOMPARE(ui::linksIn(content), QStringList{Link});
    }

    void metalinkFileCountsAsALink()
    {
        const QTemporaryDir folder;
        QFile file(folder.filePath(u"set of files.meta4"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QMimeData content;
        content.setUrls({QUrl::fromLocalFile(file.fileName())});
        const QStringList links = ui::linksIn(content);
        QCOMPARE(links.size(), 1);
        const auto request = ui::checked({.links = links.constFirst()});
        QCOMPARE(request.problem, AddProblem::None);
        QCOMPARE(request.downloads.first().spec.url, QUrl::fromLocalFile(file.fileName()));
        QVERIFY(file.remove());
        QCOMPARE(ui::checked({.links = links.constFirst()}).problem, AddProblem::NotALink);
    }

    void errorIsSaidWhileItIsTyped()
    {
        ui::AddDownloadDialog dialog(QDir::tempPath());
        auto *links = dialog.findChild<QPlainTextEdit *>(u"links"_s);
        auto *message = dialog.findChild<QLabel *>(u"message"_s);
        auto *ok = dialog.findChild<QPushButton *>();
        QVERIFY(!ok->isEnabled());
        QVERIFY(message->text().isEmpty());
        links->setPlainText(u"ftp://a/b"_s);
        QVERIFY(message->text().contains(u"ftp://a/b"_s));
        QVERIFY(!ok->isEnabled());
        links->setPlainText(Link);
        QVERIFY(message->text().isEmpty());
        QVERIFY(ok->isEnabled());
        dialog.findChild<QLineEdit *>(u"folder"_s)->setText(u"/no/such"_s);
        QVERIFY(message->text().contains(u"/no/such"_s));
        QVERIFY(!ok->isEnabled());
    }

    void advancedFieldsAreFoldedAway()
    {
        ui::AddDownloadDialog dialog(QDir::tempPath());
        dialog.show();
        const auto *user = dialog.findChild<QLineEdit *>(u"user"_s);
        const int height = dialog.height();
        QVERIFY(!user->isVisible());
        auto *fold = dialog.findChild<QToolButton *>(u"advanced"_s);
        fold->click();
        QVERIFY(user->isVisible());
        QVERIFY(dialog.height() > height);
        QCOMPARE(dialog.findChild<QLineEdit *>(u"password"_s)->echoMode(), QLineEdit::Password);
        dialog.findChild<QLineEdit *>(u"proxy"_s)->setText(u"ftp://h"_s);
        dialog.addLinks({Link});
        QVERIFY(!dialog.findChild<QLabel *>(u"message"_s)->text().isEmpty());
        fold->click();
        QVERIFY(!user->isVisible());
        QCOMPARE(dialog.height(), height);
    }

    void everythingOpenFitsALowScreen()
    {
        ui::AddDownloadDialog dialog(QDir::tempPath());
        dialog.offerCategories({u"Images"_s});
        dialog.findChild<QComboBox *>(u"fetch"_s)->setCurrentIndex(1);
        dialog.show();
        dialog.findChild<QToolButton *>(u"advanced"_s)->click();
        const int most = 768 - 40 - 30; // a panel and the title
        QVERIFY2(dialog.minimumSizeHint().height() <= most,
                 qPrintable(QString::number(dialog.minimumSizeHint().height())));
        QVERIFY(dialog.minimumSizeHint().width() <= 620);
    }

    void noTwoVisibleFieldsHaveTheSameKey()
    {
        ui::AddDownloadDialog dialog(QDir::tempPath());
        dialog.offerCategories({u"Images"_s});
        dialog.findChild<QComboBox *>(u"fetch"_s)->setCurrentIndex(1);
        dialog.show();
        dialog.findChild<QToolButton *>(u"advanced"_s)->click();
        auto *tabs = dialog.findChild<QTabWidget *>(u"advancedTabs"_s);
        for (int tab = 0; tab < tabs->count(); ++tab) {
            tabs->setCurrentIndex(tab);
            QStringList texts;
            for (int i = 0; i < tabs->count(); ++i)
                texts.append(tabs->tabText(i));
            for (const auto *label : dialog.findChildren<QLabel *>())
                if (label->isVisible() && label->buddy())
                    texts.append(label->text());
            for (const auto *button : dialog.findChildren<QAbstractButton *>())
                if (button->isVisible())
                    texts.append(button->text());
            QSet<QKeySequence> keys;
            for (const QString &text : texts) {
                const QKeySequence key = QKeySequence::mnemonic(text);
                QVERIFY2(key.isEmpty() || !keys.contains(key), qPrintable(text));
                keys.insert(key);
            }
            QVERIFY(keys.size() > 12);
        }
    }

    void nothingIsLookedForBesideAGivenChecksum()
    {
        ui::AddDownloadDialog dialog(QDir::tempPath());
        dialog.addLinks({Link});
        auto *checksum = dialog.findChild<QLineEdit *>(u"checksum"_s);
        const auto *look = dialog.findChild<QCheckBox *>(u"lookForChecksum"_s);
        QVERIFY(look->isEnabled());
        checksum->setText(u"sha512:12"_s);
        QVERIFY(!look->isEnabled());
        QVERIFY(dialog.findChild<QLabel *>(u"message"_s)->text().contains(u"sha512:12"_s));
        dialog.addLinks({Other});
        QVERIFY(look->isEnabled()); // the checksum does not count for several
    }

    void timesCountWhileTheirBoxIsChecked()
    {
        ui::AddDownloadDialog dialog(QDir::tempPath());
        QSignalSpy chosen(&dialog, &ui::AddDownloadDialog::downloadsChosen);
        dialog.addLinks({Link, Other});
        auto *start = dialog.findChild<QDateTimeEdit *>(u"startAt"_s);
        auto *stop = dialog.findChild<QDateTimeEdit *>(u"stopAt"_s);
        QVERIFY(!start->isEnabled() && !stop->isEnabled());
        for (const QString &box : {u"startAtBox"_s, u"stopAtBox"_s})
            dialog.findChild<QCheckBox *>(box)->setChecked(true);
        QVERIFY(start->isEnabled() && stop->isEnabled());
        const auto *message = dialog.findChild<QLabel *>(u"message"_s);
        QVERIFY2(message->text().isEmpty(), qPrintable(message->text()));
        const QDateTime time(QDate(2099, 1, 31), QTime(23, 30));
        start->setDateTime(time);
        QVERIFY(message->text().contains(u"stop"_s));
        stop->setDateTime(time.addDays(1));
        QVERIFY(message->text().isEmpty());
        dialog.findChild<QPushButton *>()->click();
        const auto downloads = chosen.value(0).value(0).value<QList<AddDownload>>();
        QCOMPARE(downloads.size(), 2);
        for (const AddDownload &download : downloads) {
            QCOMPARE(download.startAt, time.toMSecsSinceEpoch());
            QCOMPARE(download.stopAt, time.addDays(1).toMSecsSinceEpoch());
            QVERIFY(!download.startPaused);
        }
    }

    void whatIsAddedPausedHasNoStart()
    {
        ui::AddDownloadDialog dialog(QDir::tempPath());
        QSignalSpy chosen(&dialog, &ui::AddDownloadDialog::downloadsChosen);
        dialog.addLinks({Link});
        auto *startBox = dialog.findChild<QCheckBox *>(u"startAtBox"_s);
        startBox->setChecked(true);
        dialog.findChild<QCheckBox *>(u"paused"_s)->setChecked(true);
        QVERIFY(!startBox->isEnabled());
        QVERIFY(!dialog.findChild<QDateTimeEdit *>(u"startAt"_s)->isEnabled());
        dialog.findChild<QPushButton *>()->click();
        const auto downloads = chosen.value(0).value(0).value<QList<AddDownload>>();
        QCOMPARE(downloads.size(), 1);
        QVERIFY(downloads.first().startPaused);
        QCOMPARE(downloads.first().startAt, 0);
    }

    void nameChecksumAndMirrorsAreForOneLink()
    {
        ui::AddDownloadDialog dialog(QDir::tempPath());
        dialog.addLinks({Link});
        const QList<QWidget *> single{dialog.findChild<QWidget *>(u"name"_s),
                                      dialog.findChild<QWidget *>(u"checksum"_s),
                                      dialog.findChild<QWidget *>(u"mirrors"_s)};
        QVERIFY(std::ranges::all_of(single, &QWidget::isEnabled));
        dialog.addLinks({Link, Other});
        QVERIFY(std::ranges::none_of(single, &QWidget::isEnabled));
        QVERIFY(dialog.findChild<QWidget *>(u"lookForChecksum"_s)->isEnabled());
        QCOMPARE(dialog.findChild<QPlainTextEdit *>(u"links"_s)->toPlainText(),
                 Link + u'\n' + Other);
    }

    void pagesAreFetchedWithWhatWasChosen_data()
    {
        QTest::addColumn<int>("fetch");
        QTest::addColumn<int>("quality");
        QTest::addColumn<QString>("subtitles");
        QTest::addColumn<core::MediaChoice>("media");
        const QString most720 = u"bv*[height<=720]+ba/b[height<=720]"_s;
        using core::MediaChoice;
        QTest::newRow("best video") << 1 << 0 << QString() << MediaChoice();
        QTest::newRow("small video with subtitles")
            << 1 << 2 << u" en, de.* ,"_s
            << MediaChoice{.format = most720, .subtitles = {u"en"_s, u"de.*"_s}};
        QTest::newRow("sound has neither quality nor subtitles")
            << 2 << 2 << u"--exec"_s << MediaChoice{.isAudioOnly = true};
    }
    void pagesAreFetchedWithWhatWasChosen()
    {
        QFETCH(int, fetch);
        QFETCH(int, quality);
        QFETCH(QString, subtitles);
        ui::AddDownloadDialog dialog(QDir::tempPath());
        QSignalSpy chosen(&dialog, &ui::AddDownloadDialog::downloadsChosen);
        dialog.addLinks({Link});
        dialog.findChild<QLineEdit *>(u"name"_s)->setText(u"talk"_s);
        dialog.findChild<QLineEdit *>(u"checksum"_s)->setText(u"not one"_s);
        dialog.findChild<QPlainTextEdit *>(u"mirrors"_s)->setPlainText(u"not one"_s);
        for (const QString &box : {u"unpack"_s, u"lookForChecksum"_s})
            dialog.findChild<QCheckBox *>(box)->setChecked(true);
        dialog.findChild<QComboBox *>(u"fetch"_s)->setCurrentIndex(fetch);
        dialog.findChild<QComboBox *>(u"quality"_s)->setCurrentIndex(quality);
        dialog.findChild<QLineEdit *>(u"subtitles"_s)->setText(subtitles);
        dialog.findChild<QPushButton *>()->click();
        QCOMPARE(chosen.size(), 1);
        const auto downloads = chosen.first().at(0).value<QList<AddDownload>>();
        QCOMPARE(downloads.size(), 1);
        QCOMPARE(downloads.first().spec,
                 (core::DownloadSpec{.url = QUrl(Link),
                                     .to = QDir::tempPath(),
                                     .name = u"talk"_s,
                                     .ifExists = core::IfExists::Ask}));
        QVERIFY(downloads.first().media.has_value());
        QTEST(*downloads.first().media, "media");
    }

    void fieldsThatDoNotApplyToPagesAreOff()
    {
        ui::AddDownloadDialog dialog(QDir::tempPath());
        dialog.show();
        dialog.addLinks({Link});
        auto *fetch = dialog.findChild<QComboBox *>(u"fetch"_s);
        const QList<QWidget *> ofFiles{dialog.findChild<QWidget *>(u"checksum"_s),
                                       dialog.findChild<QWidget *>(u"unpack"_s),
                                       dialog.findChild<QWidget *>(u"mirrors"_s),
                                       dialog.findChild<QWidget *>(u"lookForChecksum"_s)};
        auto *subtitles = dialog.findChild<QLineEdit *>(u"subtitles"_s);
        QVERIFY(std::ranges::all_of(ofFiles, &QWidget::isEnabled) && !subtitles->isVisible());
        fetch->setCurrentIndex(1);
        QVERIFY(std::ranges::none_of(ofFiles, &QWidget::isEnabled) && subtitles->isVisible());
        subtitles->setText(u"en,--exec"_s);
        QVERIFY(dialog.findChild<QLabel *>(u"message"_s)->text().contains(u"--exec"_s));
        QVERIFY(!dialog.findChild<QPushButton *>()->isEnabled());
        fetch->setCurrentIndex(2);
        QVERIFY(!subtitles->isVisible());
        QVERIFY(dialog.findChild<QPushButton *>()->isEnabled());
    }

    void theFolderToMoveToIsLookedAt()
    {
        ui::AddDownloadDialog dialog(QDir::tempPath());
        dialog.addLinks({Link});
        dialog.findChild<QLineEdit *>(u"moveTo"_s)->setText(u"no/such"_s);
        QVERIFY(dialog.findChild<QLabel *>(u"message"_s)->text().contains(u"no/such"_s));
        QVERIFY(!dialog.findChild<QPushButton *>()->isEnabled());
        dialog.findChild<QLineEdit *>(u"moveTo"_s)->setText(u"~"_s);
        QVERIFY(dialog.findChild<QPushButton *>()->isEnabled());
    }

    void chosenDownloadsCarryEveryField()
    {
        ui::AddDownloadDialog dialog(QDir::tempPath());
        QList<AddDownload> chosen;
        connect(&dialog, &ui::AddDownloadDialog::downloadsChosen, this,
                [&](const auto &downloads) { chosen = downloads; });
        dialog.show();
        dialog.addLinks({Link});
        dialog.findChild<QLineEdit *>(u"name"_s)->setText(u"x.iso"_s);
        dialog.findChild<QLineEdit *>(u"checksum"_s)->setText(QString(64, u'B'));
        dialog.findChild<QSpinBox *>(u"connections"_s)->setValue(4);
        QTemporaryFile cookies;
        QVERIFY(cookies.open());
        for (const QString &field : {u"user"_s, u"password"_s, u"userAgent"_s, u"referer"_s})
            dialog.findChild<QLineEdit *>(field)->setText(field);
        dialog.findChild<QLineEdit *>(u"proxy"_s)->setText(u" none "_s);
        dialog.findChild<QLineEdit *>(u"cookies"_s)->setText(cookies.fileName());
        dialog.findChild<QLineEdit *>(u"moveTo"_s)->setText(u" /tmp "_s);
        dialog.findChild<QLineEdit *>(u"command"_s)->setText(u"scan {path}"_s);
        dialog.findChild<QLineEdit *>(u"speedLimit"_s)->setText(u" 500k "_s);
        dialog.findChild<QPlainTextEdit *>(u"mirrors"_s)->setPlainText(Other + u"\n\n"_s);
        dialog.findChild<QPlainTextEdit *>(u"headers"_s)->setPlainText(u" X-Key :  a: b"_s);
        for (const QString &box : {u"unpack"_s, u"reveal"_s, u"open"_s})
            dialog.findChild<QCheckBox *>(box)->setChecked(true);
        using Kind = core::AfterAction::Kind;
        QTest::keyClick(dialog.findChild<QLineEdit *>(u"name"_s), Qt::Key_Return);
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen.first().spec,
                 (core::DownloadSpec{.url = QUrl(Link),
                                     .to = QDir::tempPath(),
                                     .name = u"x.iso"_s,
                                     .sha256 = QString(64, u'b'),
                                     .connections = 4,
                                     .bytesPerSecond = 512000,
                                     .headers = {{u"X-Key"_s, u"a: b"_s}},
                                     .mirrors = {QUrl(Other)},
                                     .request = {.userAgent = u"userAgent"_s,
                                                 .referer = u"referer"_s,
                                                 .cookies = cookies.fileName(),
                                                 .user = u"user"_s,
                                                 .password = u"password"_s,
                                                 .proxy = u"none"_s},
                                     .ifExists = core::IfExists::Ask,
                                     .after = {{},
                                               {.kind = Kind::Move, .folder = u"/tmp"_s},
                                               {Kind::Run, u"scan {path}"_s, {}},
                                               {.kind = Kind::Reveal},
                                               {.kind = Kind::Open}}}));
        QVERIFY(!chosen.first().startPaused && !chosen.first().media);
        QCOMPARE(chosen.first().startAt, 0);
        QCOMPARE(chosen.first().stopAt, 0);
        QVERIFY(!dialog.isVisible());
    }
};

QTEST_MAIN(TestAddDownloadDialog)
#include "tst_adddownloaddialog.moc"
