#pragma once
#include "core/store/settings.h"

#include <QWidget>

class QLabel;

namespace ui {

/// The field of one setting, made for its type, with what it means and what is wrong below it.
class SettingRow final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SettingRow)
public:
    explicit SettingRow(core::Settings::Entry entry, QWidget *parent = nullptr);
    ~SettingRow() override;

    [[nodiscard]] const QString &key() const { return m_entry.key; }
    /// What stands in the field, for settings.set to check.
    [[nodiscard]] QVariant value() const;
    /// Whether value() is another than the one that is kept.
    [[nodiscard]] bool isChanged() const;
    /// value() is the one that is kept.
    void markKept();
    /// "" for nothing wrong.
    void showProblem(const QString &sentence);

private:
    void makeField();
    [[nodiscard]] QWidget *makeChoice();
    [[nodiscard]] QWidget *makeNumber();
    [[nodiscard]] QWidget *makeText();

    core::Settings::Entry m_entry;
    QWidget *m_field = nullptr;
    QLabel *m_problem = nullptr;
    std::function<QVariant()> m_read;
};

} // namespace ui
