#include "ui/dialogs/requestfields.h"

#include "ui/dialogs/linesfield.h"
#include "ui/symbols.h"

#include <QFileDialog>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>

namespace ui {

using namespace Qt::StringLiterals;

RequestFields::RequestFields(QFormLayout &form, QObject *parent)
    : QObject(parent)
    , m_form(form)
{
    m_user = addField(u"user"_s, tr("&User name:"));
    m_user->setPlaceholderText(tr("for sites that ask for one"));
    m_password = addField(u"password"_s, tr("&Password:"));
    m_password->setEchoMode(QLineEdit::Password);
    m_cookies = addField(u"cookies"_s, tr("C&ookie file:"));
    m_cookies->setPlaceholderText(tr("cookies.txt, exported from the browser"));
    m_userAgent = addField(u"userAgent"_s, tr("User a&gent:"));
    m_userAgent->setPlaceholderText(tr("what Dray calls itself"));
    m_referer = addField(u"referer"_s, tr("&Referer:"));
    m_referer->setPlaceholderText(tr("the page that the link was found on"));
    addHeaders();
}

RequestFields::~RequestFields() = default;

void RequestFields::fill(AddForm &form) const
{
    form.request.user = m_user->text().trimmed();
    form.request.password = m_password->text();
    form.request.cookies = m_cookies->text().trimmed();
    form.request.userAgent = m_userAgent->text().trimmed();
    form.request.referer = m_referer->text().trimmed();
    form.headers = m_headers->toPlainText();
}

QLineEdit *RequestFields::addField(const QString &name, const QString &label)
{
    auto *field = new QLineEdit;
    field->setObjectName(name);
    field->setAccessibleName(QString(label).remove(u'&').remove(u':'));
    QWidget *line = name == u"cookies" ? withFileButton(field) : field;
    m_form.addRow(label, line);
    qobject_cast<QLabel *>(m_form.labelForField(line))->setBuddy(field);
    connect(field, &QLineEdit::textChanged, this, &RequestFields::edited);
    return field;
}

void RequestFields::addHeaders()
{
    m_headers = makeLinesField({.name = u"headers"_s, .title = tr("Headers"), .lines = 2});
    m_headers->setPlaceholderText(tr("Name: value (one header per line)"));
    m_form.addRow(tr("&Headers:"), m_headers);
    connect(m_headers, &QPlainTextEdit::textChanged, this, &RequestFields::edited);
}

QWidget *RequestFields::withFileButton(QLineEdit *field)
{
    auto *widget = new QWidget;
    auto *line = new QHBoxLayout(widget);
    line->setContentsMargins(0, 0, 0, 0);
    auto *choose = new QToolButton;
    choose->setObjectName(u"chooseCookies"_s);
    choose->setIcon(symbol(u"openfolder"_s));
    choose->setToolTip(tr("Choose a cookie file"));
    choose->setAccessibleName(choose->toolTip());
    choose->setFocusPolicy(Qt::TabFocus);
    connect(choose, &QToolButton::clicked, this, &RequestFields::chooseCookies);
    line->addWidget(field, 1);
    line->addWidget(choose);
    return widget;
}

void RequestFields::chooseCookies()
{
    auto *dialog = new QFileDialog(m_cookies->window(), tr("Choose a cookie file"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, m_cookies, &QLineEdit::setText);
    dialog->open();
}

} // namespace ui
