#pragma once
#include "tests/ui/support/fakecommands.h"
#include "tests/ui/support/fakeprogramaccess.h"
#include "tests/ui/support/fakesources.h"
#include "tests/ui/support/fakeworkflowaccess.h"
#include "ui/desktop.h"
#include "ui/mainwindow.h"

#include <QTemporaryDir>
#include <QTest>

namespace tests {

/// The desktop with fake commands, jobs, drives, questions, programs, workflows and agents. Its window is not shown yet.
struct FakeDesktop {
    QTemporaryDir folder;
    FakeCommands commands;
    FakeJobSource jobs;
    FakeDriveSource drives;
    FakeQuestionSource questions;
    FakeProgramAccess access;
    FakeWorkflowAccess workflows;
    FakeAgentSource agents;
    QList<QUrl> opened;
    int pagesOpened = 0;
    /// Folders that the extension was to be written to, and what that ended with.
    QStringList exported;
    core::Result<void> exportEnd;
    ui::Desktop desktop{{.commands = commands,
                         .jobs = jobs,
                         .drives = drives,
                         .questions = questions,
                         .access = access,
                         .workflows = workflows,
                         .agents = agents,
                         .settingsPath = folder.filePath(QStringLiteral("window.ini")),
                         .downloadFolder = folder.path(),
                         .openPage = [this] { ++pagesOpened; },
                         .exportExtension =
                             [this](const QString &to) {
                                 exported.append(to);
                                 return exportEnd;
                             },
                         .openUrl = [this](const QUrl &url) { opened.append(url); }}};
    ui::MainWindow &window = desktop.window();

    void show()
    {
        desktop.show();
        if (!QTest::qWaitForWindowExposed(&window))
            qFatal("the window does not appear");
    }
};

} // namespace tests
