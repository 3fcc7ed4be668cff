#pragma once
#include "core/jobservice.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QDialogButtonBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QSpinBox;

namespace ui {

class AdvancedFields;
class MediaFields;
struct AddForm;

/// Asks for links and how to download them. What is wrong is said while it is typed.
class AddDownloadDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AddDownloadDialog)
public:
    /// `downloadFolder` stands in the folder field at first.
    explicit AddDownloadDialog(const QString &downloadFolder, QWidget *parent = nullptr);
    ~AddDownloadDialog() override;

    /// Appends links that are not there yet.
    void addLinks(const QStringList &links);
    /// Lets the user choose among them. While there are some, downloads whose folder was not changed
    /// go where the rules say.
    void offerCategories(const QStringList &names);

signals:
    /// The user confirmed; at least one download.
    void downloadsChosen(const QList<core::JobService::AddDownload> &downloads);

private:
    void makeFields(QFormLayout &form);
    void makeChoices(QFormLayout &form);
    QWidget *makeFolderLine();
    void makeMessage();
    void chooseFolder();
    void check();
    void fitHeight();
    void finish();
    [[nodiscard]] AddForm form() const;

    const QString m_usualFolder;
    QFormLayout *m_form = nullptr;
    QPlainTextEdit *m_links = nullptr;
    QLineEdit *m_folder = nullptr;
    QLineEdit *m_name = nullptr;
    QLineEdit *m_checksum = nullptr;
    QComboBox *m_category = nullptr;
    QSpinBox *m_connections = nullptr;
    MediaFields *m_media = nullptr;
    AdvancedFields *m_advanced = nullptr;
    QCheckBox *m_unpack = nullptr;
    QLabel *m_message = nullptr;
    QDialogButtonBox *m_buttons = nullptr;
};

} // namespace ui
