#pragma once
#include "ui/dialogs/addform.h"

#include <QWidget>

class QFormLayout;
class QTabWidget;
class QToolButton;

namespace ui {

class AfterFields;
class RequestFields;
class TimeFields;
class TransferFields;

/// Fields of the add dialog that few downloads need: folded away at first, then in tabs, so that all
/// of them together are no taller than the tallest, which scrolls on a low screen.
class AdvancedFields final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AdvancedFields)
public:
    explicit AdvancedFields(QWidget *parent = nullptr);
    ~AdvancedFields() override;

    /// Writes what stands in the fields into `form`.
    void fill(AddForm &form) const;
    /// Switches off what does not go with `form`, of which `links` are downloaded.
    void adaptTo(const AddForm &form, qsizetype links);

signals:
    void edited();
    /// The fold was opened or closed.
    void folded();

private:
    void makeFold();
    void makeTabs();
    [[nodiscard]] QFormLayout &addTab(const QString &title);

    QToolButton *m_fold = nullptr;
    QTabWidget *m_tabs = nullptr;
    RequestFields *m_request = nullptr;
    TransferFields *m_transfer = nullptr;
    TimeFields *m_times = nullptr;
    AfterFields *m_after = nullptr;
};

} // namespace ui
