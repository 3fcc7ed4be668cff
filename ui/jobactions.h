#pragma once
#include "ui/jobaction.h"

#include <QObject>

#include <array>

class QAction;

namespace ui {

/// The commands on jobs as QActions, shared by toolbar, menus and keys. They are enabled when one of
/// the selected jobs allows them; where a flash does not, the tip says why.
class JobActions final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JobActions)
public:
    static constexpr int Count = 13;

    explicit JobActions(QObject *parent = nullptr);
    ~JobActions() override;

    [[nodiscard]] QAction *action(JobAction action) const { return m_actions[size_t(action)]; }
    [[nodiscard]] QList<QAction *> all() const;
    void setSelection(const QList<core::JobSnapshot> &jobs);

signals:
    /// The user chose `action` for all selected jobs that allow it.
    void triggered(ui::JobAction action);

private:
    void make(JobAction action, const QString &symbolName, const QString &text, const QString &tip);

    std::array<QAction *, Count> m_actions{};
    std::array<QString, Count> m_tips;
};

} // namespace ui
