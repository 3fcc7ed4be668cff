#pragma once
#include "ui/programaccess.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QPushButton;
class QTreeView;

namespace ui {

class ProgramListModel;

/// The programs that are let in, and the button that ends their access.
class ProgramsPage final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ProgramsPage)
public:
    /// Both outlive it.
    ProgramsPage(ProgramListModel &programs, ProgramAccess &access, QWidget *parent = nullptr);
    ~ProgramsPage() override;

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void makeList();
    void makeTexts();
    void showSelected();
    void askToRevoke();
    /// "" for nothing wrong.
    void showProblem(const QString &sentence);
    void revoke(const core::TokenEntry &program);
    [[nodiscard]] const core::TokenEntry *selected() const;

    ProgramListModel &m_programs;
    ProgramAccess &m_access;
    QTreeView *m_list = nullptr;
    QLabel *m_facts = nullptr;
    QLabel *m_problem = nullptr;
    QPushButton *m_revoke = nullptr;
    QTimer m_refresh; // runs while the page is seen
};

} // namespace ui
