#pragma once
#include <QStringList>

#include <span>

namespace core {

/// One step from a version of the database to the next: what it does, and the SQL that does it.
struct Migration {
    QString purpose;
    QStringList statements;
};

/// The steps from an empty file to the tables of this version of the program. Step i leads from
/// `PRAGMA user_version` i to i + 1. A step that was released is never edited; changes are appended.
[[nodiscard]] std::span<const Migration> schemaMigrations();

} // namespace core
