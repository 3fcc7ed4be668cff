#include "server/http/jwt.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <openssl/evp.h>
#include <openssl/hmac.h>

using namespace Qt::StringLiterals;
using namespace server;
using core::Milliseconds;
using std::chrono::hours;

namespace {

constexpr Milliseconds Now{1'800'000'000'000};
const QByteArray Secret("0123456789abcdef0123456789abcdef");
// The key and the token of RFC 8037, appendix A.
const QByteArray RfcPrivateKey =
    QByteArray::fromHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
const char RfcPublicKey[] = "-----BEGIN PUBLIC KEY-----\n"
                            "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
                            "-----END PUBLIC KEY-----\n";
const QByteArray RfcText("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc");
const QByteArray RfcSignature("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhV"
                              "sPt9g7sVvpAr_MuM0KAg");

QByteArray encoded(const QByteArray &bytes)
{
    return bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

QByteArray signedWithSecret(const QByteArray &text, const QByteArray &secret = Secret)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    HMAC(EVP_sha256(), secret.constData(), int(secret.size()),
         reinterpret_cast<const unsigned char *>(text.constData()), size_t(text.size()), digest,
         &size);
    return QByteArray(reinterpret_cast<const char *>(digest), qsizetype(size));
}

QByteArray signedWithEd25519(const QByteArray &text)
{
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
        EVP_PKEY_new_raw_private_key(
            EVP_PKEY_ED25519, nullptr,
            reinterpret_cast<const unsigned char *>(RfcPrivateKey.constData()), 32),
        &EVP_PKEY_free);
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          &EVP_MD_CTX_free);
    EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get());
    unsigned char signature[64];
    size_t size = sizeof(signature);
    EVP_DigestSign(context.get(), signature, &size,
                   reinterpret_cast<const unsigned char *>(text.constData()), size_t(text.size()));
    return QByteArray(reinterpret_cast<const char *>(signature), qsizetype(size));
}

QJsonObject claims(const QJsonObject &changes = {})
{
    QJsonObject object{{u"sub"_s, u"eve"_s},
                       {u"aud"_s, u"dray"_s},
                       {u"exp"_s, qint64(Now.count() / 1000 + 3600)},
                       {u"scope"_s, u"read control"_s}};
    for (auto it = changes.begin(); it != changes.end(); ++it)
        if (it.value().isNull())
            object.remove(it.key());
        else
            object.insert(it.key(), it.value());
    return object;
}

QByteArray textOf(const QJsonObject &header, const QJsonObject &payload)
{
    const auto part = [](const QJsonObject &object) {
        return encoded(QJsonDocument(object).toJson(QJsonDocument::Compact));
    };
    return part(header) + '.' + part(payload);
}

QByteArray hs256(const QJsonObject &payload, const QString &algorithm = u"HS256"_s)
{
    const QByteArray text = textOf({{u"alg"_s, algorithm}, {u"typ"_s, u"JWT"_s}}, payload);
    return text + '.' + encoded(signedWithSecret(text));
}

QByteArray edDsa(const QJsonObject &payload)
{
    const QByteArray text = textOf({{u"alg"_s, u"EdDSA"_s}}, payload);
    return text + '.' + encoded(signedWithEd25519(text));
}

} // namespace

class JwtTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void grantsWhatItSays();
    void takesTheVectorOfTheRfc();
    void takesEdDsaWithItsKey();
    void refuses_data();
    void refuses();
    void refusesKeyFiles_data();
    void refusesKeyFiles();
    void neverTakesThePublicKeyAsASecret();

private:
    [[nodiscard]] QString write(const QByteArray &content, QFile::Permissions permissions) const;

    QTemporaryDir m_folder;
    std::vector<JwtKey> m_secrets;
    std::vector<JwtKey> m_publicKeys;
};

void JwtTest::init()
{
    constexpr auto OwnersOnly = QFile::ReadOwner | QFile::WriteOwner;
    const auto secret = JwtKey::fromSecretFile(write(Secret + '\n', OwnersOnly));
    QVERIFY(secret);
    m_secrets = {*secret};
    const auto publicKey = JwtKey::fromPublicKeyFile(write(RfcPublicKey, OwnersOnly));
    QVERIFY2(publicKey, publicKey ? "" : qPrintable(publicKey.error().context));
    m_publicKeys = {*publicKey};
}

QString JwtTest::write(const QByteArray &content, QFile::Permissions permissions) const
{
    QFile file(m_folder.filePath(u"key"_s));
    file.remove();
    if (!file.open(QIODevice::WriteOnly))
        return {};
    file.write(content);
    file.setPermissions(permissions);
    return file.fileName();
}

void JwtTest::grantsWhatItSays()
{
    const auto grant = grantOfJwt(hs256(claims()), m_secrets, Now);
    QVERIFY(grant);
    QCOMPARE(grant->principal.name, u"eve"_s);
    QCOMPARE(grant->principal.owner, u"eve"_s);
    QCOMPARE(core::scopeNames(grant->principal.scopes), QStringList({u"read"_s, u"control"_s}));
    QCOMPARE(grant->expiresAt, Now.count() + 3'600'000);
    QCOMPARE(grant->tokenId, QString(JwtTokenId));
    QVERIFY(grantOfJwt(hs256(claims({{u"aud"_s, QJsonArray{u"x"_s, u"dray"_s}}})), m_secrets, Now));
}

void JwtTest::takesTheVectorOfTheRfc()
{
    const QByteArray signature =
        QByteArray::fromBase64(RfcSignature, QByteArray::Base64UrlEncoding);
    QVERIFY(m_publicKeys[0].verifies(RfcText, signature));
    QVERIFY(!m_publicKeys[0].verifies(RfcText + 'x', signature));
}

void JwtTest::takesEdDsaWithItsKey()
{
    QVERIFY(grantOfJwt(edDsa(claims()), m_publicKeys, Now));
    QVERIFY(!grantOfJwt(edDsa(claims()), m_secrets, Now));
}

void JwtTest::refuses_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<QString>("why");
    const auto row = [](const char *name, const QByteArray &token, const QString &why) {
        QTest::newRow(name) << token << why;
    };
    const qint64 now = Now.count() / 1000;
    row("another algorithm", hs256(claims(), u"HS512"_s), u"alg"_s);
    row("none", textOf({{u"alg"_s, u"none"_s}}, claims()) + '.', u"alg"_s);
    row("no signature", hs256(claims()).left(hs256(claims()).lastIndexOf('.') + 1), u"signature"_s);
    row("another's signature", hs256(claims()).chopped(4) + "AAAA", u"signature"_s);
    row("claims that were changed",
        hs256(claims()).split('.')[0] + '.' + hs256(claims({{u"sub"_s, u"local"_s}})).split('.')[1]
            + '.' + hs256(claims()).split('.')[2],
        u"signature"_s);
    row("over", hs256(claims({{u"exp"_s, now}})), u"exp"_s);
    row("too long", hs256(claims({{u"exp"_s, now + 24 * 3600 + 1}})), u"exp"_s);
    row("endless", hs256(claims({{u"exp"_s, QJsonValue()}})), u"exp"_s);
    row("exp as text", hs256(claims({{u"exp"_s, QString::number(now + 60)}})), u"exp"_s);
    row("exp beyond numbers", hs256(claims({{u"exp"_s, 1e300}})), u"exp"_s);
    row("not yet", hs256(claims({{u"nbf"_s, now + 120}})), u"nbf"_s);
    row("for others", hs256(claims({{u"aud"_s, u"other"_s}})), u"aud"_s);
    row("for nobody", hs256(claims({{u"aud"_s, QJsonValue()}})), u"aud"_s);
    row("of nobody", hs256(claims({{u"sub"_s, QJsonValue()}})), u"sub"_s);
    row("of a very long name", hs256(claims({{u"sub"_s, QString(65, u'a')}})), u"sub"_s);
    row("without scope", hs256(claims({{u"scope"_s, QJsonValue()}})), u"scope"_s);
    row("of an unknown scope", hs256(claims({{u"scope"_s, u"read fly"_s}})), u"scope"_s);
    row("two parts", "a.b", u"three"_s);
    row("huge", QByteArray(9000, 'a') + ".b.c", u"three"_s);
    row("no JSON", encoded("x") + '.' + encoded("y") + '.' + encoded("z"), u"alg"_s);
    const QByteArray critical =
        textOf({{u"alg"_s, u"HS256"_s}, {u"crit"_s, QJsonArray{u"b64"_s}}}, claims());
    row("an extension that must be understood",
        critical + '.' + encoded(signedWithSecret(critical)), u"alg"_s);
}

void JwtTest::refuses()
{
    QFETCH(QByteArray, token);
    QFETCH(QString, why);
    const auto grant = grantOfJwt(token, m_secrets, Now);
    QVERIFY(!grant);
    QCOMPARE(grant.error().code, core::ErrorCode::Unauthorized);
    QVERIFY2(grant.error().context.contains(why), qPrintable(grant.error().context));
}

void JwtTest::refusesKeyFiles_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<bool>("isForAll");
    QTest::addColumn<QString>("why");
    QTest::newRow("short") << QByteArray(31, 'k') << false << u"at least 32"_s;
    QTest::newRow("empty") << QByteArray() << false << u"at least 32"_s;
    QTest::newRow("readable by others") << Secret << true << u"chmod 600"_s;
}

void JwtTest::refusesKeyFiles()
{
    QFETCH(QByteArray, content);
    QFETCH(bool, isForAll);
    QFETCH(QString, why);
    const auto others = isForAll ? QFile::ReadOther : QFile::Permissions();
    const auto key = JwtKey::fromSecretFile(write(content, QFile::ReadOwner | others));
    QVERIFY(!key);
    QVERIFY2(key.error().context.contains(why), qPrintable(key.error().context));
    QVERIFY(!JwtKey::fromPublicKeyFile(write(content, QFile::ReadOwner)));
    QVERIFY(!JwtKey::fromSecretFile(m_folder.filePath(u"absent"_s)));
}

/// Algorithm confusion: HS256 signed with the bytes of the public key (RFC 8725 §2.1).
void JwtTest::neverTakesThePublicKeyAsASecret()
{
    const QByteArray text = textOf({{u"alg"_s, u"HS256"_s}}, claims());
    const QByteArray token = text + '.' + encoded(signedWithSecret(text, RfcPublicKey));
    QVERIFY(!grantOfJwt(token, m_publicKeys, Now));
}

QTEST_GUILESS_MAIN(JwtTest)
#include "tst_jwt.moc"
