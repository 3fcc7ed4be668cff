#pragma once
#include "core/download/afteraction.h"
#include "core/download/requestspec.h"

#include <QWidget>

class QFormLayout;
class QLineEdit;
class QToolButton;

namespace ui {

class AfterFields;

/// Fields, folded away at first, that say who a download is to the server, which way it goes, and what
/// follows it.
class RequestFields final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RequestFields)
public:
    explicit RequestFields(QWidget *parent = nullptr);
    ~RequestFields() override;

    /// What stands in the fields, unchecked, without white space around it.
    [[nodiscard]] core::RequestSpec request() const;
    /// As AfterFields says.
    [[nodiscard]] QList<core::AfterAction> after() const;

signals:
    void edited();
    /// The fold was opened or closed.
    void folded();

private:
    void makeFold();
    void makeFields();
    [[nodiscard]] QLineEdit *addField(const QString &name, const QString &label);
    [[nodiscard]] QWidget *withFileButton(QLineEdit *field);
    void chooseCookies();

    QToolButton *m_fold = nullptr;
    QWidget *m_body = nullptr;
    QFormLayout *m_form = nullptr;
    QLineEdit *m_user = nullptr;
    QLineEdit *m_password = nullptr;
    QLineEdit *m_cookies = nullptr;
    QLineEdit *m_proxy = nullptr;
    QLineEdit *m_userAgent = nullptr;
    QLineEdit *m_referer = nullptr;
    AfterFields *m_after = nullptr;
};

} // namespace ui
