#include "core/base/digest.h"
#include "core/base/files.h"
#include "core/base/principal.h"
#include "core/base/units.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>

#include <cerrno>

using namespace core;
using namespace Qt::StringLiterals;

namespace {

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(cannot be read)");
}

} // namespace

class TestFoundation : public QObject
{
    Q_OBJECT
private slots:
    void errorNamesGoBothWays()
    {
        for (int i = 0; i <= int(ErrorCode::Internal); ++i) {
            QVERIFY(!errorCodeName(ErrorCode(i)).isEmpty());
            QCOMPARE(errorCodeFromName(errorCodeName(ErrorCode(i)).toString()), ErrorCode(i));
        }
    }

    void parsesSizes_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("bytes"); // -1: refused
        QTest::newRow("plain") << u"500000"_s << qint64(500'000);
        QTest::newRow("kilo") << u"500k"_s << qint64(512'000);
        QTest::newRow("fraction") << u" 1.5M "_s << qint64(1'572'864);
        QTest::newRow("gibi") << u"2GiB"_s << qint64(2'147'483'648);
        QTest::newRow("bytes") << u"7B"_s << qint64(7);
        QTest::newRow("too large") << u"99999999T"_s << qint64(-1);
        QTest::newRow("negative") << u"-1"_s << qint64(-1);
        QTest::newRow("words") << u"fast"_s << qint64(-1);
        QTest::newRow("empty") << QString() << qint64(-1);
    }
    void parsesSizes()
    {
        QFETCH(QString, text);
        QFETCH(qint64, bytes);
        const auto parsed = parseBytes(text);
        QCOMPARE(parsed.value_or(-1), bytes);
        if (!parsed)
            QVERIFY(parsed.error().context.contains(text));
    }

    void digestIsSha256()
    {
        // FIPS 180-2, appendix B.1
        const QByteArray abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        Sha256 hash;
        hash.add(QByteArrayView("a"));
        hash.add(QByteArrayView("bc"));
        QCOMPARE(hash.finish().toHex(), abc);
        hash.add(QByteArrayView("abc"));
        QCOMPARE(hash.finish().toHex(), abc);
        QVERIFY(isSha256Hex(QString::fromLatin1(abc.toUpper())));
        QVERIFY(!isSha256Hex(QString::fromLatin1(abc.chopped(1))));
        QVERIFY(!isSha256Hex(QString::fromLatin1(abc.chopped(1) + "g")));
    }

    void atomicWriteReplacesAndSetsTheMode()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"a"_s);
        QVERIFY(writeFileAtomically(path, "one"));
        QVERIFY(writeFileAtomically(path, "two", 0600));
        QCOMPARE(contentOf(path), "two");
        QCOMPARE(QFile::permissions(path) & ~QFile::Permissions(0xf000),
                 QFile::ReadUser | QFile::WriteUser);
        QVERIFY(!QFile::exists(path + u".tmp"_s));
        const auto refused = writeFileAtomically(folder.filePath(u"missing/a"_s), "x");
        QCOMPARE(refused.error().code, ErrorCode::FileAccess);
        QVERIFY(refused.error().context.contains(u"missing/a"_s));
    }

    void renameNeverReplaces()
    {
        const QTemporaryDir folder;
        const QString from = folder.filePath(u"from"_s);
        const QString to = folder.filePath(u"to"_s);
        QVERIFY(writeFileAtomically(from, "new"));
        QVERIFY(writeFileAtomically(to, "old"));
        QCOMPARE(renameNoReplace(from, to).error().code, ErrorCode::FileExists);
        QCOMPARE(contentOf(to), "old");
        QVERIFY(QFile::remove(to));
        QVERIFY(renameNoReplace(from, to));
        QCOMPARE(contentOf(to), "new");
        QVERIFY(!QFile::exists(from));
    }

    void systemErrorsKeepTheirMeaning()
    {
        QCOMPARE(fileError(ENOSPC, u"/x"_s).code, ErrorCode::NoSpace);
        QCOMPARE(fileError(EDQUOT, u"/x"_s).code, ErrorCode::NoSpace);
        QCOMPARE(fileError(EEXIST, u"/x"_s).code, ErrorCode::FileExists);
        QCOMPARE(fileError(EACCES, u"/x"_s),
                 (Error{ErrorCode::FileAccess, u"/x: Permission denied"_s}));
    }

    void scopesAndOwnersFence()
    {
        const Principal plain{.name = u"ext"_s, .owner = u"ann"_s, .scopes = DefaultScopes};
        QVERIFY(plain.has(Scope::Add));
        QVERIFY(!plain.has(Scope::Flash));
        QVERIFY(plain.canSee(u"ann"_s));
        QVERIFY(!plain.canSee(u"bob"_s));
        QVERIFY(Principal::localUser().has(Scope::Flash));
        QVERIFY(Principal::localUser().canSee(u"bob"_s));
        QCOMPARE(scopesFromNames(scopeNames(DefaultScopes)), DefaultScopes);
        QCOMPARE(scopesFromNames({u"read"_s, u"root"_s}), std::nullopt);
    }
};
QTEST_GUILESS_MAIN(TestFoundation)
#include "tst_base.moc"
