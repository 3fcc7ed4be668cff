#include "server/dialects/errortext.h"

#include <array>

namespace server {
namespace {

using namespace Qt::StringLiterals;
using core::ErrorCode;

struct Row {
    ErrorCode code;
    QLatin1StringView title;
    int status;
    int number;
};

constexpr int InvalidParams = -32602;
constexpr int InternalError = -32603;

constexpr std::array Rows = std::to_array<Row>({
    {ErrorCode::InvalidArgument, "Invalid argument"_L1, 400, InvalidParams},
    {ErrorCode::InvalidUrl, "Not a valid URL"_L1, 400, InvalidParams},
    {ErrorCode::UnsupportedScheme, "This kind of URL is not supported"_L1, 400, InvalidParams},
    {ErrorCode::InvalidState, "Not possible in this state"_L1, 409, -32004},
    {ErrorCode::NotFound, "Not found"_L1, 404, -32003},
    {ErrorCode::Unauthorized, "Not logged in"_L1, 401, -32001},
    {ErrorCode::Forbidden, "Not allowed"_L1, 403, -32002},
    {ErrorCode::ConfirmationRequired, "Confirmation required"_L1, 428, -32010},
    {ErrorCode::IdemReused, "Request key was used for another request"_L1, 422, -32011},
    {ErrorCode::RateLimited, "Too many messages"_L1, 429, -32005},
    {ErrorCode::LimitExceeded, "Too many subscriptions"_L1, 429, -32006},
    {ErrorCode::PositionLost, "Position is no longer known"_L1, 410, -32007},
    {ErrorCode::Network, "Network error"_L1, 502, InternalError},
    {ErrorCode::Timeout, "No answer in time"_L1, 504, InternalError},
    {ErrorCode::Offline, "No network"_L1, 503, InternalError},
    {ErrorCode::HostNotFound, "Host not found"_L1, 502, InternalError},
    {ErrorCode::ConnectionRefused, "Connection refused"_L1, 502, InternalError},
    {ErrorCode::TlsFailed, "Secure connection failed"_L1, 502, InternalError},
    {ErrorCode::AuthenticationRequired, "The server asks for a login"_L1, 502, InternalError},
    {ErrorCode::HttpStatus, "The server answered with an error"_L1, 502, InternalError},
    {ErrorCode::LinkExpired, "The link has expired; a new one is needed"_L1, 502, InternalError},
    {ErrorCode::RedirectLoop, "Too many redirects"_L1, 502, InternalError},
    {ErrorCode::ProtocolViolation, "The server broke the protocol"_L1, 502, InternalError},
    {ErrorCode::ChecksumMismatch, "Checksum does not match"_L1, 500, InternalError},
    {ErrorCode::RemoteChanged, "The file on the server changed"_L1, 502, InternalError},
    {ErrorCode::NoSpace, "No space left"_L1, 507, InternalError},
    {ErrorCode::FileAccess, "File cannot be read or written"_L1, 500, InternalError},
    {ErrorCode::FileExists, "File exists already"_L1, 409, InternalError},
    {ErrorCode::DeviceGone, "Drive is gone"_L1, 410, InternalError},
    {ErrorCode::DeviceBusy, "Drive is in use"_L1, 423, -32009},
    {ErrorCode::DeviceFailed, "Drive failed"_L1, 500, InternalError},
    {ErrorCode::VerificationFailed, "Drive does not hold what was written"_L1, 500, InternalError},
    {ErrorCode::CounterfeitDrive, "Drive is smaller than it says"_L1, 409, InternalError},
    {ErrorCode::ImageDamaged, "Image is damaged"_L1, 409, InternalError},
    {ErrorCode::ImageTooLarge, "Image does not fit the drive"_L1, 409, InternalError},
    {ErrorCode::Busy, "Busy"_L1, 423, -32009},
    {ErrorCode::Unsupported, "Not supported"_L1, 400, InvalidParams},
    {ErrorCode::Prerequisite, "A job this one needs did not succeed"_L1, 409, InternalError},
    {ErrorCode::WorkFailed, "The program that does the work failed"_L1, 500, InternalError},
    {ErrorCode::StoreFailed, "Database error"_L1, 500, InternalError},
    {ErrorCode::Internal, "Internal error"_L1, 500, InternalError},
});

constexpr const Row &rowOf(ErrorCode code)
{
    for (const Row &row : Rows)
        if (row.code == code)
            return row;
    return Rows.back();
}

} // namespace

QString errorTitle(ErrorCode code)
{
    return rowOf(code).title;
}

QString errorMessage(const core::Error &error)
{
    const QString title = errorTitle(error.code);
    return error.context.isEmpty() ? title : u"%1: %2"_s.arg(title, error.context);
}

int errorStatus(ErrorCode code)
{
    return rowOf(code).status;
}

int errorNumber(ErrorCode code)
{
    return rowOf(code).number;
}

} // namespace server
