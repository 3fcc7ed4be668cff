#include "core/store/schema.h"

#include <array>

namespace core {

using namespace Qt::StringLiterals;

namespace {

// Times are wall-clock milliseconds since 1970, 0 when it has not happened. Names of kinds, states,
// stages, error codes and scopes are those of PROTOCOL.md.
Migration firstTables()
{
    return {u"make the first tables"_s,
            {
                u"CREATE TABLE jobs ("
                // an id is never used again, also not after its job was removed
                "id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, owner TEXT NOT NULL, "
                "state TEXT NOT NULL, "
                "stage TEXT NOT NULL, done INTEGER NOT NULL, total INTEGER NOT NULL, "
                "title TEXT NOT NULL, message TEXT NOT NULL, target TEXT NOT NULL, "
                "sha256 TEXT NOT NULL, steps TEXT NOT NULL, drives TEXT NOT NULL, "
                "errorCode TEXT, errorContext TEXT, source TEXT NOT NULL, spec BLOB NOT NULL, "
                "prerequisites TEXT NOT NULL, workflow TEXT NOT NULL, position INTEGER NOT NULL, "
                "attempt INTEGER NOT NULL, createdAt INTEGER NOT NULL, startedAt INTEGER NOT NULL, "
                "finishedAt INTEGER NOT NULL, rev INTEGER NOT NULL)"_s,
                u"CREATE TABLE idems ("
                "owner TEXT NOT NULL, key TEXT NOT NULL, specDigest BLOB NOT NULL, "
                "job INTEGER NOT NULL, createdAt INTEGER NOT NULL, PRIMARY KEY (owner, key)) "
                "WITHOUT ROWID"_s,
                u"CREATE TABLE settings (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID"_s,
                u"CREATE TABLE tokens ("
                "id TEXT PRIMARY KEY, digest BLOB NOT NULL UNIQUE, name TEXT NOT NULL, "
                "scopes TEXT NOT NULL, owner TEXT NOT NULL, createdAt INTEGER NOT NULL, "
                "expiresAt INTEGER NOT NULL, lastUsedAt INTEGER NOT NULL) WITHOUT ROWID"_s,
            }};
}

/// What the queue must know after a restart. Positions get room between them for moved jobs.
Migration queueMembers()
{
    return {
        u"keep stops, limits and start times"_s,
        {
            u"ALTER TABLE jobs ADD COLUMN stopsAs TEXT NOT NULL DEFAULT ''"_s, // of a stopping job
            u"ALTER TABLE jobs ADD COLUMN speedLimit INTEGER NOT NULL DEFAULT 0"_s,
            u"ALTER TABLE jobs ADD COLUMN startAt INTEGER NOT NULL DEFAULT 0"_s,
            u"UPDATE jobs SET position = position * 1048576"_s,
        }};
}

/// What stops and starts by the time of day.
Migration hoursMembers()
{
    return {u"keep stop times and who waits for the hours"_s,
            {
                u"ALTER TABLE jobs ADD COLUMN stopAt INTEGER NOT NULL DEFAULT 0"_s,
                u"ALTER TABLE jobs ADD COLUMN waitsForHours INTEGER NOT NULL DEFAULT 0"_s, // 0, 1
                u"ALTER TABLE jobs ADD COLUMN ignoresHours INTEGER NOT NULL DEFAULT 0"_s, // 0, 1
            }};
}

/// What ended, of which the job may be gone. `drive` is empty for what is no flash.
Migration historyTable()
{
    return {u"keep a history"_s,
            {u"CREATE TABLE history ("
             "id INTEGER PRIMARY KEY, finishedAt INTEGER NOT NULL, job INTEGER NOT NULL, "
             "kind TEXT NOT NULL, owner TEXT NOT NULL, title TEXT NOT NULL, "
             "source TEXT NOT NULL, target TEXT NOT NULL, bytes INTEGER NOT NULL, "
             "sha256 TEXT NOT NULL, verdict TEXT NOT NULL, errorCode TEXT, errorContext TEXT, "
             "drive TEXT NOT NULL, serial TEXT NOT NULL, writtenBytes INTEGER NOT NULL, "
             "writeBytesPerSecond INTEGER NOT NULL, verifyBytesPerSecond INTEGER NOT NULL, "
             "rewrites INTEGER NOT NULL, UNIQUE (job, drive, finishedAt))"_s}};
}

/// What reads the file of a job while that makes it.
Migration fedJobs()
{
    return {u"keep what feeds a job"_s,
            {
                u"ALTER TABLE jobs ADD COLUMN fedBy INTEGER NOT NULL DEFAULT 0"_s, // 0: nothing
            }};
}

/// The Origin of a paired extension.
Migration pairedOrigins()
{
    return {u"keep the origins of paired extensions"_s,
            {
                u"ALTER TABLE tokens ADD COLUMN origin TEXT NOT NULL DEFAULT ''"_s,
            }};
}

/// Steps and their jobs; who added it, whose rights its jobs have.
Migration workflowsTable()
{
    return {u"keep workflows"_s,
            {u"CREATE TABLE workflows ("
             // as of jobs, an id is never used again
             "id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, asker TEXT NOT NULL, "
             "owner TEXT NOT NULL, scopes TEXT NOT NULL, isRemote INTEGER NOT NULL, "
             "steps TEXT NOT NULL, wish TEXT NOT NULL, state TEXT NOT NULL, "
             "progress REAL NOT NULL, stage INTEGER NOT NULL, message TEXT NOT NULL, "
             "attempt INTEGER NOT NULL, createdAt INTEGER NOT NULL, finishedAt INTEGER NOT NULL, "
             "rev INTEGER NOT NULL)"_s}};
}

} // namespace

std::span<const Migration> schemaMigrations()
{
    static const std::array migrations{firstTables(),   queueMembers(), hoursMembers(),
                                       historyTable(),  fedJobs(),      pairedOrigins(),
                                       workflowsTable()};
    return migrations;
}

} // namespace core
