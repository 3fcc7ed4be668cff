#pragma once
#include "ui/dialogs/addform.h"

#include <QObject>

class QFormLayout;
class QLineEdit;
class QPlainTextEdit;

namespace ui {

/// Rows of the add dialog that say who a download is to the server.
class RequestFields final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RequestFields)
public:
    /// Adds its rows at the end of `form`, which outlives it.
    RequestFields(QFormLayout &form, QObject *parent);
    ~RequestFields() override;

    /// Writes what stands in the fields into `form`, unchecked.
    void fill(AddForm &form) const;

signals:
    void edited();

private:
    [[nodiscard]] QLineEdit *addField(const QString &name, const QString &label);
    void addHeaders();
    [[nodiscard]] QWidget *withFileButton(QLineEdit *field);
    void chooseCookies();

    QFormLayout &m_form;
    QLineEdit *m_user = nullptr;
    QLineEdit *m_password = nullptr;
    QLineEdit *m_cookies = nullptr;
    QLineEdit *m_userAgent = nullptr;
    QLineEdit *m_referer = nullptr;
    QPlainTextEdit *m_headers = nullptr;
};

} // namespace ui
