#include "core/download/localtarget.h"
#include "core/download/mediacommand.h"
#include "core/download/mediaerror.h"
#include "core/download/mediapagejson.h"
#include "core/download/mediaprogress.h"
#include "core/download/mediaspecjson.h"
#include "core/download/mediaworker.h"
#include "core/download/moverecord.h"
#include "tests/core/download/faults.h"
#include "tests/support/nginxserver.h"

#include <QDir>
#include <QJsonDocument>
#include <QTest>

#include <thread>

using namespace core;
using namespace tests;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 ThrottledBytesPerSecond = 64 << 10;

bool runsWell(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.start(program, arguments);
    return process.waitForFinished(60'000) && process.exitCode() == 0;
}

/// A video of six seconds as one file, as HLS and as DASH, made by ffmpeg.
class Films
{
public:
    [[nodiscard]] bool make() const
    {
        const QStringList picture{u"-f"_s, u"lavfi"_s, u"-i"_s,
                                  u"testsrc=size=320x180:rate=25:duration=6"_s};
        const QStringList sound{u"-f"_s, u"lavfi"_s, u"-i"_s, u"sine=duration=6"_s};
        const QStringList codecs{u"-c:v"_s, u"libx264"_s, u"-preset"_s,       u"ultrafast"_s,
                                 u"-c:a"_s, u"aac"_s,     path(u"clip.mp4"_s)};
        const QStringList copy{u"-i"_s, path(u"clip.mp4"_s), u"-c"_s, u"copy"_s};
        return ffmpeg(picture + sound + codecs)
            && ffmpeg(
                   copy
                   + QStringList{u"-f"_s, u"hls"_s, u"-hls_time"_s, u"1"_s, path(u"film.m3u8"_s)})
            && ffmpeg(copy + QStringList{u"-f"_s, u"dash"_s, path(u"film.mpd"_s)});
    }
    void serve(NginxServer &server) const
    {
        for (const QString &name : QDir(m_folder.path()).entryList(QDir::Files)) {
            QFile file(path(name));
            QVERIFY(file.open(QIODevice::ReadOnly));
            server.addFile(name, file.readAll());
        }
    }

private:
    [[nodiscard]] QString path(const QString &name) const { return m_folder.filePath(name); }
    [[nodiscard]] static bool ffmpeg(const QStringList &arguments)
    {
        return runsWell(u"ffmpeg"_s, QStringList{u"-loglevel"_s, u"error"_s} + arguments);
    }
    QTemporaryDir m_folder;
};

/// A folder and a media job in it; every run() is the job's next run.
struct MediaBench {
    QTemporaryDir folder;
    MediaSpec spec;
    ProgressCell cell;
    JobDetails details;
    QList<MediaItem> items;
    QString privateFolder;

    explicit MediaBench(const QUrl &url) { spec.page.url = url; }

    Result<Outcome> run(const std::function<bool()> &isDue = [] { return false; })
    {
        MediaWorker worker(spec, place());
        std::stop_source stop;
        std::atomic<bool> isEnded{false};
        Result<Outcome> result = Outcome::Stopped;
        std::thread thread([&] {
            result = worker.run(stop.get_token(), cell);
            isEnded = true;
        });
        const bool isInTime = QTest::qWaitFor([&] { return isEnded || isDue(); }, 120'000);
        stop.request_stop();
        thread.join();
        if (auto found = cell.takeDetails())
            details = *found;
        if (result == Result<Outcome>(Outcome::Completed))
            worker.conclude();
        return isInTime ? result : fail(ErrorCode::Timeout, u"neither ended nor due"_s);
    }
    void discard() { MediaWorker(spec, place()).discard(); }
    [[nodiscard]] QStringList files() const
    {
        return QDir(folder.path())
            .entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    }
    [[nodiscard]] QString path(const QString &name) const { return folder.filePath(name); }

private:
    MediaPlace place()
    {
        const auto add = [this](const QList<MediaItem> &found, const std::stop_token &) {
            items = found;
            return Result<int>(int(found.size()));
        };
        return {folder.path(), u"1-1"_s, add, privateFolder};
    }
};

/// What a run writes down before `path` gets its name.
QByteArray recordOf(const QString &path)
{
    return "media.mp4\n" + stampText(stampOf(path).value()).toUtf8() + '\n' + path.toUtf8();
}

/// Whether every frame can be decoded and none is missing.
bool playsWhole(const QString &path)
{
    QProcess probe;
    probe.start(u"ffprobe"_s,
                {u"-v"_s, u"error"_s, u"-count_frames"_s, u"-select_streams"_s, u"v:0"_s,
                 u"-show_entries"_s, u"stream=nb_read_frames"_s, u"-of"_s, u"csv=p=0"_s, path});
    return probe.waitForFinished(60'000) && probe.readAllStandardOutput().trimmed() == "150"
        && probe.readAllStandardError().isEmpty();
}

} // namespace
Q_DECLARE_METATYPE(core::MediaLine)

class TestMedia : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { QVERIFY2(m_films.make(), "ffmpeg made no films"); }

    void specsAreReadAndWritten_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("complaint"); // empty: good
        const auto row = [](const char *json, const QString &complaint) {
            QTest::newRow(json) << QByteArray(json).replace('\'', '"') << complaint;
        };
        row("{'url':'http://h/page'}", {});
        row("{'url':'http://h/page','format':'bv*[height<=720]+ba/b','subtitles':'en,de.*'}", {});
        row("{'url':'http://h/page','audioOnly':true,'bytesPerSecond':5,'name':'talk'}", {});
        row("{'url':'http://h/page','format':'--exec=id'}", u"format: \"--exec=id\""_s);
        row("{'url':'http://h/page','format':'b\\nb'}", u"format"_s);
        row("{'url':'http://h/page','format':7}", u"format"_s);
        row("{'url':'http://h/page','subtitles':'en,--exec'}", u"subtitles: \"--exec\""_s);
        row("{'url':'http://h/page','audioOnly':'yes'}", u"audioOnly: \"yes\""_s);
        row("{'url':'http://h/page','sha256':'00'}", u"sha256"_s);
        row("{'url':'file:///etc/passwd'}", u"file"_s);
    }
    void specsAreReadAndWritten()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, complaint);
        const auto spec = mediaSpecFromJson(QJsonDocument::fromJson(json).object());
        QCOMPARE(spec.has_value(), complaint.isEmpty());
        if (spec)
            QCOMPARE(mediaSpecFromJson(toJson(*spec)), spec);
        else
            QVERIFY2(spec.error().context.contains(complaint), qPrintable(spec.error().context));
    }

    void linesAreRead_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<MediaLine>("expected");
        const auto row = [](const char *line, const MediaLine &expected) {
            QTest::newRow(line) << QByteArray(line).replace('\'', '"') << expected;
        };
        row("dray-progress {'filename':'a','downloaded_bytes':5,'total_bytes':9}",
            MediaFetched{u"a"_s, 5, 9});
        row("dray-progress {'filename':'a','downloaded_bytes':5,'total_bytes_estimate':9.7}",
            MediaFetched{u"a"_s, 5, 9});
        row("dray-progress {'filename':'a','downloaded_bytes':null,'total_bytes':null}",
            MediaFetched{u"a"_s, 0, -1});
        row("dray-progress {'filename':'a','status':'finished','total_bytes':9}",
            MediaFetched{u"a"_s, 9, 9, true});
        row("dray-progress {'downloaded_bytes':5}", MediaOther{});
        row("dray-progress {\"filename\":", MediaOther{});
        row("dray-processing {'status':'started','postprocessor':'Merger'}",
            MediaProcessing{u"Merger"_s});
        row("dray-processing {'status':'finished','postprocessor':'Merger'}", MediaOther{});
        row("dray-made '/tmp/a b.mp4'", MediaMade{u"/tmp/a b.mp4"_s});
        row("[download] Destination: dray-made", MediaOther{});
        row("", MediaOther{});
    }
    void linesAreRead()
    {
        QFETCH(QByteArray, line);
        QFETCH(MediaLine, expected);
        QCOMPARE(mediaLineFromJson(line), expected);
    }

    void severalFilesAreOneProgress()
    {
        MediaProgress sum({100, 50});
        QCOMPARE(sum.total(), 150);
        sum.onFetched({u"video"_s, 30, -1});
        QCOMPARE(sum.total(), -1);
        sum.onFetched({u"video"_s, 60, 110});
        QCOMPARE(sum.total(), 160);
        sum.onFetched({u"video"_s, 110, 110, true});
        sum.onFetched({u"sound"_s, 20, 50});
        QCOMPARE(sum.done(), 130);
        QCOMPARE(sum.total(), 160);
        sum.onFetched({u"subtitles"_s, 7, 5}); // an estimate that was too low
        QCOMPARE(sum.total(), 167);
        QCOMPARE(MediaProgress({-1}).total(), -1);
    }

    void complaintsBecomeErrors_data()
    {
        QTest::addColumn<QByteArray>("output");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("context");
        const auto row = [](const char *output, ErrorCode code, const char *context) {
            QTest::newRow(output) << QByteArray(output) << code << QString::fromLatin1(context);
        };
        row("WARNING: slow\nERROR: [x] HTTP Error 404: Not Found; please report this issue on y",
            ErrorCode::NotFound, "yt-dlp: [x] HTTP Error 404: Not Found");
        row("ERROR: Unable to download: <urlopen error [Errno 111] Connection refused>\nbye\n",
            ErrorCode::ConnectionRefused,
            "yt-dlp: Unable to download: <urlopen error [Errno 111] Connection refused>");
        row("ERROR: one\nERROR: Unsupported URL: http://h", ErrorCode::Unsupported,
            "yt-dlp: Unsupported URL: http://h");
        row("Traceback\nKeyError: 'x'", ErrorCode::Network, "yt-dlp: KeyError: 'x'");
        row("", ErrorCode::Network, "yt-dlp ended without saying why");
    }
    void complaintsBecomeErrors()
    {
        QFETCH(QByteArray, output);
        QFETCH(ErrorCode, code);
        const Error error = mediaError(output);
        QCOMPARE(errorCodeName(error.code), errorCodeName(code));
        QTEST(error.context, "context");
    }

    void headersThatSayWhoAsksAreRefused()
    {
        const QJsonObject page{{u"url"_s, u"http://h/page"_s}};
        const auto with = [&page](const QString &name) {
            QJsonObject object = page;
            object.insert(u"headers"_s, QJsonObject{{name, u"v"_s}});
            return mediaSpecFromJson(object);
        };
        QVERIFY(with(u"Accept-Language"_s));
        QVERIFY(with(u"Cookie"_s)); // goes in a file, to its host only
        QVERIFY(!with(u"Authorization"_s));
        QVERIFY(!with(u"X-Api-Key"_s));
    }

    void secretsAreNoArguments()
    {
        MediaSpec spec;
        spec.page.url = QUrl(u"https://me:urlsecret@h/page"_s);
        spec.page.headers = {{u"Authorization"_s, u"it's headersecret"_s}};
        spec.page.request.password = u"passwordsecret"_s;
        spec.page.request.proxy = u"socks5://p:s@h"_s;
        const MediaStaging staging{u"/s"_s, {}};
        const QStringList all = mediaResolveArguments(spec) + mediaFetchArguments(spec, staging);
        QVERIFY2(!all.join(u' ').contains(u"secret"_s), qPrintable(all.join(u' ')));
        QCOMPARE(mediaConfiguration(spec, staging),
                 "--add-headers 'Authorization:it'\\''s headersecret'\n"
                 "--password 'passwordsecret'\n"
                 "--proxy 'socks5://p:s@h:1080'\n"
                 "'https://me:urlsecret@h/page'\n");
    }

    void aCookieHeaderIsNoHeaderOfYtDlp()
    {
        MediaSpec spec;
        spec.page.url = QUrl(u"https://h/page"_s);
        spec.page.headers = {{u"cookie"_s, u"sid=headersecret"_s}};
        QCOMPARE(mediaConfiguration(spec, {u"/s"_s, u"/private/cookies.txt"_s}),
                 "--cookies '/private/cookies.txt'\n'https://h/page'\n");
    }

    void cookiesAreInAPrivateFileWhileItRuns_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("stopped in between") << u"film.m3u8"_s;
        QTest::newRow("to its end") << u"clip.mp4"_s;
    }
    void cookiesAreInAPrivateFileWhileItRuns()
    {
        QFETCH(QString, name);
        NginxServer server(ThrottledBytesPerSecond);
        m_films.serve(server);
        const QTemporaryDir program;
        MediaBench bench(server.url(name));
        bench.privateFolder = program.path();
        bench.spec.page.headers = {{u"Cookie"_s, u"sid=secret"_s}};
        const QString file = program.filePath(u"media-1-1/cookies.txt"_s);
        bool isSeen = false;
        const auto result = bench.run([&] {
            isSeen |= QFileInfo(file).permissions().testFlags(QFile::ReadOwner | QFile::WriteOwner);
            return isSeen && name == u"film.m3u8" && bench.cell.read().done > 0;
        });
        QVERIFY2(result, describe(result));
        QVERIFY(isSeen);
        QVERIFY(QDir(program.path()).isEmpty());
    }

    void cookiesOfAKilledRunGoWithTheJob()
    {
        const QTemporaryDir program;
        MediaBench bench(QUrl(u"http://127.0.0.1:1/"_s));
        bench.privateFolder = program.path();
        QVERIFY(QDir(program.path()).mkpath(u"media-1-1"_s));
        QFile left(program.filePath(u"media-1-1/cookies.txt"_s));
        QVERIFY(left.open(QIODevice::WriteOnly));
        bench.discard();
        QVERIFY(QDir(program.path()).isEmpty());
    }

    void filmsArriveWhole_data()
    {
        QTest::addColumn<QString>("page");
        QTest::addColumn<QString>("file");
        QTest::newRow("progressive") << u"clip.mp4"_s << u"clip.mp4"_s;
        QTest::newRow("HLS") << u"film.m3u8"_s << u"film.mp4"_s;
        QTest::newRow("DASH: picture and sound apart") << u"film.mpd"_s << u"film.mp4"_s;
        QTest::newRow("a page that shows it") << u"page.html"_s << u"Lecture one (1).mp4"_s;
    }
    void filmsArriveWhole()
    {
        QFETCH(QString, page);
        QFETCH(QString, file);
        NginxServer server;
        m_films.serve(server);
        server.addFile(u"page.html"_s,
                       "<html><head><title>Lecture one</title></head>"
                       "<body><video src=\"clip.mp4\"></video></body></html>");
        MediaBench bench(server.url(page));
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QCOMPARE(bench.files(), QStringList{file});
        QVERIFY(playsWhole(bench.path(file)));
        QCOMPARE(bench.details.target, bench.path(file));
        QCOMPARE(bench.details.sha256.size(), 64);
        QVERIFY(bench.cell.read().done > 0);
        QCOMPARE(bench.cell.read().done, bench.cell.read().total);
    }

    void takenNamesStayAndSoundComesAlone()
    {
        NginxServer server;
        m_films.serve(server);
        MediaBench bench(server.url(u"clip.mp4"_s));
        bench.spec.choice.isAudioOnly = true;
        bench.spec.page.name = u"talk"_s;
        QFile own(bench.path(u"talk.m4a"_s));
        QVERIFY(own.open(QIODevice::WriteOnly) && own.write("mine") == 4);
        own.close();
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QCOMPARE(bench.files(), (QStringList{u"talk (1).m4a"_s, u"talk.m4a"_s}));
        QCOMPARE(QFileInfo(own).size(), 4);
        QProcess probe;
        probe.start(u"ffprobe"_s,
                    {u"-v"_s, u"error"_s, u"-show_entries"_s, u"stream=codec_type"_s, u"-of"_s,
                     u"csv=p=0"_s, bench.path(u"talk (1).m4a"_s)});
        QVERIFY(probe.waitForFinished());
        QCOMPARE(probe.readAllStandardOutput().trimmed(), QByteArray("audio"));
    }

    void pagesLeadNowhereTheyMustNot_data()
    {
        QTest::addColumn<QString>("to");
        QTest::addColumn<QString>("from");
        QTest::addColumn<bool>("may");
        const QString web = u"https://site.test/watch"_s;
        const QString here = u"http://127.0.0.1:8080/watch"_s;
        QTest::newRow("web to web") << u"https://cdn.test/v"_s << web << true;
        QTest::newRow("web to here") << u"http://127.0.0.1:631/"_s << web << false;
        QTest::newRow("web to a name of here") << u"http://localhost:631/"_s << web << false;
        QTest::newRow("here to here") << u"http://127.0.0.1:8081/v"_s << here << true;
        QTest::newRow("here to us") << u"http://localhost:8765/v"_s << here << false;
        QTest::newRow("a file to here") << u"http://[::1]:80/v"_s << u"file:///a.meta4"_s << true;
        QTest::newRow("a file to us") << u"http://[::1]:8765/"_s << u"file:///a.meta4"_s << false;
    }
    void pagesLeadNowhereTheyMustNot()
    {
        QFETCH(QString, to);
        QFETCH(QString, from);
        QTEST(mayLeadTo(QUrl(to), QUrl(from), {8765}), "may");
    }

    void allAddressesOfAPageAreKnown()
    {
        QByteArray text(
            "{'title':'t','url':'http://a/1','formats':[{'url':'http://a/2'}],"
            "'requested_formats':[{'manifest_url':'http://a/3','fragments':"
            "[{'url':'http://a/4'}]}],'requested_subtitles':{'en':{'url':'http://a/5'}}}");
        const auto page = mediaPageFromJson(text.replace('\'', '"'));
        QVERIFY(page);
        QStringList paths;
        for (const QUrl &url : page->addresses)
            paths.append(url.path());
        paths.sort();
        QCOMPARE(paths, (QStringList{u"/1"_s, u"/2"_s, u"/3"_s, u"/4"_s, u"/5"_s}));
    }

    void stoppedFilmGoesOn()
    {
        NginxServer server(ThrottledBytesPerSecond);
        m_films.serve(server);
        MediaBench bench(server.url(u"clip.mp4"_s));
        const auto stopped = bench.run([&] { return bench.cell.read().done > 60'000; });
        QCOMPARE(stopped, Result<Outcome>(Outcome::Stopped));
        QCOMPARE(bench.files(), QStringList{u".media-1-1"_s});
        const auto before = server.accesses().size();
        const auto resumed = bench.run();
        QVERIFY2(resumed == Outcome::Completed, describe(resumed));
        QVERIFY(playsWhole(bench.path(u"clip.mp4"_s)));
        const auto isRest = [](const NginxServer::Access &access) {
            return access.status == 206 && access.range != "bytes=0-";
        };
        QTRY_VERIFY2(std::ranges::any_of(server.accesses().sliced(before), isRest),
                     "what was here was fetched again");
    }

    /// The film got its name, the run was killed, and somebody put another file there.
    void aStrangersFileOfThatNameIsNotTaken()
    {
        NginxServer server;
        m_films.serve(server);
        MediaBench bench(server.url(u"clip.mp4"_s));
        const QString film = bench.path(u"clip.mp4"_s);
        QVERIFY(QDir().mkpath(bench.path(u".media-1-1"_s)));
        const auto put = [](const QString &path, const QByteArray &bytes) {
            QFile file(path);
            return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
        };
        QVERIFY(put(film, "film"));
        QVERIFY(put(bench.path(u".media-1-1/made"_s), recordOf(film)));
        QVERIFY(put(film, "holidays"));
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QCOMPARE(bench.details.target, bench.path(u"clip (1).mp4"_s));
        QCOMPARE(readAll(film), "holidays");
    }

    /// What a kill right after the rename leaves: the film under its name, the rest where it was made.
    void aKillAfterTheRenameLosesNothing()
    {
        NginxServer server;
        MediaBench bench(server.url(u"clip.mp4"_s));
        const QString staging = bench.path(u".media-1-1"_s);
        QVERIFY(QDir().mkpath(staging));
        const QString film = bench.path(u"Film (1).mp4"_s);
        const auto put = [](const QString &path, const QByteArray &bytes) {
            QFile file(path);
            return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
        };
        QVERIFY(put(film, "film"));
        QVERIFY(put(staging + u"/media.en.vtt"_s, "words"));
        QVERIFY(put(staging + u"/made"_s, recordOf(film)));
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QCOMPARE(bench.files(), (QStringList{u"Film (1).en.vtt"_s, u"Film (1).mp4"_s}));
        QCOMPARE(bench.details.target, film);
        QVERIFY(server.accesses().isEmpty());
    }

    /// The record alone proves nothing: the name may have been another's all along.
    void aKillBeforeTheRenameGoesOn()
    {
        NginxServer server;
        m_films.serve(server);
        MediaBench bench(server.url(u"clip.mp4"_s));
        QFile other(bench.path(u"clip.mp4"_s));
        QVERIFY(other.open(QIODevice::WriteOnly) && other.write("mine") == 4);
        other.close();
        QVERIFY(QDir().mkpath(bench.path(u".media-1-1"_s)));
        QVERIFY(QFile::copy(other.fileName(), bench.path(u".media-1-1/media.mp4"_s)));
        QFile made(bench.path(u".media-1-1/made"_s));
        QVERIFY(made.open(QIODevice::WriteOnly));
        made.write("media.mp4\n" + other.fileName().toUtf8());
        made.close();
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QCOMPARE(bench.details.target, bench.path(u"clip (1).mp4"_s));
        QCOMPARE(QFileInfo(other).size(), 4);
    }

    void canceledFilmLeavesNothing()
    {
        NginxServer server(ThrottledBytesPerSecond);
        m_films.serve(server);
        MediaBench bench(server.url(u"film.m3u8"_s));
        QCOMPARE(bench.run([&] { return bench.cell.read().done > 0; }),
                 Result<Outcome>(Outcome::Stopped));
        bench.discard();
        QCOMPARE(bench.files(), QStringList());
    }

    void aMissingFragmentIsNoFilm()
    {
        NginxServer server;
        m_films.serve(server);
        server.addFile(u"broken.m3u8"_s,
                       "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nfilm0.ts\n#EXTINF:2,\n"
                       "gone.ts\n#EXT-X-ENDLIST\n");
        MediaBench bench(server.url(u"broken.m3u8"_s));
        const auto result = bench.run();
        QVERIFY(!result);
        QCOMPARE(errorCodeName(result.error().code), errorCodeName(ErrorCode::NotFound));
        QCOMPARE(bench.files(), QStringList{u".media-1-1"_s});
    }

    void aListBecomesItems()
    {
        NginxServer server;
        const QUrl clip = server.url(u"clip.mp4"_s);
        const QUrl gone = server.url(u"gone.mp4"_s);
        const auto item = [](const QUrl &url) {
            return "<item><title>t</title><link>" + url.toEncoded() + "</link></item>";
        };
        server.addFile(u"course.rss"_s,
                       "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Course</title>"
                           + item(clip) + item(gone) + "</channel></rss>");
        MediaBench bench(server.url(u"course.rss"_s));
        bench.spec.choice.format = u"b"_s;
        bench.spec.page.name = u"one"_s;
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QCOMPARE(bench.items.size(), 2);
        QCOMPARE(bench.items[0].spec.page.url, clip);
        QCOMPARE(bench.items[1].spec.page.url, gone);
        QCOMPARE(bench.items[1].spec.choice, bench.spec.choice);
        QCOMPARE(bench.items[0].title, u"t"_s);
        QCOMPARE(bench.items[0].spec.page.name, QString());
        QCOMPARE(bench.details.message, u"2 items, each a job of its own"_s);
        QCOMPARE(bench.files(), QStringList());
        bench.spec = bench.items[0].spec;
        bench.spec.page.url = server.url(u"course.rss"_s);
        const auto inner = bench.run();
        QVERIFY2(!inner, "a list inside a list would have no end");
        QCOMPARE(errorCodeName(inner.error().code), errorCodeName(ErrorCode::Unsupported));
    }

    void whatIsMissingIsNamed()
    {
        NginxServer server;
        MediaBench bench(server.url(u"nothing.html"_s));
        const auto gone = bench.run();
        QVERIFY(!gone);
        QCOMPARE(bench.files(), QStringList());
        QCOMPARE(errorCodeName(gone.error().code), errorCodeName(ErrorCode::NotFound));

        const QByteArray path = qgetenv("PATH");
        qputenv("PATH", "/nowhere");
        const auto missing = bench.run();
        qputenv("PATH", path);
        QVERIFY(!missing);
        QCOMPARE(errorCodeName(missing.error().code), errorCodeName(ErrorCode::Unsupported));
        QVERIFY(missing.error().context.contains(u"apt install yt-dlp ffmpeg"_s));
    }

private:
    const Films m_films{};
};

QTEST_GUILESS_MAIN(TestMedia)
#include "tst_media.moc"
