#pragma once
#include "core/jobs/jobtypes.h"

#include <QJsonObject>

namespace server {

/// The named parameters of one call. Every getter fails with `InvalidArgument` naming the member when
/// its type or range is wrong; a member that is left out (or null) gives the default.
class Params
{
public:
    /// The largest integer that every JSON reader keeps exactly (RFC 8259 §6).
    static constexpr qint64 MaxNumber = (qint64(1) << 53) - 1;
    struct Range {
        qint64 least;
        qint64 most;
    };

    explicit Params(QJsonObject object);

    [[nodiscard]] const QJsonObject &all() const { return m_object; }
    [[nodiscard]] bool has(QLatin1StringView name) const;
    /// Undefined when it is left out or null.
    [[nodiscard]] QJsonValue raw(QLatin1StringView name) const;
    [[nodiscard]] core::Result<QString> text(QLatin1StringView name) const;
    [[nodiscard]] core::Result<QString> requiredText(QLatin1StringView name) const;
    [[nodiscard]] core::Result<bool> flag(QLatin1StringView name) const;
    [[nodiscard]] core::Result<qint64>
    number(QLatin1StringView name, qint64 byDefault, Range range) const;
    [[nodiscard]] core::Result<double> real(QLatin1StringView name, double byDefault) const;
    [[nodiscard]] core::Result<QJsonObject> object(QLatin1StringView name) const;
    [[nodiscard]] core::Result<QStringList> texts(QLatin1StringView name) const;
    /// `job`: a decimal id as a string; an integer is taken too.
    [[nodiscard]] core::Result<core::JobId> job() const { return id(QLatin1StringView("job")); }
    /// The same in another member.
    [[nodiscard]] core::Result<core::JobId> id(QLatin1StringView name) const;

private:
    QJsonObject m_object;
};

} // namespace server
