#include "ui/text/settingtext.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace ui {
namespace {

using namespace Qt::StringLiterals;

/// Words for a key, or for the part of one before the dot.
struct SettingWords {
    QLatin1StringView key;
    const char *words;
};

#define SAY(text) QT_TRANSLATE_NOOP("SettingText", text)

constexpr std::array Groups = std::to_array<SettingWords>({
    {"download"_L1, SAY("Downloads")},
    {"jwt"_L1, SAY("Logins by JWT")},
    {"limit"_L1, SAY("Speed")},
    {"notify"_L1, SAY("Notifications")},
});

constexpr std::array Names = std::to_array<SettingWords>({
    {"download.ifExists"_L1, SAY("If it exists")},
    {"download.netrc"_L1, SAY(".netrc file")},
    {"download.userAgent"_L1, SAY("User agent")},
    {"jwt.publicKeyFile"_L1, SAY("Public key (EdDSA)")},
    {"jwt.secretFile"_L1, SAY("Secret (HS256)")},
    {"limit.download"_L1, SAY("All downloads")},
    {"limit.schedule"_L1, SAY("By time of day")},
    {"queue.downloads"_L1, SAY("At the same time")},
    {"window.closeToTray"_L1, SAY("Close to the tray")},
});

#undef SAY

template<typename Table>
QString wordsFor(const Table &table, const QString &key)
{
    const auto row = std::ranges::find(table, key, &SettingWords::key);
    return row == table.end() ? QString() : QCoreApplication::translate("SettingText", row->words);
}

/// "closeToTray" becomes "Close to tray".
QString wordsOf(const QString &part)
{
    QString words;
    for (const QChar letter : part)
        words += letter.isUpper() ? u" "_s + letter.toLower() : QString(letter);
    return words.isEmpty() ? words : words.at(0).toUpper() + words.sliced(1);
}

} // namespace

QString settingGroup(const QString &key)
{
    const QString part = key.section(u'.', 0, 0);
    const QString words = wordsFor(Groups, part);
    return words.isEmpty() ? wordsOf(part) : words;
}

QString settingName(const QString &key)
{
    const QString words = wordsFor(Names, key);
    return words.isEmpty() ? wordsOf(key.section(u'.', 1)) : words;
}

} // namespace ui
