#pragma once
#include "core/jobs/jobtypes.h"

#include <QWidget>

class QFormLayout;
class QLabel;
class QLineEdit;
class QStackedLayout;
class QToolButton;

namespace ui {

class DriveProgress;
class SegmentMap;
class SymbolLabel;

/// Everything there is to know about the job that is selected.
class DetailsPane final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DetailsPane)
public:
    /// What the drive of that id is called.
    using DriveName = std::function<QString(const QString &id)>;

    explicit DetailsPane(DriveName driveName, QWidget *parent = nullptr);
    ~DetailsPane() override;

    void showJob(const core::JobSnapshot &job);
    /// Says that nothing is selected.
    void showNothing();

private:
    QWidget *makePage();
    QLayout *makeErrorLine();
    QWidget *makeDigestLine();
    QLineEdit *addLine(QFormLayout &form, const QString &label, const QString &objectName);
    void showError(const core::JobSnapshot &job);
    void setRow(QWidget *field, const QString &text);

    QStackedLayout *m_pages = nullptr;
    QFormLayout *m_form = nullptr;
    QLabel *m_name = nullptr;
    QLabel *m_sentence = nullptr;
    SymbolLabel *m_errorIcon = nullptr;
    QLabel *m_error = nullptr;
    SegmentMap *m_segments = nullptr;
    DriveProgress *m_drives = nullptr;
    QLineEdit *m_message = nullptr;
    QLineEdit *m_steps = nullptr;
    QLineEdit *m_source = nullptr;
    QLineEdit *m_target = nullptr;
    QLineEdit *m_sha256 = nullptr;
    QToolButton *m_copy = nullptr;
    QWidget *m_digestLine = nullptr;
    QLineEdit *m_times = nullptr;
    QLineEdit *m_attempt = nullptr;
};

} // namespace ui
